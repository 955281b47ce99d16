"""Mailboxes and web forms are made, changed, tried and put away over the API; secrets go in and never come out."""

from typing import Any

import pytest
from django.core.cache import cache

from regulars.accounts.models import AuditEntry
from regulars.api.models import Call
from regulars.api.rest.mailboxes import SECRETS, SETTINGS
from regulars.channels.actions import fetching, setting_up
from regulars.channels.actions.fetching import Foreseen
from regulars.channels.email import imap, round_trip
from regulars.channels.email.round_trip import Finding
from regulars.channels.models import Channel
from regulars.kernel import page_settings
from regulars.web.settings import channel_forms
from tests.api.program import Program
from tests.api.test_setting_up import key_of, refusal
from tests.channels.email.out.test_signing import PEM
from tests.desk.cast import make_agent

pytestmark = pytest.mark.django_db

TOPIC = {"kind": "choice", "label": "What is it about?", "key": "topic", "choices": ["Delivery", "Returns"]}
ORDER = {"kind": "text", "label": "Order number", "is_required": True}
BOX = {"name": "Help", "address": "help@shop.example", "imap_host": "imap.shop.example", "imap_user": "help",
       "imap_password": "hunter2"}  # fmt: skip
THERE = Foreseen(folder="INBOX", folders=["INBOX", "Spam"], there=12, brought=3, since=None)


@pytest.fixture
def manager(db: None) -> Program:
    return key_of(make_agent("Jonas", role="manager"))


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> list[imap.Server]:
    """Every mail server that was looked into; only one that is told the password lets anybody in."""
    reached: list[imap.Server] = []

    def foresee(server: imap.Server, *, since_days: int | None) -> Foreseen:
        reached.append(server)
        if server.password != "hunter2":
            raise imap.Trouble("The password is wrong.", is_refusal=True)
        return THERE

    monkeypatch.setattr(fetching, "foresee", foresee)
    return reached


def kept() -> list[Any]:
    return [list(Channel.objects.order_by("pk").values()), AuditEntry.objects.count(), Call.objects.count()]


def test_a_form_is_made_once_with_its_questions_and_read_whole(manager: Program) -> None:
    new = {"title": "Contact  us", "fields": [TOPIC, ORDER], "sites": ["Shop.example"], "priority": "high"}
    made, again = (manager("POST", "/forms", new, idempotency_key="k-1") for _ in range(2))
    form = made.json()
    assert (made.status_code, made["Location"], again.json()) == (201, f"/api/v1/forms/{form['id']}", form)
    assert (form["slug"], form["title"], form["priority"]) == ("contact-us", "Contact us", "high")
    assert (form["sites"], form["url"][-17:]) == (["https://shop.example"], "/form/contact-us/")
    assert [(one["label"], one["key"], one["choices"]) for one in form["fields"]] == [
        ("What is it about?", "topic", ["Delivery", "Returns"]), ("Order number", "", []),
    ]  # fmt: skip
    assert manager("GET", f"/forms/{form['id']}").json() == form
    assert manager("GET", "/forms").json()["items"] == [form]
    assert AuditEntry.objects.filter(verb="channel created", subject=f"channel:{form['id']}").count() == 1


def test_a_form_asks_other_questions_and_keeps_those_it_knows(manager: Program) -> None:
    form = manager("POST", "/forms", {"title": "Contact", "fields": [TOPIC, ORDER]}).json()
    topic, order = form["fields"]
    asked = [{**order, "label": "Your order"}, {"kind": "checkbox", "label": "Urgent"}]
    changed = manager("PATCH", f"/forms/{form['id']}", {"fields": asked, "asks_name": "off", "is_paused": True}).json()
    assert [one["label"] for one in changed["fields"]] == ["Your order", "Urgent"]
    assert changed["fields"][0]["id"] == order["id"] and changed["fields"][1]["id"] not in ("", topic["id"])
    assert (changed["asks_name"], changed["is_paused"], changed["title"]) == ("off", True, "Contact")
    before = kept()
    for wrong in ([topic], [order, order], [{"kind": "choice", "label": "Empty"}], [ORDER, ORDER]):
        told = manager("PATCH", f"/forms/{form['id']}", {"fields": wrong, "title": "Other"})
        assert refusal(told) == (422, "field-of-form-not-usable")
    assert refusal(manager("POST", "/forms", {"title": "Contact"})) == (409, "slug-taken")
    assert refusal(manager("POST", "/forms", {"title": "No", "team_id": 99}))[1] == "no-such-team"
    assert kept() == before


