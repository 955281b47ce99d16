"""Small pictures, made of the whole ones at first ask and kept beside them."""
