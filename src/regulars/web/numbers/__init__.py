"""Pages: how the desk is doing."""
