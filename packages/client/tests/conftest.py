"""The real product on a real socket, with something of everything in it, and the client beside it."""

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from regulars_client import Regulars
from tests.api.conftest import described
from tests.conftest import data_directory, django_db_setup, quick_passwords, standing_rows

__all__ = ["data_directory", "described", "django_db_setup", "quick_passwords", "standing_rows"]


@pytest.fixture(scope="module")
def address(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Where the product answers: uvicorn in a thread, the pages in two more."""
    import uvicorn

    from regulars.asgi.observing import observed
    from regulars.asgi.pages import Pages

    pages = Pages(threads=2)

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await observed(pages, "pages", scope, receive, send)

    listener = socket.create_server(("127.0.0.1", 0))
    with django_db_blocker.unblock():
        server = uvicorn.Server(uvicorn.Config(application, lifespan="off", log_level="warning", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)
        pages.close()
        _end_other_sessions()


@pytest.fixture
def world(transactional_db: None, standing_rows: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Something of everything, and no limit."""
    from tests.api.world import make_world

    monkeypatch.setenv("REGULARS_API_RATE", "0")
    return make_world()


@pytest.fixture
def key(world: dict[str, Any]) -> str:
    """A key that may do everything."""
    from regulars.accounts.actions import keys
    from regulars.kernel.actors import SYSTEM

    return keys.create("api", name="The client", by=SYSTEM, scopes=keys.SCOPES)


@pytest.fixture
def desk(address: str, key: str) -> Iterator[Regulars]:
    """The client."""
    with Regulars(address, key=key) as desk:
        yield desk


def _end_other_sessions() -> None:
    """A connection that a thread of the server still holds would keep the test database from going."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    connection.close()
