"""Side-by-side benchmarks against named peers: `python -m bench.<name>`, one JSON line per contender."""
