"""Cells into values, column by column: text, moments, amounts."""
