"""What insights can tell."""
