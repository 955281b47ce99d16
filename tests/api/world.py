"""Something of everything the API can be asked about, and every call it has, ready to be made."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.test import Client

from regulars.accounts.actions import teams
from regulars.api.rest.urls import api
from regulars.api.webhooks import setting_up, telling_again
from regulars.channels.actions import suppression
from regulars.channels.models import Delivery, Incoming
from regulars.customers.actions import merges as customer_merges
from regulars.desk.actions import (
    bulk,
    exports,
    field_definitions,
    labels,
    letting_go,
    links,
    macros,
    merging,
    messages,
    rules,
    side,
    splitting,
)
from regulars.desk.actions.messages import File, Written
from regulars.desk.models import Attachment, Message, SideFile, Step
from regulars.insights import reporting
from regulars.kernel import clock, files
from regulars.kernel.actors import SYSTEM, Actor
from tests.customers.cast import make_customer
from tests.desk.asking_by_form import make_form
from tests.desk.cast import ask, make_agent, make_mailbox


@dataclass(frozen=True)
class Call:
    """One call as the description has it. `hides` is whether it is about something a team can hide."""

    name: str
    method: str
    path: str
    needs: tuple[str, ...]
    body: Any
    is_bytes: bool
    answers: dict[str, Any]

    @property
    def hides(self) -> bool:
        parts = ("{conversation_id}", "{message_id}", "{file_id}", "{merge_id}", "{split_id}", "{side_id}",
                 "{side_file_id}", "{side_message_id}")  # fmt: skip
        return any(part in self.path for part in parts)

    def send(self, key: str | None, world: dict[str, Any], **headers: str) -> Any:
        path = self.path.format(**world)
        query = {"files.upload": "?name=a.txt", "numbers.behind": "?measure=began"}.get(self.name, "")
        given = {"Authorization": f"Bearer {key}"} if key else {}
        given |= {name.replace("_", "-"): one for name, one in headers.items()}
        body = b"some bytes" if self.is_bytes else _encoded(self.body, self.name, world)
        kind = "text/plain" if self.is_bytes else "application/json"
        return Client(raise_request_exception=False).generic(
            self.method.upper(), path + query, body, kind, headers=given
        )


@cache
def calls() -> tuple[Call, ...]:
    """Every call there is."""
    described = api.get_openapi_schema()
    return tuple(
        _call(described, place, method, call)
        for place, methods in described["paths"].items()
        for method, call in methods.items()
    )


def make_world() -> dict[str, Any]:
    """Ada's conversation in a closed team that Bo is in and Ines is not, and everything that hangs on it."""
    ines, bo = make_agent("Ines"), make_agent("Bo")
    team = teams.create("Quiet", by=SYSTEM, agent_ids=[bo.pk], is_open=False)
    ada, mailbox = make_customer("Ada Moreno", email="ada@example.com", external="u-1"), make_mailbox()
    held, other, third = (ask(ada.pk, mailbox, subject=f"Matter {number}") for number in range(3))
    for each in (held, other, third):
        type(each).objects.filter(pk=each.pk).update(team=team)
    said = messages.receive(
        held.pk, Written(text="And this", files=[File(files.store(b"torn"), "bag.txt", "text/plain", 4)]),
        by=Actor("customer", ada.pk),
    )  # fmt: skip
    begun = splitting.split(said.pk, by=SYSTEM)
    messages.receive(held.pk, Written(text="Still?"), by=Actor("customer", ada.pk))
    twin, cousin = make_customer("Ada M", email="ada.m@example.com"), make_customer("Adda", email="adda@example.com")
    webhook, _ = setting_up.create("https://shop.example/hook", events=[], by=SYSTEM)
    links.put(held.pk, third.pk, by=SYSTEM)
    late = {"all": [{"field": "subject", "is": "contains", "value": "Matter"}]}
    deeds = [{"deed": "label", "value": "Late"}]
    sent = messages.reply(held.pk, Written(text="Soon."), by=SYSTEM)
    letting_go.let_go(sent.pk)
    for model in (Message, Delivery):
        model.objects.exclude(state="").update(state="failed")
    depot = {"to": [{"name": "", "address": "depot@carrier.example"}]}
    torn = File(files.store(b"torn"), "bag.txt", "text/plain", 4)
    asked = side.begin(held.pk, Written(text="Where?", recipients=depot, files=[torn]), subject="", by=bo.actor)
    suppression.suppress("gone@example.com", reason="No such user")
    dead = Incoming.objects.create(channel=mailbox, source_key="x", raw=b"", digest=b"", received_at=clock.now(),
                                   state=Incoming.DEAD)  # fmt: skip
    notice = telling_again.test(webhook.pk)
    type(notice).objects.update(state="failed")
    return {
        "ines": ines, "bo": bo, "channel_id": mailbox.pk, "conversation_id": held.pk, "other_id": other.pk,
        "merge_id": merging.merge(other.pk, third.pk, by=SYSTEM).pk, "begun": begun.pk,
        "side_id": asked.side_id, "side_file_id": SideFile.objects.get().pk, "side_message_id": asked.pk,
        "incoming_id": dead.pk, "address": "gone@example.com", "kind": "message",
        "export_id": exports.ask(by=SYSTEM).pk, "bulk_id": bulk.begin("read", ids=[held.pk], by=bo.actor).pk,
        "report_id": reporting.wish("numbers", "", every="week", by=bo.actor).pk,
        "split_id": Step.objects.get(verb="split").pk, "message_id": sent.pk, "to_split": said.pk + 1,
        "file_id": Attachment.objects.get().pk, "agent_id": bo.pk, "team_id": team.pk, "customer_id": ada.pk,
        "customer_merge_id": customer_merges.merge(twin.pk, cousin.pk, by=SYSTEM).pk, "twin": twin.pk,
        "rule_id": rules.write("Late", triggers=["started"], tree=late, done=deeds, by=SYSTEM).pk,
        "macro_id": macros.write("Hello", "Dear {{customer.first_name}}", by=bo.actor).pk,
        "form_id": make_form(slug="ask", title="Write to us").id, "mailbox_id": mailbox.pk,
        "field_id": field_definitions.define("Reason", "number", by=SYSTEM).pk,
        "label_id": labels.find_or_make("Old").pk, "late_id": labels.find_or_make("Late").pk,
        "webhook_id": webhook.pk, "notice_id": notice.pk, "key": "all", "name": "Late", "purpose": "news",
    }  # fmt: skip


def _call(described: dict[str, Any], place: str, method: str, call: dict[str, Any]) -> Call:
    content = call.get("requestBody", {}).get("content", {})
    shape = content.get("application/json", {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
    body = described["components"]["schemas"][shape]["examples"][0] if shape else None
    if "customer-merges" in place:
        place = place.replace("{merge_id}", "{customer_merge_id}")
    needs = tuple(call["security"][0]["key"])
    return Call(call["operationId"], method, place, needs, body, "*/*" in content, call["responses"])


def _encoded(body: Any, name: str, world: dict[str, Any]) -> bytes:
    """The example of the description, about what there is here."""
    if body is None:
        return b""
    about = {
        "conversations.create": {"channel_id": world["channel_id"]},
        "conversations.assign": {"agent_id": world["bo"].pk},
        "conversations.merge": {"merged_id": world["other_id"]},
        "conversations.split": {"message_id": world["to_split"]},
        "customers.merge": {"merged_id": world["twin"]},
        "labels.join": {"into_id": world["late_id"]},
        "suppressed.create": {"address": "new@example.com"},
    }.get(name, {})
    return json.dumps({**body, **about}).encode()
