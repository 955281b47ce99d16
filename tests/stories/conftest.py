"""A real browser against the real application, on the test database.

A story asks for `page` (a fresh browser context that fails the test on any error of a script or any
violation of the content policy), `address` (where the product answers) and `signed_in`.
"""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed; run make test, which installs it")

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.stories.browser import WIDE, launched, watched

# How long a story waits for what must come. Where all is well nobody waits so long, however busy the machine is.
PATIENCE_MILLISECONDS = 60_000
expect.set_options(timeout=PATIENCE_MILLISECONDS)

# Playwright's own loop runs in this thread, and Django would refuse the database beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def address(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Where the product answers: uvicorn in a thread, on a port of its own."""
    import uvicorn

    listener = socket.create_server(("127.0.0.1", 0))
    with django_db_blocker.unblock():
        server = uvicorn.Server(uvicorn.Config(_application(), lifespan="off", log_level="warning", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://localhost:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)
        _end_other_sessions()


def _end_other_sessions() -> None:
    """A connection that a thread of the server still holds would keep the test database from going."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    connection.close()


def _application() -> Any:
    """The pages, in a pool of threads and with a number for each request, as in production."""
    from regulars.asgi.observing import observed
    from regulars.asgi.pages import Pages
    from regulars.web.live import Hub, Streams
    from regulars.web.live.painting import DeskPainter

    pages, hub = Pages(threads=4), Hub(DeskPainter())
    streams = Streams(hub)

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/live":
            hub.open()
            await observed(streams, "live", scope, receive, send)
        else:
            await observed(pages, "pages", scope, receive, send)

    return application


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One for a worker's stories: its loop holds the thread, and code with a loop of its own is tested elsewhere."""
    with sync_playwright() as playwright, launched(playwright) as running:
        yield running


@pytest.fixture
def page(browser: Browser, address: str, transactional_db: None) -> Iterator[Page]:
    """A page in a browser context of its own; whatever its scripts complain about fails the story."""
    context = browser.new_context(base_url=address, viewport={"width": WIDE[0], "height": WIDE[1]}, locale="en-GB")
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    wrong = watched(context)
    yield context.new_page()
    context.close()
    assert not wrong, wrong


PASSWORD = "a quiet morning with good coffee"


@pytest.fixture
def ines(transactional_db: None) -> Any:
    """Ines owns the shop; her address is verified and she signs in with a password."""
    return agent("ines@shop.example", name="Ines Prado", role="owner")


def agent(email: str, *, name: str, role: str) -> Any:
    """An agent who may sign in with PASSWORD."""
    from allauth.account.models import EmailAddress

    from regulars.accounts.models import Agent

    made = Agent.objects.create_user(email, PASSWORD, name=name, role=role)
    EmailAddress.objects.create(user=made, email=email, verified=True, primary=True)
    return made


@pytest.fixture
def sign_in(page: Page, address: str) -> Callable[[Any], Page]:
    """Sign an agent in without the form, for stories about something else."""
    from django.conf import settings
    from django.test import Client

    def signed(who: Any) -> Page:
        client = Client()
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}])
        return page

    return signed


@pytest.fixture
def signed_in(sign_in: Callable[[Any], Page], ines: Any) -> Page:
    """A page with Ines, the owner, signed in."""
    return sign_in(ines)
