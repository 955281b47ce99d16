"""The models, each with its formula and where it is from."""
