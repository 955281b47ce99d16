"""Regulars: customer service that turns customers into regulars, and proves it."""

__version__ = "0.1.0"