def test_a_form_that_changed_since_is_not_written_over_and_one_put_away_is_gone(manager: Program) -> None:
    made = manager("POST", "/forms", {"title": "Contact"})
    there = f"/forms/{made.json()['id']}"
    tag = manager("GET", there)["ETag"]
    assert manager("PATCH", there, {"intro": "Hello"}, if_match=tag).status_code == 200
    assert refusal(manager("PATCH", there, {"intro": "Bye"}, if_match=tag)) == (412, "has-changed")
    assert manager("GET", there).json()["intro"] == "Hello"
    assert manager("DELETE", there).status_code == 204
    assert refusal(manager("GET", there)) == (404, "no-such-form")


def test_a_mailbox_is_made_once_its_server_lets_us_in(manager: Program, servers: list[imap.Server]) -> None:
    made, again = (manager("POST", "/mailboxes", BOX, idempotency_key="k-1") for _ in range(2))
    box = made.json()
    assert (made.status_code, again.json(), len(servers)) == (201, box, 1)
    assert (box["comes_by"], box["goes_by"], box["is_paused"]) == ("imap", "installation", True)
    assert (box["secrets"], box["imap_host"]) == (["imap_password"], "imap.shop.example")
    assert b"hunter2" not in made.content + manager("GET", f"/mailboxes/{box['id']}").content
    assert b"hunter2" not in manager("GET", "/mailboxes").content + manager("GET", "/channels").content
    assert setting_up.secrets_of(Channel.objects.get()) == {"imap_password": "hunter2"}
    before = kept()
    told = manager("POST", "/mailboxes", {**BOX, "address": "b@shop.example", "imap_password": "guess"})
    assert refusal(told) == (409, "mailbox-not-readable")
    assert kept() == before


def test_what_makes_no_sense_of_a_mailbox_is_refused(manager: Program, servers: list[imap.Server]) -> None:
    before = kept()
    for wrong, code in (
        ({"in_provider": "postmark"}, "two-ways"),
        ({"imap_host": "", "in_provider": "pigeon"}, "no-such-service"),
        ({"out_provider": "amazon_ses"}, "no-such-service"),
        ({"oauth_giver": "other", "oauth_token_url": "https://id.example/token"}, "giver-not-usable"),
        ({"imap_port": 70_000}, "invalid"),
        ({"address": "nobody"}, "channel-not-usable"),
        ({"name": "a\u0000b"}, "channel-not-usable"),
        ({"signature": "a\u0000b"}, "invalid"),
    ):
        assert refusal(manager("POST", "/mailboxes", {**BOX, **wrong})) == (422, code)
    assert kept() == before


def test_a_mailbox_is_changed_begun_and_let_rest(manager: Program, servers: list[imap.Server]) -> None:
    pk = manager("POST", "/mailboxes", {**BOX, "imap_since_days": None, "imap_port": 1993, "open_days": 3}).json()["id"]
    there = f"/mailboxes/{pk}"
    tag = manager("GET", there)["ETag"]
    box = manager("PATCH", there, {"is_paused": False, "signature": "Yours", "imap_port": None}, if_match=tag).json()
    assert (box["is_paused"], box["signature"]) == (False, "Yours")
    assert (box["imap_port"], box["imap_since_days"], box["open_days"]) == (None, None, 3)
    assert servers[-1].password == "hunter2"  # what was not said anew stays
    assert refusal(manager("PATCH", there, {"name": "Other"}, if_match=tag)) == (412, "has-changed")
    moved = manager("PATCH", there, {"imap_host": "", "in_provider": "postmark", "in_signing_key": "s"}).json()
    assert (moved["comes_by"], moved["secrets"]) == ("provider", ["in_signing_key"])
    assert manager("PATCH", there, {"is_paused": True}).json()["is_paused"] is True
    assert manager("DELETE", there).status_code == 204
    assert refusal(manager("GET", there)) == (404, "no-such-mailbox")


def test_a_mailbox_signs_its_mail_with_a_key_that_goes_in_only(manager: Program, servers: list[imap.Server]) -> None:
    before = kept()
    assert refusal(manager("POST", "/mailboxes", {**BOX, "dkim_key": "x"})) == (422, "key-not-readable")
    assert refusal(manager("POST", "/mailboxes", {**BOX, "dkim_selector": "s1"})) == (422, "selector-not-usable")
    assert kept() == before
    made = manager("POST", "/mailboxes", {**BOX, "dkim_selector": "s1", "dkim_key": PEM})
    assert made.json()["secrets"] == ["dkim_key", "imap_password"] and "PRIVATE" not in made.content.decode()
    assert made.json()["dkim_record"]["name"] == "s1._domainkey.shop.example"
    there = f"/mailboxes/{made.json()['id']}"
    assert manager("PATCH", there, {"dkim_selector": ""}).json()["dkim_record"] is None


