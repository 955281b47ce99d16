"""Where forms and answers derived from the mirror are kept: thrown away whole when somebody is erased."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from regulars.insights.models import MirrorState

FOLDER = "derived"


def generation() -> int:
    """How many erasures there were: what was derived under another number no longer counts."""
    return MirrorState.objects.filter(id=1).values_list("erasures", flat=True).first() or 0


def folder(number: int) -> Path:
    """Where what is derived after this many erasures lies."""
    path = Path(settings.DATA) / FOLDER / str(number)
    path.mkdir(parents=True, exist_ok=True)
    return path


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold a lock between processes and threads; it goes with its holder, however that ends."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def forget_if_erased_since(number: int) -> None:
    """After writing: when somebody was erased meanwhile, what was written may still count them, and goes."""
    if generation() != number:
        forget()


def forget() -> None:
    """Remove everything derived before the present generation."""
    present = str(generation())
    for path in (Path(settings.DATA) / FOLDER).glob("*"):
        if path.name != present:
            shutil.rmtree(path, ignore_errors=True)
