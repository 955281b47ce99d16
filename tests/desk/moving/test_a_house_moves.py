"""A whole house: what moves out moves in elsewhere and moves out again, the same but for its numbers."""

from pathlib import Path
from typing import Any

import pytest

from regulars.accounts.actions import teams
from regulars.accounts.models import Agent, Team
from regulars.channels.models import Channel
from regulars.desk.actions import moving, policies, rules, views
from regulars.desk.actions.moving import Moved
from regulars.desk.models import Conversation, Rule, Step, View
from regulars.desk.models import Policy as Policy_
from regulars.desk.moving import formats
from regulars.desk.moving.forms import Misfit
from regulars.desk.moving_out import running
from regulars.desk.targets import Policy
from regulars.kernel import page_settings
from regulars.kernel.actors import SYSTEM
from regulars.kernel.moving_out import kinds
from tests.desk.acting import OFFICE
from tests.desk.cast import make_agent, make_mailbox
from tests.desk.moving import whole_house
from tests.desk.moving.whole_house import Told

on_disk = pytest.mark.django_db(transaction=True)

# What does not come along, and why. A kind that is in neither, or has no row in the house, fails the test.
STAYS = {
    "audit": "the record of acts of one house is not written by a file somebody hands in",
    "deliveries": "what the mail servers of the old house did is nothing this one could try again",
    "customer_merges": "customers who turned out to be one come as one",
    "sources": "facts come under a source of their own",
}
IDS = {"id": "numbers are of the house"}
WHEN = {"changed_at": "it is set up here today", "changed_by": "by who moves it in"}
LEFT = {
    "agents": {**IDS, "created_at": "invited here", "keys": "their own", "role": "given here"},
    "channels": {**IDS, "created_at": "connected here", "settings": "with their secrets", "team_id": "set here"},
    "teams": {**IDS, "created_at": "made here"},
    "settings": WHEN,
    "labels": IDS, "customer_labels": IDS, "rules": {**IDS, "paused_at": "paused here", "position": "after those here"},
    "macros": {**IDS, **WHEN, "retired_at": "retired here"},
    "fields": {"retired_at": "retired here", "position": "after those here"},
    "views": {**IDS, "position": "after those here"},
    "targets": {**IDS, "by": "by who moves it in"},
    "companies": {**IDS, "created_at": "known here"},
    "suppressed_addresses": {"at": "known here"},
    "customers": {**IDS, "identities": "compared apart", "traits": "worked out again", "created_at": "known here",
                  "consents": "compared apart", "first_seen_at": "by the facts", "last_seen_at": "by the facts",
                  "known_at": "the first they wrote"},
    "conversations": {**IDS, "is_history": "it began elsewhere", "key": "what it was called there", "last_at": "below"},
    "messages": {**IDS, "created_at": "stored here", "due_at": "it has left or not", "trouble": "of there",
                 "author_name": "as the customer is known, where none was said"},
    "notes": IDS,
    "steps": {**IDS, "batch": "no bulk action of this house"},
    "firings": {**IDS, "because": "a fact of there"},
    "routed": IDS,
    "side_conversations": IDS,
    "side_messages": {**IDS, "trouble": "of there"},
    "facts": {**IDS, "message_id": "named anew", "received_at": "received here", "source_id": "of an import"},
}  # fmt: skip


def move_in(place: Path, mailbox: Channel, **said: Any) -> tuple[Moved, list[Misfit]]:
    misfits: list[Misfit] = []
    archive = formats.opened("regulars", place, is_ours=lambda address: False)
    given = {"report": misfits.append, "progress": lambda done, count: None, **said}
    return moving.move_in(archive, kind="regulars", channel_id=mailbox.pk, **given), misfits


