"""Child processes that do not outlive their parent, however it ends."""

import ctypes
import os
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def die_with_parent(signal_number: int) -> Callable[[], None]:
    """What a child runs between fork and exec so that the kernel signals it when its parent is gone.

    The signal follows the *thread* that forked, so children are started from the main thread. Where
    the kernel has no such signal (not Linux) nothing is arranged.
    """
    if not sys.platform.startswith("linux"):
        return lambda: None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def in_the_child() -> None:
        prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
        if os.getppid() != parent:  # it ended between the fork and the line above
            os._exit(1)

    return in_the_child
