"""Keeping the days of the figures ready on disk, so that nobody who looks at a year waits for it to be read."""

import secrets
import time
from datetime import date
from typing import Final

from django.db import transaction

from regulars.desk.models import EpisodeMark
from regulars.desk.selectors.numbers.days import files, reading

AT_ONCE: Final = 40.0  # seconds; what is left then comes next time
MOST_MARKS: Final = 16


def keep_ready() -> int:
    """Keep every day that has changed, the newest first, and forget those that are gone; returns how many were read."""
    began, read = time.monotonic(), 0
    for day in EpisodeMark.objects.values_list("day", flat=True).distinct().order_by("-day"):
        read += _keep(day)
        if time.monotonic() - began > AT_ONCE:
            return read
    for day in files.days_there() - reading.versions().keys():
        files.forget_elders(day)
    return read


def _keep(day: date) -> bool:
    _gather_marks(day)
    version = reading.versions(day).get(day)
    if version is None or files.find(day, version) is not None:
        return False
    files.keep(day, reading.day_of(day))
    return True


@transaction.atomic
def _gather_marks(day: date) -> None:
    """Make one mark of very many; another number, so that what was read with any of them is read again.

    Marks that are being added at this moment are not seen, and stay.
    """
    marks = list(EpisodeMark.objects.filter(day=day).values_list("pk", flat=True)[: MOST_MARKS * 1_000])
    if len(marks) > MOST_MARKS:
        EpisodeMark.objects.filter(pk__in=marks).delete()
        EpisodeMark.objects.create(day=day, mark=secrets.randbits(53))
