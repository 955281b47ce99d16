"""Conditions: what the database answers equals an obvious reading of the tree, over any tree."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.accounts.actions import teams
from regulars.accounts.models import Agent
from regulars.channels.models import Channel
from regulars.customers.actions import companies, merges, traits
from regulars.customers.actions import labels as customer_labels
from regulars.desk.actions import labels, messages, unseen
from regulars.desk.actions.messages import Written
from regulars.desk.errors import ConditionNotUsable, TooManyConditions
from regulars.desk.models import Conversation, Mention, Message, Watch
from regulars.desk.selectors import conditions, listing, view_counts
from regulars.desk.selectors.condition_fields import FIELDS
from regulars.desk.selectors.listing import Wanted
from regulars.kernel.actors import SYSTEM, Actor
from tests.customers.cast import make_customer
from tests.desk.cast import ask, make_agent, make_mailbox

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def met(tree: dict[str, Any], *, by: Actor = SYSTEM) -> list[int]:
    return sorted(
        Conversation.objects.filter(conditions.where(tree, by=by, now=NOW)).values_list("pk", flat=True).distinct()
    )


def leaf(field: str, way: str, value: Any = None) -> dict[str, Any]:
    return {"field": field, "is": way} if value is None else {"field": field, "is": way, "value": value}


class Desk:
    """Two dozen conversations that differ in everything a condition may ask for."""

    def __init__(self) -> None:
        self.ines, self.bo = make_agent("Ines"), make_agent("Bo")
        self.team = teams.create("Care", by=SYSTEM, agent_ids=[self.ines.pk])
        self.boxes = [make_mailbox(), make_mailbox("orders@shop.example")]
        self.customers = [make_customer(name, email=f"{name}@example.com") for name in ("ada", "musa", "jun")]
        self.words = [labels.find_or_make(word) for word in ("courier", "invoice")]
        people: list[Any] = [None, self.ines.pk, self.bo.pk]
        for number in range(24):
            box, customer = self.boxes[number % 2], self.customers[number % 3]
            made = ask(customer.pk, box, f"Question {number}", subject=("Torn BAG", "invoice 7", "")[number % 3])
            status = Conversation.STATUSES[number % 4]
            hours = timedelta(hours=number)
            Conversation.objects.filter(pk=made.pk).update(
                status=status,
                snoozed_until=NOW if status == "snoozed" else None,
                resolved_at=NOW if status == "resolved" else None,
                kind=Conversation.KINDS[number % 5 == 0],
                priority=1 + number % 4,
                assignee=people[number % 3],
                team=self.team if number % 2 else None,
                created_at=NOW - hours,
                last_at=NOW - hours / 2,
                waiting_since=NOW - hours if number % 3 else None,
                due_at=NOW + timedelta(hours=number - 12) if number % 4 else None,
                language=("", "en", "de")[number % 3],
                has_attachments=number % 5 == 1,
                fields={"size": ("S", "M", 3)[number % 3]} if number % 2 else {},
            )
            made.labels.set(word for place, word in enumerate(self.words) if number >> place & 1)
            if number % 4 == 2:
                Watch.objects.create(conversation=made, agent=self.ines, at=NOW)
            if number % 6 == 1:
                Mention.objects.create(message=Message.objects.get(conversation=made), agent=self.ines)
        self.rows = list(Conversation.objects.order_by("pk").prefetch_related("labels"))
        self.watched = set(Watch.objects.values_list("conversation", flat=True))
        self.mentioned = set(Mention.objects.values_list("message__conversation", flat=True))


def holds(tree: dict[str, Any], row: Conversation, desk: Desk) -> bool:
    """The obvious reading."""
    if "all" in tree:
        return all(holds(each, row, desk) for each in tree["all"])
    if "any" in tree:
        return any(holds(each, row, desk) for each in tree["any"])
    if "not" in tree:
        return not holds(tree["not"], row, desk)
    return not tree or _leaf_holds(tree["field"], tree["is"], tree.get("value"), row, desk)


def _leaf_holds(field: str, way: str, value: Any, row: Conversation, desk: Desk) -> bool:
    if way == "not in":
        return not _leaf_holds(field, "in", value, row, desk)
    if way in ("does not contain", "is not"):
        return not _leaf_holds(field, "contains" if field == "subject" else "is", value, row, desk)
    columns = {"created": row.created_at, "last": row.last_at, "waiting": row.waiting_since}
    match field, way:
        case (("status" | "kind" | "priority" | "language"), _):
            return getattr(row, field) in value
        case (("channel" | "customer"), _):
            return getattr(row, f"{field}_id") in value
        case "assignee", _:
            return row.assignee_id in [{"me": desk.ines.pk, "nobody": None}.get(one, one) for one in value]
        case "team", _:
            return row.team_id in [{"mine": desk.team.pk, "none": None}.get(one, one) for one in value]
        case "label", _:
            return bool({label.pk for label in row.labels.all()} & set(value))
        case "subject", _:
            return value.casefold() in row.subject.casefold()
        case (("created" | "last" | "waiting"), _):
            at, edge = columns[field], value
            if at is None:
                return False
            edge = NOW - timedelta(hours=value) if isinstance(value, int | float) else datetime.fromisoformat(value)
            return at < edge if way in ("older than", "before") else at >= edge
        case "due", "set":
            return row.due_at is not None
        case "due", "over":
            return row.due_at is not None and row.due_at < NOW
        case "due", _:
            return row.due_at is not None and row.due_at <= NOW + timedelta(hours=value)
        case "attachments", _:
            return row.has_attachments is value
        case "watching", _:
            return (row.pk in desk.watched) is value
        case "mentioned", _:
            return (row.pk in desk.mentioned) is value
        case "following", _:
            return (row.pk in desk.watched | desk.mentioned) is value
        case "custom:size", _:
            return row.fields.get("size") == value
    raise AssertionError(field)


def _leaves(desk: Desk) -> st.SearchStrategy[dict[str, Any]]:
    hours = st.integers(0, 30)
    moments = hours.map(lambda number: (NOW - timedelta(hours=number)).isoformat())
    values: dict[str, list[Any]] = {
        "status": list(Conversation.STATUSES),
        "kind": list(Conversation.KINDS),
        "priority": list(Conversation.PRIORITIES),
        "language": ["en", "de"],
        "channel": [box.pk for box in desk.boxes],
        "customer": [customer.pk for customer in desk.customers],
        "assignee": ["me", "nobody", desk.ines.pk, desk.bo.pk],
        "team": ["mine", "none", desk.team.pk],
        "label": [word.pk for word in desk.words],
    }
    chosen = [
        st.builds(leaf, st.just(field), st.sampled_from(["in", "not in"]), st.lists(st.sampled_from(some), min_size=1))
        for field, some in values.items()
    ]
    times, yes = st.sampled_from(["created", "last", "waiting"]), ["attachments", "watching", "mentioned", "following"]
    return st.one_of(
        *chosen,
        _leaf(["subject"], ["contains", "does not contain"], st.sampled_from(["bag", "7", "%"])),
        st.builds(leaf, times, st.sampled_from(["older than", "newer than"]), hours),
        st.builds(leaf, times, st.sampled_from(["before", "after"]), moments),
        _leaf(["due"], ["over", "set"], st.none()),
        _leaf(["due"], ["within"], hours),
        _leaf(yes, ["is"], st.booleans()),
        _leaf(["custom:size"], ["is", "is not"], st.sampled_from(["S", "M", 3])),
    )


def _leaf(fields: list[str], ways: list[str], values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(leaf, st.sampled_from(fields), st.sampled_from(ways), values)


def _trees(desk: Desk) -> st.SearchStrategy[dict[str, Any]]:
    return st.recursive(
        st.one_of(_leaves(desk), st.just({})),
        lambda inner: st.one_of(
            st.builds(lambda many: {"all": many}, st.lists(inner, max_size=3)),
            st.builds(lambda many: {"any": many}, st.lists(inner, max_size=3)),
            st.builds(lambda one: {"not": one}, inner),
        ),
        max_leaves=8,
    ).filter(lambda tree: _depth(tree) <= conditions.DEEPEST)


def _depth(tree: dict[str, Any]) -> int:
    inner = [*tree.get("all", []), *tree.get("any", []), *([tree["not"]] if "not" in tree else [])]
    return 1 + max((_depth(each) for each in inner), default=-1)


def test_the_database_finds_what_an_obvious_reading_of_the_tree_finds() -> None:
    desk = Desk()

    @settings(
        max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
    )
    @given(_trees(desk))
    def finds_the_same(tree: dict[str, Any]) -> None:
        assert met(tree, by=desk.ines.actor) == [row.pk for row in desk.rows if holds(tree, row, desk)]

    finds_the_same()


@pytest.mark.parametrize(
    "tree",
    [
        {"field": "colour", "is": "in", "value": ["red"]},
        {"field": "status", "is": "contains", "value": "open"},
        {"field": "status", "is": "in", "value": "open"},
        {"field": "status", "is": "in", "value": []},
        {"field": "status", "is": "in", "value": ["gone"]},
        {"field": "priority", "is": "in", "value": [True]},
        {"field": "priority", "is": "in", "value": [0]},
        {"field": "assignee", "is": "in", "value": ["somebody"]},
        {"field": "channel", "is": "in", "value": [2**63]},
        {"field": "created", "is": "before", "value": "yesterday"},
        {"field": "created", "is": "older than", "value": -1},
        {"field": "created", "is": "older than", "value": float("inf")},
        {"field": "created", "is": "older than", "value": 1e12},
        {"field": "due", "is": "over", "value": 3},
        {"field": "subject", "is": "contains", "value": "\x00"},
        {"field": "subject", "is": "contains", "value": ""},
        {"field": "subject", "is": "contains", "value": "\ud800"},
        {"field": "status", "is": "in", "value": ["open"], "besides": 1},
        {"field": "attachments", "is": "is", "value": "yes"},
        {"field": ["status"], "is": "in", "value": ["open"]},
        {"all": [], "any": []},
        {"all": {}},
        {"all": [1]},
        {"not": []},
        {"none": []},
        [],
        "everything",
        None,
    ],
)
def test_a_tree_that_cannot_be_read_is_refused(tree: Any) -> None:
    with pytest.raises(ConditionNotUsable):
        conditions.check(tree)


@pytest.mark.parametrize(
    "tree", [{"all": [{}] * 101}, {"not": {"not": {"not": {"not": {"not": {"not": {"not": {}}}}}}}}]
)
def test_a_tree_that_is_too_large_or_too_deep_is_refused(tree: dict[str, Any]) -> None:
    with pytest.raises(TooManyConditions):
        conditions.check(tree)


def test_everything_that_is_described_can_be_asked() -> None:
    """A way that breaks only when it is used would be found by an agent."""
    samples: dict[str, Any] = {
        "status": "open", "kind": "issue", "priority": 1, "agent": "me", "team": "mine", "language": "en",
        "text": "bag", "number": 3, "hours": 3, "moment": "2026-03-02T12:00", "yes": True,
        "plain": "x", "nothing": None, "choice": "x", "day": "2026-03-02", "money": {"minor": 1, "currency": "EUR"},
    }  # fmt: skip
    for field in FIELDS.values():
        for name, way in field.ways.items():
            value = samples.get(way.kind, 1)
            assert met(leaf(field.name, name, [value] if way.is_many else value)) == []


def test_what_is_known_of_a_customer_holds_for_those_merged_into_them(mailbox: Channel) -> None:
    ada, other, musa = (make_customer(name, email=f"{name}@example.com") for name in ("ada", "ada2", "musa"))
    hers, others, his = (ask(who.pk, mailbox).pk for who in (ada, other, musa))
    merges.merge(ada.pk, other.pk, by=SYSTEM)
    with transaction.atomic():
        traits.write("stake", [traits.NewTrait(ada.pk, 64000.0, {"amount": 64000, "currency": "EUR"})], as_of=NOW)
        traits.write("stake", [traits.NewTrait(musa.pk, 100.0, {"amount": 100, "currency": "EUR"})], as_of=NOW)
    label = customer_labels.put(other.pk, "VIP", by=SYSTEM)
    assert met(leaf("customer stake", "at least", 64000)) == [hers, others]
    assert met(leaf("customer stake", "at most", 100)) == [his]
    assert met(leaf("customer label", "in", [label.pk])) == [hers, others]
    assert met({"not": leaf("customer stake", "at least", 64000)}) == [his]
    companies.join(other.pk, "Moreno & Co")
    company_id = type(other).objects.exclude(company=None).get().company_id or 0
    for tree in (
        leaf("customer stake", "at least", 64000), leaf("customer stake", "at most", 100),
        leaf("customer label", "in", [label.pk]), leaf("customer label", "not in", [label.pk]),
        leaf("company", "in", [company_id]), leaf("company", "in", [company_id + 1]),
    ):  # fmt: skip
        one_by_one = conditions.where(tree, by=SYSTEM, now=NOW, is_walked=True)
        assert list(Conversation.objects.filter(one_by_one).order_by("pk").values_list("pk", flat=True)) == met(tree)
    by_stake = listing.page(Wanted({}), by=SYSTEM, sort="stake").rows
    assert [row.pk for row in by_stake] == [others, hers, his]


def test_a_condition_never_shows_what_one_may_not_see(question: Conversation, ines: Agent, bo: Agent) -> None:
    closed = teams.create("Payroll", by=SYSTEM, is_open=False, agent_ids=[bo.pk])
    Conversation.objects.filter(pk=question.pk).update(team=closed)
    for tree in ({}, leaf("team", "in", [closed.pk]), {"not": {"any": []}}, {"any": [{}, leaf("due", "set")]}):
        assert list(listing.matching(Wanted(tree), by=ines.actor)) == []
        assert listing.page(Wanted(tree), by=ines.actor).rows == []
        assert view_counts.counts([("it", Wanted(tree))], by=ines.actor) == {"it": 0}
        assert view_counts.counts([("it", Wanted(tree))], by=bo.actor) == {"it": 1}
    assert view_counts.counts([("it", Wanted({}))], by=make_agent("Kim", role="analyst").actor) == {}


def test_me_means_nobody_where_no_agent_asks(question: Conversation, ines: Agent) -> None:
    unseen.start_watching(question.pk, by=ines.actor)
    messages.note(question.pk, Written(text="Ines?"), by=ines.actor, mentioned=[ines.pk])
    for tree in (leaf("following", "is", True), leaf("watching", "is", True), leaf("assignee", "in", ["me"])):
        assert met(tree, by=SYSTEM) == []
        assert met(tree, by=Actor("customer", ines.pk)) == []
    assert met(leaf("following", "is", True), by=ines.actor) == [question.pk]


def test_trees_are_joined_without_asking_for_nothing() -> None:
    status = leaf("status", "in", ["open"])
    assert conditions.both({}, status, {"all": []}) == status
    assert conditions.both({}, {}) == {}
    assert conditions.both({"all": [status]}, leaf("due", "set")) == {"all": [status, leaf("due", "set")]}
    assert list(conditions.leaves({"all": [{"not": status}, {"any": [leaf("due", "set")]}]})) == [
        status,
        leaf("due", "set"),
    ]
