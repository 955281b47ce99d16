"""One process tree: what runs, in which order it starts, heals and stops."""
