"""Compiled kernels: made once by a process of their own, then loaded by each web process in the background.

A web process must never compile in front of a person: that takes a minute and holds up its pages. It
waits until the process that compiles has left its mark in this start of the tree, then loads from
the cache, which takes a second of processor time.
"""

import os
import threading
import time

from regulars.cli.running import environment

MARK = ".warm"
STARTED_AT = "REGULARS_STARTED_AT"
PATIENCE_SECONDS = 600
LOOK_EVERY_SECONDS = 0.5


def note_start() -> None:
    """Say to every child when this tree started."""
    os.environ[STARTED_AT] = str(time.time())


def compile_all() -> None:
    """Compile what is not in the cache, and leave the mark."""
    import tenure

    tenure.warm()
    mark = environment.kernel_cache() / MARK
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()


def load_in_background() -> None:
    """Load the kernels into this process once they are in the cache."""
    threading.Thread(target=_load, name="kernels", daemon=True).start()


def _load() -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not _are_compiled():
        if time.monotonic() > deadline:
            return
        time.sleep(LOOK_EVERY_SECONDS)
    import tenure

    tenure.warm()


def _are_compiled() -> bool:
    mark = environment.kernel_cache() / MARK
    return mark.exists() and mark.stat().st_mtime >= float(os.environ.get(STARTED_AT, "0"))
