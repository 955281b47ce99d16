"""What programs send: facts written many at a time, and what they say of who is who."""
