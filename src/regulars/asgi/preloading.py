"""What the first page of a web process would wait for, loaded before the process takes any request.

A process that says it is ready is: otherwise whoever asks first after a start pays for the imports, once in each
process, and so may wait twice for one page.
"""

from django.urls import get_resolver

from regulars.insights import preloading


def load() -> None:
    """Import every page, and what pages import only when they need it."""
    _ = get_resolver().reverse_dict
    preloading.load()
