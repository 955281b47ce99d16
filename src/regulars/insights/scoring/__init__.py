"""Scores about customers, learnt from the mirror at night and kept up to date by day."""
