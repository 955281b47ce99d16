"""The seconds of a part, together: percentiles of a whole cannot be made of those of its parts."""

from dataclasses import dataclass
from datetime import date

import numpy as np


@dataclass(frozen=True, slots=True)
class Spans:
    """The seconds of one kind in one step or one group, and how many promises were kept, broken, open and broken."""

    step: date
    group: str
    seconds: np.ndarray
    counts: tuple[int, int, int]
