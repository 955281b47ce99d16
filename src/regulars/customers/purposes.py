"""What a customer may agree to be written to for."""

from typing import Final

PURPOSES: Final = ("service", "goodwill", "news", "sales")
