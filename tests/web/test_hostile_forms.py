"""Every address with whatever a hostile or broken client can put into its form or its question.

What is asked for is there under every name a page looks for, with a value nobody means: no page breaks, what is refused
is refused with words a person can read, and a refusal changes nothing.
"""

import random
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.http import QueryDict
from django.test import Client

from regulars.accounts import roles
from regulars.accounts.models import Agent
from regulars.customers.portal import links
from tests.desk.cast import make_agent
from tests.web.every_address import addresses, make_everything, place
from tests.web.test_every_address import signed_in, written

pytestmark = pytest.mark.django_db

MOST_NAMES = 1000  # as Django takes no more (DATA_UPLOAD_MAX_NUMBER_FIELDS)
NUL = ("a\x00b",)
NONSENSE = (
    "²", "٣", "00009999", "-1", "99999999999999999999", "1" * 5000, "NaN", "1e999", "9999-12-31", "2026-02-30",
    "[" * 3000, '{"a": "\\ud800"}', "%(name)s", "x" * 100_000,
)  # fmt: skip
# Asked without a token of ours: a frame on another site, which knows nobody, and services that sign their calls.
WITHOUT_TOKEN = {"forms:embed", "mail_in:mail", "mail_in:whole_mail", "mail_in:events"}
DRAWN = ("svg", "png", "chart", "curves")  # the same questions as their page, drawn


class Hostile(QueryDict):
    """A form that has every name asked for, until there are more than a request may have."""

    def __init__(self, seed: str, values: tuple[str, ...]) -> None:
        super().__init__(mutable=True)
        self._seed, self._values, self._names = seed, values, set[str]()

    def _has(self, name: Any) -> bool:
        if len(self._names) < MOST_NAMES:
            self._names.add(name)
        return name in self._names

    def _picked(self, name: Any) -> list[Any]:
        chance = random.Random(f"{self._seed}{name}")
        return chance.choices(self._values, k=chance.choice((1, 1, 1, 2)))

    def __contains__(self, name: Any) -> bool:
        return self._has(name)

    def __getitem__(self, key: Any) -> Any:
        if not self._has(key):
            raise KeyError(key)
        return self._picked(key)[-1]

    def __delitem__(self, key: Any) -> None:
        self._names.discard(key)

    def get(self, key: Any, default: Any = None) -> Any:
        return self[key] if self._has(key) else default

    def getlist(self, key: Any, default: Any = None) -> Any:
        return self._picked(key) if self._has(key) else default or []

    def copy(self) -> "Hostile":
        return self


class Uploads(Hostile):
    """The same of files."""

    def _picked(self, name: Any) -> list[Any]:
        return [
            SimpleUploadedFile(f"..\\{each[:20]}", b"\xff\xfe\x00", "a/b; c")
            for each in super()._picked(name)
        ]  # fmt: skip


@pytest.fixture
def world(db: None) -> dict[str, Any]:
    return make_everything()


@pytest.fixture
def everybody(world: dict[str, Any]) -> Client:
    """A browser in which an owner and a customer are signed in, both just now."""
    client = signed_in(make_agent("Ann", role=roles.OWNER))
    who = links.known("ada@example.com")
    made = links.make(who, request="test") if who else None
    assert made
    client.post(f"/portal/link/{made.token}/")
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(Agent.objects.get(name="Ann").pk)
    session.save()
    client.raise_request_exception = False
    return client


def holding(monkeypatch: pytest.MonkeyPatch, part: str, kind: Any, values: tuple[str, ...]) -> None:
    """Have every request hold these values in one of its parts."""

    def held(request: WSGIRequest) -> Hostile:
        return request.__dict__.setdefault(f"_hostile_{part}", kind(request.path, values))

    monkeypatch.setattr(WSGIRequest, part, property(held))


def asked(client: Client, world: dict[str, Any], method: str) -> Iterator[tuple[str, Any, int]]:
    """Each address asked once: its name, the answer, and how many rows were written meanwhile."""
    for each in addresses():
        if method == "post" or not each.name.endswith(DRAWN):
            before = written()
            with transaction.atomic():
                answer = getattr(client, method)(place(each, world))
                transaction.set_rollback(True)
            yield each.name, answer, written() - before


@pytest.mark.parametrize("values", [NUL, NONSENSE], ids=["nul", "nonsense"])
def test_whatever_a_form_holds_it_is_taken_or_refused_whole(
    values: tuple[str, ...], everybody: Client, world: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    holding(monkeypatch, "POST", Hostile, values)
    holding(monkeypatch, "FILES", Uploads, values)
    for name, answer, rows in asked(everybody, world, "post"):
        fault = getattr(answer, "exc_info", None)
        assert answer.status_code < 500, (name, fault)
        if answer.status_code >= 400:
            assert rows == 0, (name, answer.status_code)
            assert answer.content, (name, "says nothing")


def test_whatever_an_address_asks_it_is_answered(
    everybody: Client, world: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    holding(monkeypatch, "GET", Hostile, (*NUL, *NONSENSE))
    for name, answer, _rows in asked(everybody, world, "get"):
        assert answer.status_code < 500, (name, getattr(answer, "exc_info", None))


def test_no_form_is_taken_from_another_site(everybody: Client, world: dict[str, Any]) -> None:
    everybody.handler.enforce_csrf_checks = True
    for each in addresses():
        before = written()
        answer = everybody.post(place(each, world), headers={"origin": "https://evil.example"})
        if each.name not in WITHOUT_TOKEN:
            assert answer.status_code in (403, 405), each.name
            assert written() == before, each.name


@pytest.mark.parametrize("sent", ["a=" + "x" * 200, "&".join(f"a{number}=" for number in range(12))])
def test_more_than_is_read_at_once_is_refused_in_words(sent: str, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 100, 10
    answer = Client().post("/account/login/", sent, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert answer.content.decode().startswith("This is more than is read at once. Nothing of it was kept;")
