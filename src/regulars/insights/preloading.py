"""What the first answer and the first chart in a process would wait for."""

from importlib import import_module

from tenure import warming

# Behind functions, so that commands start fast.
LIBRARIES = ("altair", "pyarrow.dataset")


def load() -> None:
    """Import what is slow to import, and start the engine of the compiled loops: most of a second of processor time."""
    for name in LIBRARIES:
        import_module(name)
    warming.start()
