"""What was found, in words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `is_well` is None where it could not be seen."""

    is_well: bool | None
    words: str
