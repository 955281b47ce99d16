"""Doing the same for many, one after the other, so that one at fault keeps no other back."""

from collections.abc import Callable, Iterable

import structlog
from django.db import InterfaceError, OperationalError

from regulars.kernel.errors import passes

log = structlog.get_logger(__name__)


def each(do: Callable[[int], object], subject_ids: Iterable[int], *, what: str) -> int:
    """Do it for each and return for how many something was done; what fails is said, and asked again the next time.

    Each is a transaction of its own. A database that is gone is gone for all of them: that is raised.
    """
    done = 0
    for subject_id in subject_ids:
        try:
            done += bool(do(subject_id))
        except Exception as fault:
            if isinstance(fault, OperationalError | InterfaceError) and not passes(fault):
                raise
            log.exception("one of many could not be done", what=what, subject=subject_id)
    return done
