"""What the first answer and the first chart in a process would wait for."""

from functools import cache
from importlib import import_module

import numpy as np

import tenure
from regulars.insights import compiled
from tenure import warming

# Behind functions, so that commands start fast.
LIBRARIES = ("altair", "pyarrow.dataset")
_ENOUGH = 1 << 18  # facts, for the library to take its compiled ways


def load() -> None:
    """Import what is slow to import, and start the engine of the compiled loops: most of a second of processor time."""
    for name in LIBRARIES:
        import_module(name)
    load_loops()


@cache
def load_loops() -> None:
    """Start the engine, and ask a small question the two ways there are, so that the first real one finds its loops."""
    warming.start()
    if not compiled.is_kept():  # it would compile for a minute while people wait for the whole product
        return
    customers = np.arange(_ENOUGH, dtype=np.int64) // 64
    moments = np.full(_ENOUGH, 1_700_000_000_000_000)
    tenure.reduce(np.roll(customers, 1), moments)
    tenure.retention_of(tenure.reduce(customers, moments), period="month")
