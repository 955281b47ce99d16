"""Dying at a chosen line, as in a power cut: for tests of what is half done then."""

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from django.db import connection

Work = Callable[[], object]


def count_lines(work: Work, *, of: tuple[str, ...]) -> int:
    """How many lines of some files run while some work is done; a file is named by how its path ends."""
    seen = 0

    def count(_number: int) -> None:
        nonlocal seen
        seen += 1

    _watched(count, work, of=of)
    return seen


def killed_at(line: int, work: Work, *, of: tuple[str, ...]) -> None:
    """Do some work in a process of its own, which is killed before the line of that number runs."""

    def kill(number: int) -> None:
        if number == line:
            os.kill(os.getpid(), signal.SIGKILL)

    _in_a_child(lambda: _watched(kill, work, of=of))


def _watched(look: Callable[[int], None], work: Work, *, of: tuple[str, ...]) -> None:
    """Do some work and be called before each of its lines in some files."""
    number = 0

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal number
        if not frame.f_code.co_filename.endswith(of):
            return None
        if event == "line":
            number += 1
            look(number)
        return trace

    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(None)


def _in_a_child(work: Work) -> None:
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
