"""Sharing work between threads: compiled loops release the interpreter, so plain threads are enough.

No threading layer of the compiler is used: those abort the process when two threads of a server call at once.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

Answer = TypeVar("Answer")


def threads() -> int:
    """How many threads to use: TENURE_THREADS, NUMBA_NUM_THREADS, or the processors this process may run on."""
    for name in ("TENURE_THREADS", "NUMBA_NUM_THREADS"):
        if os.environ.get(name, "").isdigit():
            return max(1, int(os.environ[name]))
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def share(work: Callable[..., None], parts: Sequence[tuple[int, ...]]) -> None:
    """Do `work(*part)` for every part, in as many threads as there are; the first error is raised."""
    if len(parts) == 1 or threads() == 1:
        for part in parts:
            work(*part)
        return
    for done in [_pool(threads(), os.getpid()).submit(work, *part) for part in parts]:
        done.result()


def gather(work: Callable[..., Answer], parts: Sequence[tuple[int, ...]]) -> list[Answer]:
    """What `work(*part)` returns for every part, in their order."""
    found: dict[int, Answer] = {}

    def one(place: int, *part: int) -> None:
        found[place] = work(*part)

    share(one, [(place, *part) for place, part in enumerate(parts)])
    return [found[place] for place in range(len(parts))]


def even(count: int, parts: int) -> list[tuple[int, int]]:
    """0..count in about equal stretches."""
    marks = [count * i // parts for i in range(parts + 1)]
    return [(a, b) for a, b in itertools.pairwise(marks) if b > a]


@cache
def _pool(count: int, process: int) -> ThreadPoolExecutor:
    """One pool per process: threads do not survive a fork."""
    return ThreadPoolExecutor(count, thread_name_prefix="tenure")
