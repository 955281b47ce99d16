"""Compiling a loop once per machine; where no folder can be written to, once per process, and it is said."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache
from typing import Any


class NotKept(UserWarning):
    """No folder could be written to, so tenure's compiled loops are lost with the process: set NUMBA_CACHE_DIR."""


def njit(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """numba's, except that a machine with nothing to write to (a locked-down container) is slow and not without loops.

    numba refuses to compile what it is to keep and cannot: the package's own folder belongs to somebody else, there
    is no home, NUMBA_CACHE_DIR is not set.
    """
    import numba

    def compiled(loop: Callable[..., Any]) -> Any:
        try:
            return numba.njit(**options)(loop)
        except RuntimeError as refusal:
            if "cannot cache" not in str(refusal):
                raise
        _say_not_kept()
        forgetful: dict[str, Any] = {**options, "cache": False}
        return numba.njit(**forgetful)(loop)

    return compiled


@cache
def _say_not_kept() -> None:
    """Once per process, not once per loop."""
    said = "Compiled loops cannot be kept on this machine and take seconds in every process; set NUMBA_CACHE_DIR."
    warnings.warn(said, NotKept, stacklevel=1)
