"""Keeping a process that lives for weeks from growing by what it has given back."""

import ctypes
import os
import sys

_M_ARENA_MAX = -8
ARENAS = 2


def use_few_arenas() -> bool:
    """Have threads share what is freed; said before they start. False where the C library cannot be told.

    By default each thread frees into a heap of its own, from where the next thread cannot take it: a process
    of thirty threads grows for hours though it holds no more than in its first minute. Arrow, which keeps a
    heap of its own besides, is told to use this one.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and mallopt(_M_ARENA_MAX, ARENAS) == 1
