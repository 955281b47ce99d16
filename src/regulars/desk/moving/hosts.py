"""The host in an address that stands in an export."""

from typing import Any
from urllib.parse import urlsplit

from regulars.desk.moving.records import words


def of(said: Any) -> str:
    """In lower case; empty where there is none."""
    try:
        return (urlsplit(words(said)).hostname or "").lower()
    except ValueError:
        return ""
