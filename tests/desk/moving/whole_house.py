"""A house with something of everything an export takes along, and its export told without numbers."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from regulars.accounts.actions import teams
from regulars.accounts.models import Agent
from regulars.channels.actions import suppression
from regulars.channels.models import Channel
from regulars.customers.actions import companies, consents
from regulars.customers.actions import labels as customer_labels
from regulars.customers.actions import merges as customer_merges
from regulars.desk.actions import (
    assignments,
    conversations,
    field_definitions,
    fields,
    label_joining,
    labels,
    letting_go,
    links,
    macro_using,
    macros,
    merging,
    messages,
    policies,
    routing,
    rules,
    seats,
    spam,
    splitting,
    states,
    unseen,
    views,
)
from regulars.desk.actions.messages import Written
from regulars.desk.models import Conversation, Label, Routed
from regulars.desk.targets import FIRST, Policy, Target
from regulars.kernel import clock, facts, files, page_settings
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.models import Source
from regulars.kernel.moving_out import kinds
from tests.customers.cast import make_customer
from tests.desk.acting import OFFICE
from tests.desk.beside import CARRIER, address_of, ask_carrier
from tests.desk.cast import ask, make_mailbox
from tests.desk.post import deliver, mail, placed

Row = dict[str, Any]


def live_in(mailbox: Channel, ines: Agent, bo: Agent) -> None:
    """Set the desk up and work at it, so that there is a row of every kind."""
    make_mailbox("other@shop.example")
    quiet = teams.create("Quiet", by=SYSTEM, agent_ids=[bo.pk, ines.pk], is_open=False)
    page_settings.change("company_name", "Shop", by=ines.actor)
    page_settings.change("portal_mailbox", str(mailbox.pk), by=ines.actor)
    suppression.suppress("gone@example.com", reason="No such user")
    first = placed(mail("Where is it?", id="one@example.com", files={"map.pdf": b"a map"}), mailbox)
    held, ada = first.conversation, first.conversation.customer_id
    _know(ada, ines)
    _set_up(mailbox, ines, bo, quiet.pk)
    _talk(held, mailbox, ines, bo, quiet.pk)
    _tie(ada, mailbox, ines, bo)
    asked = ask_carrier(held, ines)
    type(asked).objects.filter(pk=asked.pk).update(state="sent")
    deliver(mail("In Leipzig.", author=CARRIER, to=address_of(asked), files={"proof.png": b"a picture"}), mailbox)


def _know(ada: int, ines: Agent) -> None:
    companies.join(ada, "Moreno & Co")
    customer_labels.put(ada, "Patron", by=ines.actor)
    consents.give(ada, "news", by=ines.actor, source="the shop", text_version="2")
    twin = make_customer("A. Moreno", email="a.m@example.com")
    customer_merges.merge(ada, twin.pk, by=ines.actor, why="the same")
    shop = Source.objects.create(name="Shop system", kind="server", created_at=clock.now())
    with transaction.atomic():
        order = facts.NewFact(customer_id=ada, name="Order Completed", occurred_at=clock.now(), message_id="o-1",
                              recorded_at=clock.now(), properties={"order_id": "7", "odd": "a\\u0000b"})  # fmt: skip
        facts.append(facts.as_columns([order]), source_id=shop.pk)


def _set_up(mailbox: Channel, ines: Agent, bo: Agent, team_id: int) -> None:
    late = labels.find_or_make("Late")
    label_joining.join(labels.find_or_make("Delayed").pk, late.pk, by=SYSTEM)
    field_definitions.define("Reason", "choice", by=SYSTEM, choices=[{"label": "Torn"}], team_ids=[team_id])
    gone = field_definitions.define("Old", "number", by=SYSTEM)
    field_definitions.retire(gone.pk, is_retired=True, by=SYSTEM)
    macros.write("Late", "It is late.", by=SYSTEM, done=[{"deed": "assign", "value": str(bo.pk)}], team_id=team_id)
    macros.write("Mine", "Dear {{customer.name}}", by=ines.actor, is_shared=False)
    asked = [{"field": "team", "is": "in", "value": ["none", team_id]},
             {"not": {"field": "label", "is": "in", "value": [late.pk]}},
             {"any": [{"field": "channel", "is": "in", "value": [mailbox.pk]},
                      {"field": "assignee", "is": "not in", "value": ["me", bo.pk]}]}]  # fmt: skip
    views.create("Ours", tree={"all": asked}, by=SYSTEM, sort="due", is_shared=True)
    views.create("Mine", tree={}, by=ines.actor)
    done = [{"deed": "team", "value": str(team_id)}, {"deed": "label", "value": "Late"}]
    about = {"field": "subject", "is": "contains", "value": "Order"}
    rules.write("Orders", triggers=["started"], tree=about, done=done, by=SYSTEM, is_last=True)
    resting = rules.write("Later", triggers=["time"], tree=asked[1], done=done[1:], by=SYSTEM)
    rules.pause(resting.pk, is_paused=True, by=SYSTEM)
    routing.set_route(team_id, method="in turn", is_by_skill=True, by=SYSTEM)
    routing.set_route(None, method="by hand", is_by_skill=False, by=SYSTEM)
    seats.set_up(bo.pk, capacity=7, skills=["de", "late"], by=SYSTEM)
    promise = Target("Quiet", "office", {FIRST: 3600}, teams=frozenset({team_id}), channels=frozenset({mailbox.pk}))
    kept = policies.keep(Policy({"office": OFFICE}, (promise,), "office"), seen=0, by=SYSTEM)
    policies.keep(Policy({"office": OFFICE}, (), "office"), seen=kept.number, by=SYSTEM)


def _talk(held: Conversation, mailbox: Channel, ines: Agent, bo: Agent, team_id: int) -> None:
    rule = rules.write("Fired", triggers=["started"], tree={}, done=[{"deed": "label", "value": "Late"}], by=SYSTEM)
    rules.fire(rule, "started", held.pk, because="a fact")
    with transaction.atomic():
        assignments.give_to_team(_locked(held), team_id, by=ines.actor, batch="bulk:1")
        assignments.give_to_agent(_locked(held), bo.pk, by=ines.actor)
    Routed.objects.create(conversation=held, agent=bo, at=clock.now(), method="in turn", among=2, probability=0.5)
    conversations.prioritise(held.pk, 1, by=bo.actor)
    conversations.change_kind(held.pk, "account", by=bo.actor)
    fields.write(held.pk, "reason", "torn", by=bo.actor)
    fields.write(held.pk, "Order", "7", by=bo.actor)
    labels.take_off(held.pk, Label.objects.get(name="Late").pk, by=bo.actor)
    labels.put(held.pk, "Late", by=bo.actor)
    messages.note(held.pk, Written(text="Be kind."), by=bo.actor, mentioned=[ines.pk])
    hasty = Written(text="Taken back.", files=[messages.File(files.store(b"hasty"), "hasty.txt", "text/plain", 5)])
    messages.take_back(messages.reply(held.pk, hasty, by=bo.actor).pk, by=bo.actor)
    sent = messages.reply(held.pk, Written(text="On its way."), by=bo.actor)
    with clock.frozen(clock.now() + messages.TO_UNDO):
        letting_go.let_go(sent.pk)
    type(sent).objects.filter(pk=sent.pk).update(state="sent")
    macro = macros.write("Shut", "", by=SYSTEM, done=[{"deed": "priority", "value": "2"}])
    macro_using.use(held.pk, macro.pk, key="k", by=bo.actor)
    unseen.start_watching(held.pk, by=ines.actor)
    states.snooze(held.pk, until=clock.now() + timedelta(days=9), by=bo.actor)


def _tie(ada: int, mailbox: Channel, ines: Agent, bo: Agent) -> None:
    joined, apart, split = (ask(ada, mailbox, f"Question {number}") for number in range(3))
    kept = ask(ada, mailbox, "Kept")
    merging.merge(kept.pk, joined.pk, by=ines.actor)
    merging.undo(merging.merge(kept.pk, apart.pk, by=ines.actor).pk, by=ines.actor)
    links.put(kept.pk, apart.pk, by=ines.actor)
    said = messages.receive(split.pk, Written(text="Another thing"), by=Actor("customer", ada))
    splitting.split(said.pk, by=ines.actor, subject="Begun anew")
    states.resolve(apart.pk, by=bo.actor)
    spam.mark(ask(ada, mailbox, "Win").pk, by=bo.actor)


def _locked(held: Conversation) -> Conversation:
    return Conversation.objects.get(pk=held.pk)


def leave() -> None:
    """An empty house: nothing of all this, nor the people, but the numbers go on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE kernel_fact, kernel_pagesetting, customers_company, customers_label, accounts_agent,"
            " accounts_team, channels_channel, channels_suppressedaddress, customers_customer, desk_label, desk_macro,"
            " desk_view, desk_rule, desk_policy, desk_fielddefinition, desk_house CASCADE"
        )
        cursor.execute("DELETE FROM kernel_source WHERE id <> 1")


