"""A house in which every task of the product finds something to do, and what the outside said to it."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection

from regulars.accounts.models import Agent, OneTimeLink
from regulars.api.models import Call, Notice, Webhook
from regulars.channels.actions import carrying, fetching, packing, setting_up
from regulars.channels.email.imap.folders import Fetched
from regulars.channels.email.out.outcomes import Outcome
from regulars.channels.letters import Letter
from regulars.channels.models import Channel, Delivery, Incoming
from regulars.customers.actions import erasures
from regulars.customers.importing import imports, mapping
from regulars.customers.models import Identity
from regulars.customers.portal import links
from regulars.customers.tracking.models import RejectedMessage
from regulars.desk.actions import (
    exports,
    label_joining,
    labels,
    messages,
    policies,
    presence,
    routing,
    rules,
    side,
    states,
)
from regulars.desk.actions.messages import Written
from regulars.desk.models import Bulk, Export
from regulars.insights.models import FactCount, Report
from regulars.kernel import clock, files, jobs, live, outside, page_settings
from regulars.kernel.actors import SYSTEM
from regulars.kernel.fact_names import ORDER_COMPLETED
from tests.customers.cast import make_customer
from tests.desk.acting import POLICY
from tests.desk.beside import TO_CARRIER
from tests.desk.cast import ask, make_agent, make_mailbox
from tests.desk.post import mail, store

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)  # a Wednesday
YESTERDAY, LONG_AGO = NOW - timedelta(days=1), NOW - timedelta(days=800)
ORDERS = b"Order ID,Customer ID,Date,Price\n1,c1,2025-01-01,5.00\n2,c2,2025-01-02,7.00\n"


@dataclass
class House:
    """Keys of what stands ready, and everything that left the house."""

    ids: dict[str, int] = field(default_factory=dict)
    names: dict[str, Any] = field(default_factory=dict)
    left: list[tuple[str, Any]] = field(default_factory=list)


def fill() -> House:
    """Everybody and everything, as of yesterday; now it is due."""
    house = House()
    with clock.frozen(YESTERDAY):
        _people(house)
        _desk(house)
        _channels(house)
        _program(house)
        _import(house)
    _what_is_old(house)
    return house


def _people(house: House) -> None:
    ada = make_customer("Ada Moreno", email="ada@example.com", external="u-1")
    gone = make_customer("Gone Away", email="gone@example.com")
    ines = make_agent("Ines", role="owner")
    UserSession.objects.create(
        user=ines, session_key="there", ip="127.0.0.1", created_at=YESTERDAY, last_seen_at=NOW, data={}
    )
    erasure = erasures._begin(gone.pk, by=SYSTEM, typed_name=None)  # whoever asked died then
    house.ids |= {"erasure": erasure.pk, "ada": ada.pk, "gone": gone.pk, "ines": ines.pk}


def _desk(house: House) -> None:
    ines, box = Agent.objects.get(pk=house.ids["ines"]), make_mailbox()
    policies.keep(POLICY, seen=0, by=SYSTEM)
    house.ids["box"] = box.pk
    asked = [ask(house.ids["ada"], box, f"Question {number}").pk for number in range(4)]
    to_go = messages.reply(asked[0], Written(text="Dear Ada"), by=ines.actor)
    beside = side.begin(asked[1], Written(text="Where is it?", recipients=TO_CARRIER), subject="Parcel", by=ines.actor)
    states.snooze(asked[2], until=YESTERDAY + timedelta(hours=1), by=ines.actor)
    presence.here(asked[2], is_writing=False, by=ines.actor)
    begun = Bulk.objects.create(
        agent=ines, deed="label", value="Late", told="Late", ids=asked, total=len(asked), at=clock.now()
    )
    waits, slow = labels.put(asked[3], "Waits", by=SYSTEM), labels.put(asked[0], "Slow", by=SYSTEM)
    label_joining.begin(slow.pk, waits.pk, by=SYSTEM)
    rules.write("Nudge", triggers=["time"], tree={}, done=[{"deed": "priority", "value": "2"}], by=SYSTEM)
    rules.write("Answered", triggers=["received"], tree={}, done=[{"deed": "note", "value": "Look."}], by=SYSTEM)
    routing.set_route(None, method="in turn", is_by_skill=False, by=SYSTEM)
    house.ids |= {"joined": slow.pk, "to_go": to_go.pk, "beside": beside.pk, "bulk": begun.pk}


def _channels(house: House) -> None:
    box = Channel.objects.get(pk=house.ids["box"])
    for number in range(3):
        store(mail(f"By mail {number}", files={"a.txt": b"%d" % number}), box, source_key=f"ready:{number}")
    imap = {"imap_host": "mx.shop.example", "imap_user": "help"}
    fetched = setting_up.create("email", "Fetched", by=SYSTEM, address="post@shop.example", settings=imap)
    page_settings.change("portal_mailbox", str(box.pk), by=SYSTEM)
    troubled = make_mailbox("sick@shop.example")
    Channel.objects.filter(pk=troubled.pk).update(trouble="wrong password", trouble_at=YESTERDAY)
    to = [{"name": "", "address": "ada@example.com"}]
    letter = Letter(channel_id=box.pk, to=to, subject="Hi", text="Hi", external_id="ready@shop.example").as_json()
    made = {
        state: Delivery.objects.create(
            channel=box, about=f"ready:{state}", key=f"ready:{state}", customer_id=house.ids["ada"], state=state,
            letter=letter, external_id=f"{state}@shop.example",
            created_at=YESTERDAY, due_at=YESTERDAY, claimed_at=YESTERDAY if state == "claimed" else None,
        ).pk
        for state in ("queued", "claimed")
    }  # fmt: skip
    house.ids |= {"fetched": fetched.pk, "queued": made["queued"], "claimed": made["claimed"]}


def _program(house: House) -> None:
    hook = Webhook.objects.create(url="https://x.example/", created_at=YESTERDAY, created_by="system", secret=_sealed())
    for name, at in (("due", YESTERDAY), ("old", LONG_AGO)):
        state = Notice.QUEUED if name == "due" else Notice.SENT
        house.ids[f"notice {name}"] = Notice.objects.create(
            webhook=hook, event_id=name, event="message received", customer_id=house.ids["ada"], body={"id": name},
            created_at=at, due_at=at, state=state,
        ).pk  # fmt: skip
    Report.objects.create(agent_id=house.ids["ines"], page="numbers", every="day", created_at=LONG_AGO, next_at=NOW)
    house.ids["report"] = Report.objects.get().pk
    FactCount.objects.create(name=ORDER_COMPLETED, rows=1, first_at=YESTERDAY, last_at=YESTERDAY)


def _sealed() -> bytes:
    from regulars.api.webhooks.sending import USE
    from regulars.kernel import secrets

    return secrets.seal("whsec_c2VjcmV0", use=USE)


def _import(house: House) -> None:
    def received(name: str) -> Any:
        content = BytesIO(ORDERS + name.encode() + b",c3,2025-01-03,1.00\n")
        return imports.receive(content, name=name, kind="orders", by=SYSTEM)

    ready = received("7")
    guess = mapping.guess(imports.opened(ready), "orders")
    imports.keep(ready, imports.decide(ready, guess.columns))
    house.ids["import"] = imports.start(ready, by=SYSTEM).pk
    unchecked = received("8")
    columns = mapping.guess(imports.opened(unchecked), "orders").columns
    house.ids["unchecked"] = imports.check_later(unchecked, columns, zone="UTC", currency="EUR").pk


def _what_is_old(house: House) -> None:
    """What the tidying tasks take away."""
    OneTimeLink.objects.create(
        purpose="sign_in", agent_id=house.ids["ines"], digest=b"o" * 32, created_at=LONG_AGO, expires_at=LONG_AGO
    )
    Call.objects.create(key_id=1, name="old", digest=b"c" * 32, at=LONG_AGO)
    RejectedMessage.objects.create(source_id=1, at=LONG_AGO, code="x", reason="x")
    with clock.frozen(LONG_AGO):
        who = links.known("ada@example.com")
        assert who is not None
        links.make(who, request="old")
        live.tell("conversation", 1)
        old = store(mail("Long ago"), Channel.objects.get(pk=house.ids["box"]), source_key="old")
    Incoming.objects.filter(pk=old.pk).update(state=Incoming.PLACED, settled_at=LONG_AGO)
    live.tell("conversation", 2)
    house.ids["expired"] = Export.objects.create(
        asked_by="system", asked_at=LONG_AGO, form="both", state=Export.READY, expires_at=YESTERDAY
    ).pk
    exports.path(house.ids["expired"]).write_bytes(b"PK")
    for name in ("nobody's", "refused"):
        house.names[name] = files.store(name.encode())
        os.utime(files.path(house.names[name]), (LONG_AGO.timestamp(), LONG_AGO.timestamp()))
    house.ids["identity"] = Identity.objects.get(value="ada@example.com").pk
    job = jobs.defer("ready.anything")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job])
        cursor.execute("UPDATE procrastinate_events SET at = %s WHERE job_id = %s", [LONG_AGO, job])
        cursor.execute("INSERT INTO accounts_cache VALUES ('old', 'x', %s)", [LONG_AGO])


@dataclass
class Post:
    """A folder on somebody's mail server with two mails in it."""

    uidvalidity: int = 7
    uid_next: int = 3
    count: int = 2

    def uids(self, *, after: int = 0, since: object = None) -> list[int]:
        return [uid for uid in (1, 2) if uid > after]

    def batches(self, uids: Sequence[int], **_limits: int) -> Iterator[list[tuple[int, int]]]:
        yield from ([(uid, 100)] for uid in uids)

    def fetch(self, batch: Sequence[tuple[int, int]], *, largest: int) -> list[Fetched]:
        return [
            Fetched(uid, mail(f"Fetched {uid}", id=f"f{uid}@x.example", at=YESTERDAY), YESTERDAY, 100, True)
            for uid, _ in batch
        ]


def outside_of(house: House, patched: pytest.MonkeyPatch) -> None:
    """Mail servers, webhooks and mailboxes that take everything and remember it."""

    def hand_over(parcel: object, **_how: object) -> Outcome:
        house.left.append(("mail", "handed over"))
        return Outcome(state="sent")

    def post(url: str, body: bytes, **_how: object) -> outside.Answer:
        house.left.append(("webhook", hashlib.sha256(body).hexdigest()))
        return outside.Answer(200, b"taken")

    @contextmanager
    def opened(_server: object) -> Iterator[Post]:
        yield Post()

    patched.setattr(carrying.handing, "hand_over", hand_over)
    patched.setattr(packing, "way_out", lambda *_: SimpleNamespace())
    patched.setattr(outside, "post", post)
    patched.setattr(fetching.imap, "opened", opened)
