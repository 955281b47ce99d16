"""One line of the doctor's answer."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """How something is, and what to do about it. `stops_here`: what comes after cannot be asked."""

    mark: Literal["ok", "warn", "bad"]
    what: str
    remedy: str = ""
    stops_here: bool = False


def ok(what: str) -> Finding:
    """As it should be."""
    return Finding("ok", what)


def warn(what: str, remedy: str) -> Finding:
    """Works, and will not for ever."""
    return Finding("warn", what, remedy)


def bad(what: str, remedy: str, *, stops_here: bool = False) -> Finding:
    """Does not work."""
    return Finding("bad", what, remedy, stops_here)