@on_disk
def test_a_house_moves_and_is_the_same_elsewhere(mailbox: Channel, ines: Agent, bo: Agent, tmp_path: Path) -> None:
    whole_house.live_in(mailbox, ines, bo)
    running.move_out(tmp_path / "there", form="jsonl")
    whole_house.leave()
    here = make_mailbox("other@shop.example")
    make_mailbox()
    for name in ("Bo", "Ines"):
        make_agent(name)
    there = Told(tmp_path / "there")
    told = "".join(file.read_text() for file in (tmp_path / "there").glob("*.jsonl"))
    assert "Taken back" not in told and "hasty" not in told, "what was taken back was never said"
    assert all(file.read_bytes() != b"hasty" for file in (tmp_path / "there/attachments").rglob("*") if file.is_file())
    empty = [kind.name for kind in kinds() if not there.rows[kind.name]]
    assert empty == [], "the house of this test has a row of every kind"
    would, _ = move_in(tmp_path / "there", here, is_dry=True)
    assert not (View.objects.exists() or Rule.objects.exists())
    moved, misfits = move_in(tmp_path / "there", here)
    assert {(each.where, each.reason) for each in misfits} == {("audit.jsonl", "stays"), ("deliveries.jsonl", "stays")}
    counted = [name for name in moved.__slots__ if name not in ("ties", "agents_known")]
    assert {name: getattr(would, name) for name in counted} == {name: getattr(moved, name) for name in counted}
    running.move_out(tmp_path / "here", form="jsonl")
    came = Told(tmp_path / "here")
    for kind in kinds():
        if kind.name not in STAYS:
            left = LEFT.get(kind.name, {})
            assert came.of(kind.name, left) == there.of(kind.name, left), kind.name
    assert came.log() == there.log()
    assert (came.ways(), came.agreed()) == (there.ways(), there.agreed())
    again, _ = move_in(tmp_path / "there", here)
    assert (again.set_up, again.conversations, again.facts, again.ties) == (0, 0, 0, 0)
    running.move_out(tmp_path / "again", form="jsonl")
    for kind in kinds():
        rows = [(tmp_path / place / f"{kind.name}.jsonl").read_text() for place in ("here", "again")]
        assert rows[0] == rows[1], f"a second run changed {kind.name}"


@on_disk
def test_what_an_existing_house_has_stays_and_is_said(mailbox: Channel, ines: Agent, bo: Agent, tmp_path: Path) -> None:
    whole_house.live_in(mailbox, ines, bo)
    running.move_out(tmp_path / "there", form="jsonl")
    whole_house.leave()
    here, _ = make_mailbox(), make_agent("Ines")  # Bo and the other mailbox are not here
    page_settings.change("company_name", "Ours", by=SYSTEM)
    views.create("Ours", tree={}, by=SYSTEM, is_shared=True)
    rules.write("Orders", triggers=["started"], tree={}, done=[{"deed": "resolve", "value": ""}], by=SYSTEM)
    policies.keep(Policy({"office": OFFICE}, (), "office", warn_seconds=60), seen=0, by=SYSTEM)
    teams.create("quiet", by=SYSTEM)
    _, misfits = move_in(tmp_path / "there", here)
    told = {(each.where, each.reason) for each in misfits}
    kept = {"setting company_name", "view Ours", "rule Orders", "targets", "team Quiet"}
    assert {where for where, reason in told if reason == "kept"} == kept - {"view Ours"}
    assert told >= {
        ("view Ours", "set up"),
        ("macro Late", "set up"),
        ("channel Mail to other@shop.example", "channel"),
    }
    assert page_settings.value("company_name") == "Ours" and View.objects.get(name="Ours").conditions == {}
    assert Rule.objects.get(name="Orders").deeds == [{"deed": "resolve", "value": ""}]
    assert Team.objects.get().is_open and Policy_.objects.get().content["warn_seconds"] == 60
    assert Conversation.objects.get(subject="Order").assignee is None
    assert set(Step.objects.filter(actor_name="Bo").values_list("actor", flat=True)) == {"agent"}
