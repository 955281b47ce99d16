"""Pages: retention."""
