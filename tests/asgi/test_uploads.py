"""A large file is taken in from somebody signed in, and from nobody else."""

import asyncio
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from regulars.accounts import sessions
from regulars.accounts.models import Agent
from regulars.asgi import pages

pytestmark = pytest.mark.django_db(transaction=True)
LARGE = 64 * 1024


@pytest.fixture
def cookie(transactional_db: None) -> str:
    client = Client()
    made = Agent.objects.create_user("ines@shop.example", role="owner")
    client.force_login(made, backend="django.contrib.auth.backends.ModelBackend")
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def send(path: str, cookie: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Post a body over the usual limit and give back the status."""
    monkeypatch.setattr(pages, "USUAL_LIMIT_BYTES", 1024)
    parts = [{"type": "http.request", "body": b"x" * LARGE, "more_body": False}]
    answered: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return parts.pop() if parts else {"type": "http.disconnect"}

    async def answer(message: dict[str, Any]) -> None:
        answered.append(message)

    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": [(b"cookie", cookie.encode()), (b"host", b"localhost")], "http_version": "1.1", "scheme": "http",
        "server": ("localhost", 80), "client": ("127.0.0.1", 5), "root_path": "",
    }  # fmt: skip

    async def run() -> None:
        served = pages.Pages(threads=1)
        await served(scope, receive, answer)  # type: ignore[arg-type]
        await served.bridge.in_thread(_leave_database)
        served.close()

    asyncio.run(run())
    return answered[0]["status"]


def _leave_database() -> None:
    from django.db import connection

    connection.close()


def test_a_stranger_may_not_fill_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    for cookies in ("", "sessionid=guessed", "sessionid", "=;=;"):
        assert send("/import/", cookies, monkeypatch) == 413


def test_somebody_signed_in_is_let_through_to_the_page(cookie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert send("/import/", cookie, monkeypatch) == 403  # the page's own check: the form's token is missing


def test_elsewhere_nobody_sends_more_than_usual(cookie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert send("/settings/company/", cookie, monkeypatch) == 413


def test_a_session_that_ended_is_no_session(cookie: str) -> None:
    assert sessions.is_signed_in(cookie)
    from django.contrib.sessions.models import Session

    Session.objects.all().delete()
    assert not sessions.is_signed_in(cookie)


def test_a_mail_service_brings_large_mails_and_a_stranger_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    from regulars.channels.actions import setting_up
    from regulars.channels.email.providers import doors
    from regulars.kernel.actors import SYSTEM

    kept = setting_up.create("email", "Help", by=SYSTEM, address="a@shop.example", settings={"in_provider": "postmark"})
    right = f"/mail/in/{doors.token(kept.pk, kept.settings)}/postmark"
    assert send(right, "", monkeypatch) == 400  # it was read, and is no mail
    monkeypatch.setattr(pages, "take_body", None)
    assert send(f"/mail/in/{kept.pk}-{'a' * 32}/postmark", "", monkeypatch) == 404
