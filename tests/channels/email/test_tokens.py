"""Signing in by tokens: allowed once in the browser, renewed by themselves, and said when that ends."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from regulars.channels.actions import carrying, deliveries, fetching, setting_up, signing_in
from regulars.channels.email import round_trip
from regulars.channels.email.out import handing
from regulars.channels.email.out.outcomes import Outcome
from regulars.channels.letters import Letter
from regulars.channels.models import Channel, Delivery
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM
from tests.channels.email.token_servers import TokenGiver, TokenMailServer, running
from tests.desk.cast import make_agent

pytestmark = pytest.mark.django_db


@pytest.fixture
def giver(monkeypatch: pytest.MonkeyPatch) -> Iterator[TokenGiver]:
    monkeypatch.setenv("REGULARS_REACHABLE_INSIDE", "127.0.0.1")
    made = TokenGiver()
    with running(made):
        yield made


@pytest.fixture
def server() -> Iterator[TokenMailServer]:
    made = TokenMailServer()
    with running(made):
        yield made


def connected(giver: TokenGiver, *, port: int = 1, holds: dict[str, str] | None = None) -> Channel:
    said = {
        "oauth_giver": "other", "oauth_token_url": giver.url, "oauth_authorize_url": "https://id.example/allow",
        "oauth_scope": "mail", "oauth_client_id": "our-app", "imap_host": "127.0.0.1", "imap_port": port,
        "imap_security": "none", "imap_user": "ada", "smtp_host": "127.0.0.1",
    }  # fmt: skip
    known = {"oauth_secret": "hush", "oauth_refresh": "renews-0", **(holds or {})}
    return setting_up.create("email", "Help", by=SYSTEM, address="help@shop.example", settings=said, secret=known)


def holding(minutes: int, token: str) -> dict[str, str]:
    return {"oauth_access": token, "oauth_expires_at": (clock.now() + timedelta(minutes=minutes)).isoformat()}


def test_a_token_is_renewed_before_it_ends_and_not_sooner(giver: TokenGiver) -> None:
    kept = connected(giver, holds=holding(30, "token-0"))
    assert signing_in.secrets_for(kept)["imap_token"] == "token-0" and giver.asked == []
    with clock.frozen(clock.now() + timedelta(minutes=26)):
        assert signing_in.secrets_for(kept)["smtp_token"] == "token-1"
        kept.refresh_from_db()
        assert signing_in.secrets_for(kept)["imap_token"] == "token-1"
    named = {"client_id": "our-app", "client_secret": "hush", "grant_type": "refresh_token"}
    assert giver.asked == [{**named, "refresh_token": "renews-0"}]
    assert setting_up.secrets_of(kept)["oauth_refresh"] == "renews-1"
    assert b"token-1" not in bytes(kept.secrets)


def test_who_comes_second_takes_what_the_first_got(giver: TokenGiver) -> None:
    kept, stale = connected(giver), Channel.objects.get()
    assert signing_in.secrets_for(kept)["imap_token"] == "token-1"
    assert signing_in.secrets_for(stale)["imap_token"] == "token-1"
    assert len(giver.asked) == 1


def test_a_mailbox_is_read_with_the_token_and_a_refused_one_is_renewed_once(
    giver: TokenGiver, server: TokenMailServer
) -> None:
    kept = connected(giver, port=server.port, holds=holding(30, "token-0"))
    assert fetching.fetch(kept.pk) == 0
    assert server.shown == [f"user=ada\x01auth=Bearer token-{number}\x01\x01" for number in (0, 1)]
    kept.refresh_from_db()
    assert (kept.trouble, kept.worked_at is not None, len(giver.asked)) == ("", True, 1)


def test_a_token_that_is_refused_again_is_said_and_not_tried_for_ever(
    giver: TokenGiver, server: TokenMailServer
) -> None:
    kept = connected(giver, port=server.port, holds=holding(30, "token-0"))
    server.wanted = "another"
    fetching.fetch(kept.pk)
    kept.refresh_from_db()
    assert len(server.shown) == 2 and "refused the sign-in of ada" in kept.trouble


@pytest.mark.parametrize(
    ("refusal", "words"), [("invalid_grant", "Connect the mailbox again"), ("later", "tried again")]
)
def test_what_cannot_be_renewed_is_trouble_with_what_to_do(giver: TokenGiver, refusal: str, words: str) -> None:
    kept = connected(giver)
    giver.refusal = refusal
    fetching.fetch(kept.pk)
    kept.refresh_from_db()
    assert words in kept.trouble and "renews-0" not in kept.trouble
    row = deliveries.queue(Letter(channel_id=kept.pk, to=[{"name": "", "address": "a@b.example"}]), about="message:1")
    claimed = carrying.claim(row.pk)
    assert claimed is not None
    outcome = carrying.hand_over(claimed)
    assert (outcome.state, outcome.is_channels) == ("later", True) and words in outcome.words


def test_a_token_that_sending_refuses_is_renewed_once(giver: TokenGiver, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    def carry(parcel: object, *, way: Any, is_last_try: bool) -> Outcome:
        shown.append(way.token)
        return Outcome(state="sent") if way.token == "token-1" else Outcome(state="later", is_sign_in=True)

    monkeypatch.setattr(handing, "hand_over", carry)
    kept = connected(giver, holds=holding(30, "token-0"))
    row = deliveries.queue(Letter(channel_id=kept.pk, to=[{"name": "", "address": "a@b.example"}]), about="message:1")
    claimed = carrying.claim(row.pk)
    assert claimed is not None and carrying.hand_over(claimed).state == Delivery.SENT
    assert shown == ["token-0", "token-1"]


def test_a_mail_goes_round_by_the_tokens_and_what_is_missing_is_said(
    giver: TokenGiver, server: TokenMailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []

    def carry(parcel: object, *, way: Any) -> Outcome:
        shown.append(way.token)
        return Outcome(state="sent")

    monkeypatch.setattr(handing, "hand_over", carry)
    kept = connected(giver, port=server.port)
    found = list(round_trip.run(kept, wait_seconds=0, ask=lambda name: []))
    assert shown == ["token-1"] and set(server.shown) == {"user=ada\x01auth=Bearer token-1\x01\x01"}
    assert (found[0].is_well, found[1].words[:22]) == (True, "It did not come back w")
    giver.refusal = "invalid_grant"
    setting_up.add_secrets(kept, holding(0, "token-1"))
    (said,) = round_trip.run(kept, wait_seconds=0)
    assert said.is_well is False and "Connect the mailbox again" in said.words
    assert shown == ["token-1"]


def test_nobody_inside_the_house_is_asked(giver: TokenGiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_REACHABLE_INSIDE", "")
    with pytest.raises(signing_in.NotGiven):
        signing_in.secrets_for(connected(giver))
    assert giver.asked == []


def test_a_mailbox_is_connected_through_the_browser(client: Client, giver: TokenGiver) -> None:
    client.force_login(make_agent("Mara", role="manager"))
    kept = connected(giver)
    page = f"/settings/channels/{kept.pk}/connection/"
    asked = parse_qs(urlsplit(client.get(page)["Location"]).query)
    assert client.get(page)["Location"].startswith("https://id.example/allow?")
    assert asked["scope"] == ["mail"] and asked["code_challenge_method"] == ["S256"]
    asked = parse_qs(urlsplit(client.get(page)["Location"]).query)
    back = "/settings/channels/connection/"
    assert asked["redirect_uri"][0].endswith(back)
    answer = client.get(back, {"code": "allowed", "state": asked["state"][0]})
    assert answer["Location"] == f"/settings/channels/{kept.pk}/"
    assert giver.asked[0]["code"] == "allowed" and len(giver.asked[0]["code_verifier"]) > 43
    kept.refresh_from_db()
    assert setting_up.secrets_of(kept)["oauth_access"] == "token-1"
    assert "It is connected" in client.get(f"/settings/channels/{kept.pk}/").content.decode()


@pytest.mark.parametrize("said", [{"code": "x", "state": "forged"}, {"code": "x", "state": "\xfc"}, {"code": "x"}, {}])
def test_an_answer_to_nobodys_question_connects_nothing(
    client: Client, giver: TokenGiver, said: dict[str, str]
) -> None:
    client.force_login(make_agent("Mara", role="manager"))
    kept = connected(giver)
    client.get(f"/settings/channels/{kept.pk}/connection/")
    client.get("/settings/channels/connection/", said)
    assert giver.asked == [] and "oauth_access" not in setting_up.secrets_of(kept)


def test_an_agent_who_may_not_manage_connects_nothing(client: Client, giver: TokenGiver) -> None:
    client.force_login(make_agent("Ines", role="agent"))
    assert client.get(f"/settings/channels/{connected(giver).pk}/connection/").status_code == 403
