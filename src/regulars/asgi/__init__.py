"""One port: each request is sent by its path to who answers it, before Django sees it.

`/v1/…` goes to the tracking interface, `/healthz` and `/metrics` to this installation's own
word on itself, everything else to the pages, which run in a fixed pool of threads. See
docs/adr/0002-one-port.md.
"""

import gc
from functools import cache

from regulars.kernel.asgi import App as App
from regulars.kernel.asgi import Message as Message
from regulars.kernel.asgi import Receive as Receive
from regulars.kernel.asgi import Scope as Scope
from regulars.kernel.asgi import Send as Send


def application() -> App:
    """Build the application of one web process: sets Django up, so it is called and never imported."""
    load()
    from regulars.asgi.root import Root

    return Root()


@cache
def load() -> None:
    """Load what the application is made of. It needs no database, nor anything else that a start prepares."""
    from regulars.kernel import starting

    starting.set_django_up()
    from regulars.asgi import preloading, root

    preloading.load()
    _ = root
    # What is loaded now stays: the collector need not look at it again, nor after every few hundred new objects.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
