"""What a mail service's call brings is read from whoever has the whole address; a stranger is sent away unread."""

from collections.abc import Iterator

import pytest
from django.test import Client

from regulars.channels.models import Channel
from regulars.web.mail_in import gate
from tests.channels.email.test_providers import RAW, channel, door, signed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_came_yet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(gate, "strangers", gate.Strangers())
    monkeypatch.setattr(gate, "_now", lambda: 1_000.0)
    monkeypatch.setattr(gate, "AT_ONCE", 3)
    gate._right.clear()
    yield
    gate._right.clear()


def status(path: str, *, address: str = "192.0.2.1") -> int:
    refused = gate.refusal(path, address=address)
    return refused.status if refused else 200


def test_some_wrong_addresses_are_heard_then_one_waits_and_nobody_else_does() -> None:
    right, wrong = door(channel("postmark"), "postmark"), "/mail/in/1-" + "a" * 32 + "/postmark"
    assert [status(wrong) for _ in range(4)] == [404] * 3 + [429]
    refused = gate.refusal(wrong, address="192.0.2.1")
    assert refused is not None and refused.seconds == gate.EVERY_SECONDS
    assert status(right) == 429  # from the same place, and never seen before
    assert status(right, address="192.0.2.2") == 200
    assert status(right) == 200  # known by now: a stranger behind the same proxy keeps no mail out
    assert status(wrong, address="192.0.2.2") == 404


def test_an_address_that_was_made_anew_is_a_strangers() -> None:
    kept = channel("postmark")
    right = door(kept, "postmark")
    assert (status(right), status(f"{right}/events"), status(f"{right}/more"), status("/mail/in/")) == (
        200,
        200,
        404,
        404,
    )
    Channel.objects.update(settings={**kept.settings, "door_number": 1})
    assert status(right) == 404


def test_whoever_found_the_address_and_cannot_sign_waits_too(client: Client) -> None:
    kept = channel("mailgun")
    url, spoilt = door(kept, "mailgun", "/mime"), signed(**{"body-mime": RAW}) | {"signature": "0" * 64}
    answers = [client.post(url, spoilt) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [403, 403, 429]
    assert answers[-1]["Retry-After"] == "6"
    assert status(url, address="127.0.0.1") == 429
    assert status(url, address="192.0.2.2") == 200


def test_those_who_came_are_forgotten_when_many_came_after_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "MOST_KNOWN", 3)
    kept = gate.Strangers()
    for number in range(5):
        for _ in range(20):
            kept.count(str(number))
    assert [kept.wait(str(number)) > 0 for number in range(5)] == [False, False, True, True, True]
