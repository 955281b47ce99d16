"""What the first page of a web process would wait for, loaded before the process takes any request.

A process that says it is ready is: otherwise whoever asks first after a start pays for the imports, once in each
process, and so may wait twice for one page.
"""

from importlib import import_module

from django.urls import get_resolver

# Slow to import, and behind functions so that commands start fast: charts, kernels, reading Parquet with a filter.
LIBRARIES = ("altair", "numba", "pyarrow.dataset")


def load() -> None:
    """Import every page, and the libraries that pages import only when they need them."""
    _ = get_resolver().reverse_dict
    for name in LIBRARIES:
        import_module(name)
