"""Fields of the company's own: what they hold, who must fill them in, and that nothing else is touched."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.accounts.actions import teams
from regulars.accounts.models import Agent
from regulars.desk import field_values
from regulars.desk.actions import field_definitions, fields, messages, rules, states
from regulars.desk.actions.messages import Written
from regulars.desk.errors import (
    FieldKeyTaken,
    FieldNotUsable,
    FieldRetired,
    FieldsMissing,
    FieldValueNotUsable,
)
from regulars.desk.models import Conversation, FieldDefinition, Firing, Message, Step
from regulars.desk.selectors import conditions, listing, search_query
from regulars.desk.selectors import fields as found
from regulars.desk.selectors.listing import Wanted
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.errors import NotAllowed
from regulars.kernel.models import Fact

pytestmark = pytest.mark.django_db

SIZES = [{"label": "Small"}, {"label": "Medium"}, {"label": "Large"}]


def a_field(kind: str, **more: Any) -> Any:
    """A definition that is in no table."""
    labels = {"small": "Small", "medium": "Medium", "large": "Large, very", "old": "Old"}
    offered = {key: label for key, label in labels.items() if key != "old"}
    return SimpleNamespace(label="Size", kind=kind, labels=labels, offered=offered, **more)


def read(kind: str, value: Any, before: Any = None) -> Any:
    return field_values.read(a_field(kind), value, currency="EUR", before=before)


ANYTHING = st.one_of(
    st.text(), st.integers(), st.floats(), st.booleans(), st.none(), st.dates().map(str), st.lists(st.text()),
    st.sampled_from(["small", "LARGE, VERY", "yes", "12.50 EUR", "1e300", "shop.example/x", "https://a.b/c d"]),
    st.lists(st.sampled_from(["large", "small", "Medium"])), st.dictionaries(st.text(), st.integers()),
    st.fixed_dictionaries({"minor": st.integers(), "currency": st.sampled_from(["EUR", "JPY", "KWD", "x"])}),
    st.from_regex(r"-?[0-9]{1,17}(\.[0-9]{0,20})?( [A-Z]{3})?", fullmatch=True),
)  # fmt: skip


@pytest.mark.parametrize("kind", field_values.KINDS)
@settings(max_examples=60)
@given(given=ANYTHING)
def test_whatever_is_given_is_refused_kindly_or_reads_back_as_the_same_value(kind: str, given: Any) -> None:
    try:
        value = read(kind, given)
    except FieldValueNotUsable as refusal:
        assert "“Size”" in str(refusal)
        return
    assert read(kind, field_values.text_of(value)) == value
    assert value is None or (read(kind, value) == value and field_values.fits(a_field(kind), value))


@settings(max_examples=60)
@given(value=ANYTHING)
def test_whatever_lies_in_a_field_can_be_written_down(value: Any) -> None:
    assert isinstance(field_values.text_of(value), str)
    for kind in field_values.KINDS:
        assert field_values.fits(a_field(kind), value) in (True, False)


@pytest.mark.parametrize(
    ("kind", "given", "value"),
    [
        ("short text", "  two \n words ", "two words"),
        ("long text", "one\r\ntwo ", "one\ntwo"),
        ("number", "12.50", 12.5),
        ("number", "0", 0),
        ("money", "12.5", {"minor": 1250, "currency": "EUR"}),
        ("money", "300 jpy", {"minor": 300, "currency": "JPY"}),
        ("date", "2026-03-01", "2026-03-01"),
        ("yes or no", "Yes", True),
        ("yes or no", "no", False),
        ("choice", "medium", "medium"),
        ("choice", "large, VERY", "large"),
        ("choices", ["large", "small"], ["small", "large"]),
        ("choices", "large, small", ["small", "large"]),
        ("link", "shop.example/orders", "https://shop.example/orders"),
        ("number", " ", None),
        ("choices", [], None),
    ],
)
def test_each_kind_reads_what_people_write(kind: str, given: Any, value: Any) -> None:
    read_value = read(kind, given)
    assert (read_value, type(read_value)) == (value, type(value))


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("number", "twelve"),
        ("number", "NaN"),
        ("number", True),
        ("money", "12 XXXX"),
        ("date", "1.3.2026"),
        ("yes or no", "perhaps"),
        ("choice", "tiny"),
        ("choice", "old"),
        ("choices", ["small", "tiny"]),
        ("link", "javascript:alert(1)"),
        ("link", "https://a.b/c d"),
        ("short text", "x" * 1001),
    ],
)
def test_what_is_not_of_a_fields_kind_is_refused(kind: str, given: Any) -> None:
    with pytest.raises(FieldValueNotUsable):
        read(kind, given)


def test_a_retired_choice_stays_where_it_was_chosen_and_only_there() -> None:
    assert read("choice", "old", before="old") == "old"
    assert read("choices", ["old", "small"], before=["old"]) == ["small", "old"]


def size(**more: Any) -> FieldDefinition:
    return field_definitions.define("Size", "choice", choices=SIZES, by=SYSTEM, **more)


def test_a_field_gets_its_key_from_its_name_and_keeps_it() -> None:
    first = field_definitions.define("Größe & Maß", "short text", by=SYSTEM)
    second = field_definitions.define("Größe & Maß", "short text", by=SYSTEM)
    assert (first.key, second.key) == ("grosse_mass", "grosse_mass_2")
    same = {"help": "", "choices": [], "is_required": True, "team_ids": []}
    changed = field_definitions.change(first.pk, label="Measure", by=SYSTEM, **same)
    assert (changed.key, changed.label, changed.is_required) == ("grosse_mass", "Measure", True)
    with pytest.raises(FieldKeyTaken):
        field_definitions.define("Another", "number", key="Grosse Mass", by=SYSTEM)
    assert FieldDefinition.objects.count() == 2


def test_only_those_who_look_after_the_desk_define_fields(ines: Agent) -> None:
    with pytest.raises(NotAllowed):
        field_definitions.define("Size", "number", by=ines.actor)
    for refused in ({"label": ""}, {"label": "x" * 61}, {"label": "Size", "kind": "colour"}, {"kind": "choice"}):
        with pytest.raises(FieldNotUsable):
            field_definitions.define(refused.get("label", "Size"), refused.get("kind", "number"), by=SYSTEM)
    assert FieldDefinition.objects.count() == 0


def test_a_choice_left_out_is_retired_and_one_renamed_keeps_its_key() -> None:
    row = size()
    given = [{"key": "large", "label": "Very large"}, {"key": "small", "label": "Small"}, {"label": "Tiny"}]
    changed = field_definitions.change(
        row.pk, label="Size", help="", choices=given, is_required=False, team_ids=[], by=SYSTEM
    )
    assert changed.offered == {"large": "Very large", "small": "Small", "tiny": "Tiny"}
    assert changed.labels == {"large": "Very large", "small": "Small", "tiny": "Tiny", "medium": "Medium"}


def test_fields_are_put_in_order_and_retired(ines: Agent) -> None:
    keys = [field_definitions.define(name, "number", by=SYSTEM) for name in ("One", "Two", "Three")]
    field_definitions.move(keys[2].pk, up=True, by=SYSTEM)
    field_definitions.move(keys[0].pk, up=True, by=SYSTEM)
    assert [row.key for row in found.defined()] == ["one", "three", "two"]
    field_definitions.retire(keys[0].pk, is_retired=True, by=SYSTEM)
    assert [row.key for row in found.defined()] == ["three", "two"]
    assert [row.key for row in found.every()] == ["three", "two", "one"]


def test_a_value_is_kept_as_its_kind_with_a_step_and_a_fact(question: Conversation, ines: Agent) -> None:
    size()
    fields.write(question.pk, "size", "Medium", by=ines.actor)
    fields.write(question.pk, "size", "medium", by=ines.actor)
    question.refresh_from_db()
    step = Step.objects.get(verb="changed")
    details = {"what": "field", "key": "size", "name": "Size", "before": None, "after": "medium", "told": "Medium"}
    assert (question.fields, step.details) == ({"size": "medium"}, details)
    fact = Fact.objects.get(name="conversation changed")
    assert (fact.properties["what"], fact.properties["field"]) == ("field Size", "size")
    fields.write(question.pk, "size", "", by=ines.actor)
    question.refresh_from_db()
    assert question.fields == {}


def test_what_is_refused_changes_nothing_and_other_details_are_left_alone(question: Conversation, ines: Agent) -> None:
    row = size()
    question.fields = {"Shoe": "42", "odd": {"a": [1]}}
    question.save()
    with pytest.raises(FieldValueNotUsable):
        fields.write(question.pk, "size", "tiny", by=ines.actor)
    field_definitions.retire(row.pk, is_retired=True, by=SYSTEM)
    with pytest.raises(FieldRetired):
        fields.write(question.pk, "size", "small", by=ines.actor)
    question.refresh_from_db()
    assert question.fields == {"Shoe": "42", "odd": {"a": [1]}}
    assert Step.objects.filter(verb="changed").count() == 0
    fields.write(question.pk, "Note", "by hand", by=ines.actor)
    question.refresh_from_db()
    assert question.fields == {"Shoe": "42", "odd": {"a": [1]}, "Note": "by hand"}


def test_a_field_is_where_its_team_is_or_where_something_is_in_it(question: Conversation) -> None:
    team = teams.create("Returns", by=SYSTEM)
    size(team_ids=[team.pk])
    defined = found.defined()
    assert found.noted(question, defined).lines == ()
    question.fields = {"size": 7, "Shoe": "42", "empty": ""}
    noted = found.noted(question, defined)
    assert [(line.definition.key, line.value, line.fits) for line in noted.lines] == [("size", 7, False)]
    assert noted.others == (("Shoe", "42"),)
    question.fields, question.team_id = {}, team.pk
    assert [line.definition.key for line in found.noted(question, defined).lines] == ["size"]


def test_nobody_resolves_while_a_required_field_is_empty(question: Conversation, ines: Agent) -> None:
    size(is_required=True)
    steps = Step.objects.count()
    with pytest.raises(FieldsMissing) as stopped:
        states.resolve(question.pk, by=ines.actor)
    assert (str(stopped.value), stopped.value.keys) == (
        "Fill in before resolving: Size. Nothing was changed.",
        ("size",),
    )
    with pytest.raises(FieldsMissing):
        messages.reply(question.pk, Written(text="Done."), by=ines.actor, then="resolved")
    with pytest.raises(FieldsMissing):
        states.resolve(question.pk, by=Actor("key", 1))
    question.refresh_from_db()
    assert (question.status, question.message_count, question.assignee_id) == ("open", 1, None)
    assert (Step.objects.count(), Message.objects.count()) == (steps, 1)
    fields.write(question.pk, "size", "small", by=ines.actor)
    assert states.resolve(question.pk, by=ines.actor).status == "resolved"


def test_what_the_system_does_and_what_is_put_back_needs_no_field(question: Conversation, ines: Agent) -> None:
    sent = messages.reply(question.pk, Written(text="Done."), by=ines.actor, then="resolved")
    size(is_required=True)
    before = states.standing(Conversation.objects.get())
    states.reopen(question.pk, by=ines.actor)
    states.put_back(question.pk, before, by=ines.actor)
    assert Conversation.objects.get().status == "resolved"
    assert messages.take_back(sent.pk, by=ines.actor).state == "cancelled"
    assert states.resolve(question.pk, by=SYSTEM).status == "resolved"


def test_a_field_of_another_team_is_required_of_nobody_else(question: Conversation, ines: Agent) -> None:
    size(is_required=True, team_ids=[teams.create("Returns", by=SYSTEM).pk])
    assert states.resolve(question.pk, by=ines.actor).status == "resolved"


def test_a_rule_is_held_to_it_too_and_its_refusal_is_on_record(question: Conversation) -> None:
    size(is_required=True)
    rules.write("Settle", triggers=["started"], tree={}, done=[{"deed": "resolve", "value": ""}], by=SYSTEM)
    rules.obey("started", question.pk, because="event-1", actor=SYSTEM)
    question.refresh_from_db()
    assert question.status == "open"
    assert Firing.objects.get().trouble == "resolve: Fill in before resolving: Size. Nothing was changed."


LYING: list[Any] = [
    "small", "Small print", "", ["small", "large"], [], 5, 12.5, True, False, None, "2026-03-01", "2026-12-31", "zebra",
    {"minor": 1250, "currency": "EUR"}, {"minor": 300, "currency": "JPY"}, {"a": [1]}, [7], "5",
]  # fmt: skip
FIVE, EUROS = 5, {"minor": 1000, "currency": "EUR"}


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("2026-")


def _minor(value: Any) -> int | None:
    return value["minor"] if isinstance(value, dict) and value.get("currency") == "EUR" else None


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


@pytest.mark.parametrize(
    ("way", "asked", "holds"),
    [
        ("is", "small", lambda value: value == "small"),
        ("in", ["small", "zebra"], lambda value: value in ("small", "zebra", ["small", "large"])),
        ("contains", "MALL", lambda value: "mall" in str(value).lower()),
        ("is so", True, lambda value: value is True),
        ("is so", False, lambda value: value is False),
        ("equals", FIVE, lambda value: _number(value) and value == FIVE),
        ("at least", FIVE, lambda value: _number(value) and value >= FIVE),
        ("at most", FIVE, lambda value: _number(value) and value <= FIVE),
        ("costs at least", EUROS, lambda value: (_minor(value) or 0) >= EUROS["minor"]),
        ("costs at most", EUROS, lambda value: (_minor(value) or 9999) <= EUROS["minor"]),
        ("on", "2026-03-01", lambda value: value == "2026-03-01"),
        ("before", "2026-03-02", lambda value: _is_day(value) and value < "2026-03-02"),
        ("after", "2026-03-02", lambda value: _is_day(value) and value > "2026-03-02"),
        ("filled", None, lambda value: value is not None and value != ""),
    ],
)
def test_a_condition_on_a_field_holds_where_it_should_whatever_lies_there(
    question: Conversation, way: str, asked: Any, holds: Any
) -> None:
    key = 'Odd "key" of ours'
    common = {"customer_id": question.customer_id, "channel_id": question.channel_id}
    common |= {"created_at": question.created_at, "last_at": question.last_at}
    rows = [Conversation(fields={key: value, "other": value}, **common) for value in LYING]
    rows = [question, *Conversation.objects.bulk_create([*rows, Conversation(fields={"other": "small"}, **common)])]
    there = {row.pk for row in rows if key in row.fields and holds(row.fields[key])}
    tree: dict[str, Any] = {"field": f"custom:{key}", "is": way, **({} if asked is None else {"value": asked})}
    met = listing.matching(Wanted(tree), by=SYSTEM).values_list("pk", flat=True)
    assert set(met) == there
    rest = listing.matching(Wanted({"not": tree}), by=SYSTEM).values_list("pk", flat=True)
    assert set(rest) == {row.pk for row in rows} - there


def test_a_condition_on_a_field_can_use_the_index_of_fields(question: Conversation) -> None:
    where = conditions.where({"field": "custom:size", "is": "in", "value": ["small"]}, by=SYSTEM, now=clock.now())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "conversation_fields" in Conversation.objects.filter(where).order_by().explain()


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("size:small", {"field": "custom:size", "is": "in", "value": ["small"]}),
        ('size:"very la"', {"field": "custom:size", "is": "in", "value": ["large"]}),
        ("-gift:yes", {"not": {"field": "custom:gift", "is": "is so", "value": True}}),
        ("weight:>5", {"field": "custom:weight", "is": "at least", "value": 5}),
        ("bought:<2026-03-01", {"field": "custom:bought", "is": "before", "value": "2026-03-01"}),
        ("order_number:203", {"field": "custom:Order number", "is": "contains", "value": "203"}),
        ("refund:>10", {"field": "custom:refund", "is": "costs at least", "value": EUROS}),
    ],
)
def test_the_search_asks_for_a_field_by_its_name(question: Conversation, typed: str, tree: dict[str, Any]) -> None:
    row = size()
    changed = [{"key": "small", "label": "Small"}, {"key": "large", "label": "Very large"}]
    field_definitions.change(row.pk, label="Size", help="", choices=changed, is_required=False, team_ids=[], by=SYSTEM)
    for label, kind in (("Gift", "yes or no"), ("Weight", "number"), ("Bought", "date"), ("Refund", "money")):
        field_definitions.define(label, kind, by=SYSTEM)
    field_definitions.define("Order", "short text", key="Order number", by=SYSTEM)
    assert search_query.read(typed, zone="UTC").trees == [tree]
    assert listing.matching(Wanted(tree), by=SYSTEM).count() == (1 if "not" in tree else 0)


def test_what_no_field_is_called_stays_a_word(question: Conversation) -> None:
    size()
    read_words = search_query.read("size:enormous https://shop.example", zone="UTC")
    assert (read_words.trees, read_words.words[:2]) == ([], ["size", "enormous"])