# Of whom or what a field of an export gives the number.
MEANS = {
    "customer_id": "customers", "agent_id": "agents", "assignee_id": "agents", "agent_ids": "agents",
    "watcher_ids": "agents", "mentions": "agents", "team_id": "teams", "team_ids": "teams", "channel_id": "channels",
    "company_id": "companies", "rule_id": "rules", "conversation_id": "conversations", "other_id": "conversations",
    "kept_id": "conversations", "merged_id": "conversations", "merged_into_id": "conversations",
    "read_message_id": "said", "side_conversation_id": "side_conversations", "source_id": "sources",
    # in the details of steps and what facts say
    "merged": "conversations", "split_from": "conversations", "message": "said", "messages": "said",
    "side": "side_conversations", "macro": "macros", "label_id": "labels", "linked": "conversations",
    "agent": "agents", "watcher": "agents",
}  # fmt: skip
CALLED = {"conversations": "subject", "agents": "email", "customers": "email", "side_conversations": "subject",
          "messages": "text", "notes": "text", "side_messages": "text"}  # fmt: skip


class Told:
    """An export in words: every number is what it stands for."""

    def __init__(self, place: Path) -> None:
        self.rows: dict[str, list[Row]] = {
            kind.name: [json.loads(line) for line in (place / f"{kind.name}.jsonl").read_text().splitlines()]
            for kind in kinds()
        }
        self.names: dict[tuple[str, int], str] = {}
        for kind, rows in self.rows.items():
            for row in rows:
                if "id" in row:
                    self._call(kind, row)

    def _call(self, kind: str, row: Row) -> None:
        name = f"{kind} {row.get(CALLED.get(kind, 'name')) or row['id']}"
        for each in ("said", kind) if kind in ("messages", "notes") else (kind,):
            self.names[each, row["id"]] = name

    def of(self, kind: str, left: dict[str, str]) -> list[Row]:
        """The rows of a kind without what is left out, in an order of their own."""
        product = {row["id"] for row in self.rows["sources"] if row["kind"] == "product"}
        rows = [
            {name: self._told(name, value, row, kind) for name, value in row.items() if name not in left}
            for row in self.rows[kind]
            if (kind != "facts" or row["source_id"] not in product)
            and (kind != "customers" or row["merged_into_id"] is None)
        ]
        return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))

    def log(self) -> list[tuple[str, str, str]]:
        """What the desk's own facts say happened, and when; those of customers' records aside."""
        desk = [row for row in self.rows["facts"] if "conversation_id" in row["properties"]]
        return sorted(
            (row["occurred_at"], row["name"], self._told("by", row["properties"]["by"], row, "")) for row in desk
        )

    def ways(self) -> set[tuple[str, str]]:
        """How customers are recognised, but for what an archive calls them."""
        ways = [way for row in self.rows["customers"] for way in row["identities"]]
        return {(way["kind"], way["value"]) for way in ways if way["kind"] != "handle"}

    def agreed(self) -> list[tuple[Any, ...]]:
        """What customers agreed to."""
        said = ("purpose", "is_given", "at", "source", "text_version")
        return [tuple(one[name] for name in said) for row in self.rows["customers"] for one in row["consents"]]

    def _told(self, name: str, value: Any, row: Row, kind: str) -> Any:
        if name == "author_id":
            return self._named("customers" if row["author_kind"] == "customer" else "agents", value)
        if name == "message_id" and kind == "attachments":
            return self._named("said" if row["of"] == "message" else "side_messages", value)
        if name in ("conditions", "content", "deeds", "did"):
            return self._tree(value)
        if name == "value" and row.get("name") == "portal_mailbox":
            return self._named("channels", int(value))
        if name in ("details", "properties"):
            return self._details(value)
        if name in MEANS and kind not in ("customer_merges",) and name != "message_id":
            return self._named(MEANS[name], value)
        if isinstance(value, str) and re.fullmatch(r"(agent|customer|rule):\d+", value):
            what, _, number = value.partition(":")
            return self._named(f"{what}s", int(number))
        return value

    def _details(self, value: Row) -> Row:
        what = {"agent": "agents", "team": "teams"}.get(str(value.get("what")))
        left = {"merge_id", "message"} if "side" in value else {"merge_id"}
        told = {name: self._told(name, each, value, "") for name, each in value.items() if name not in left}
        if what:
            told |= {name: self._named(what, value[name]) for name in ("before", "after") if name in value}
        if isinstance(value.get("moved"), dict):
            told["moved"] = {
                self._named("said", int(pk)): self._named("conversations", home) for pk, home in value["moved"].items()
            }
        return told

    def _tree(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._tree(each) for each in value]
        if not isinstance(value, dict):
            return value
        if value.get("field") in ("team", "label", "channel", "assignee"):
            kind = {"assignee": "agents"}.get(value["field"], f"{value['field']}s")
            return {**value, "value": [self._named(kind, each) for each in value["value"]]}
        if value.get("deed") in ("team", "assign"):
            kind = {"assign": "agents"}.get(value["deed"], "teams")
            return {**value, "value": self._named(kind, int(value["value"]))}
        return {name: self._named(name, each) if name in ("teams", "channels") else self._tree(each)
                for name, each in value.items()}  # fmt: skip

    def _named(self, kind: str, value: Any) -> Any:
        if isinstance(value, list):
            return sorted(self._named(kind, each) for each in value)
        return self.names.get((kind, value), f"{kind}?") if isinstance(value, int) else value