def test_a_kept_secret_goes_to_no_other_server(manager: Program, servers: list[imap.Server]) -> None:
    pk = manager("POST", "/mailboxes", {**BOX, "smtp_host": "smtp.shop.example", "smtp_password": "p"}).json()["id"]
    told = manager("PATCH", f"/mailboxes/{pk}", {"imap_host": "imap.elsewhere.example"})
    assert refusal(told) == (409, "mailbox-not-readable")
    assert (servers[-1].host, servers[-1].password) == ("imap.elsewhere.example", "")
    box = manager("PATCH", f"/mailboxes/{pk}", {"smtp_host": "smtp.elsewhere.example"}).json()
    assert box["secrets"] == ["imap_password"]
    said = {"imap_host": "imap.elsewhere.example", "imap_password": "hunter2"}
    assert manager("PATCH", f"/mailboxes/{pk}", said).json()["imap_host"] == "imap.elsewhere.example"


def test_a_mailbox_is_tested_without_bringing_anything(
    manager: Program, servers: list[imap.Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []

    def run(channel: Channel, *, wait_seconds: float) -> list[Finding]:
        asked.append(wait_seconds)
        return [Finding(True, "It came back after 2 seconds.")]

    monkeypatch.setattr(round_trip, "run", run)
    pk = manager("POST", "/mailboxes", BOX).json()["id"]
    found = manager("POST", f"/mailboxes/{pk}/test", {}).json()
    assert found == {"trouble": "", "folder": "INBOX", "folders": ["INBOX", "Spam"], "there": 12, "brought": 3,
                     "since": None, "findings": []}  # fmt: skip
    found = manager("POST", f"/mailboxes/{pk}/test", {"sends": True, "wait_seconds": 3}).json()
    assert (found["findings"], asked) == ([{"is_well": True, "words": "It came back after 2 seconds."}], [3])
    repeated = {"sends": True, "wait_seconds": 4}
    sent, again = (manager("POST", f"/mailboxes/{pk}/test", repeated, idempotency_key="k-9").json() for _ in range(2))
    assert (asked, sent["findings"][0]["is_well"], again) == ([3, 4], True, sent)
    cache.clear()  # as if the first one still waited for its mail
    (waits,) = manager("POST", f"/mailboxes/{pk}/test", repeated, idempotency_key="k-9").json()["findings"]
    assert (asked, waits["is_well"]) == ([3, 4], None)
    assert waits["words"].endswith("Repeat it in a minute to be told; to send another mail, use a new key.")
    setting_up.add_secrets(Channel.objects.get(), {"imap_password": "old"})
    found = manager("POST", f"/mailboxes/{pk}/test", {}).json()
    assert (found["trouble"], found["there"]) == ("The password is wrong.", None)


def test_a_mail_service_gets_addresses_of_its_own_and_new_ones(manager: Program) -> None:
    box = {"name": "Help", "address": "help@shop.example", "in_provider": "mailgun", "out_provider": "postmark"}
    pk = manager("POST", "/mailboxes", box).json()["id"]
    first, second = (manager("POST", f"/mailboxes/{pk}/doors").json() for _ in range(2))
    assert first["mail_address"].endswith("/mailgun/mime") and first["events_address"].endswith("/postmark/events")
    assert first["mail_address"] != second["mail_address"]


def test_customers_are_let_in_by_a_mailbox_an_owner_chooses(manager: Program) -> None:
    owner = key_of(make_agent("Olga", role="owner"))
    pk = owner("POST", "/mailboxes", {"name": "Help", "address": "help@shop.example"}).json()["id"]
    assert owner("PUT", "/portal", {"mailbox_id": pk}).json()["mailbox_id"] == pk
    assert refusal(owner("PUT", "/portal", {"mailbox_id": 99})) == (404, "no-such-mailbox")
    assert page_settings.value("portal_mailbox") == str(pk)
    assert owner("PUT", "/portal", {"mailbox_id": None}).json()["mailbox_id"] is None


def test_an_agents_key_sets_no_channel_up(manager: Program) -> None:
    ines, before = key_of(make_agent("Ines")), kept()[0]
    calls = (("POST", "/forms", {"title": "A"}), ("POST", "/mailboxes", BOX), ("GET", "/mailboxes", None))
    for call in calls:
        assert refusal(ines(*call)) == (403, "not-allowed")
    assert kept()[0] == before


def test_whatever_the_page_sets_a_program_can_set() -> None:
    assert set(SETTINGS) == set(channel_forms.ChannelForm.KEPT)
    assert set(SECRETS) == set(channel_forms.SECRETS)
