"""Fields beside a conversation, and the pages that define them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from regulars.accounts.models import Agent
from regulars.customers.models import Customer
from regulars.desk.actions import field_definitions
from regulars.desk.models import Conversation, FieldDefinition, Step
from regulars.desk.selectors import fields
from regulars.kernel.actors import SYSTEM
from regulars.web.desk import field_words
from tests.desk.cast import make_agent
from tests.desk.conftest import ada, ines, mailbox, question  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db

HTMX: dict[str, Any] = {"headers": {"HX-Request": "true"}}
CHOICES = [{"label": "Damaged"}, {"label": "Too late"}]


@pytest.fixture
def manager(client: Client, db: None) -> Client:
    client.force_login(make_agent("Olga", role="manager"))
    return client


@pytest.fixture
def page(client: Client, ines: Agent) -> Client:
    client.force_login(ines)
    return client


def define(kind: str = "choice", label: str = "Reason", **more: Any) -> FieldDefinition:
    choices = CHOICES if kind in ("choice", "choices") else ()
    return field_definitions.define(label, kind, choices=choices, by=SYSTEM, **more)


def write(page: Client, pk: int, name: str, value: Any, **more: Any) -> Any:
    return page.post(reverse("desk:fields", args=[pk]), {"field": name, "value": value}, **more)


def test_a_field_is_filled_in_where_it_stands(page: Client, question: Conversation) -> None:
    define()
    answer = write(page, question.pk, "reason", "too_late", **HTMX)
    assert (answer.status_code, '"conversation-changed"' in answer["HX-Trigger"]) == (200, True)
    assert '<option value="too_late" selected>Too late</option>' in answer.content.decode()
    shown = page.get(reverse("desk:conversation", args=[question.pk])).content.decode()
    assert "Ines set Reason to “Too late”" in shown
    assert write(page, question.pk, "reason", "").status_code == 302
    assert Conversation.objects.get().fields == {}


def test_several_choices_are_kept_together(page: Client, question: Conversation) -> None:
    define("choices", "Parts")
    write(page, question.pk, "parts", ["too_late", "damaged"], **HTMX)
    assert Conversation.objects.get().fields == {"parts": ["damaged", "too_late"]}
    write(page, question.pk, "parts", [], **HTMX)
    assert Conversation.objects.get().fields == {}


def test_what_cannot_be_kept_stays_typed_with_its_reason(page: Client, question: Conversation) -> None:
    define("money", "Refund")
    answer = write(page, question.pk, "refund", "a lot", **HTMX)
    said = answer.content.decode()
    assert (answer.status_code, 'value="a lot"' in said) == (422, True)
    assert "“Refund” takes an amount, such as 12.50 or 12.50 EUR. Nothing was changed." in said
    assert (Conversation.objects.get().fields, Step.objects.filter(verb="changed").count()) == ({}, 0)


def test_odd_values_and_other_details_are_shown_as_they_are(page: Client, question: Conversation) -> None:
    for kind in field_words.KINDS:
        define(kind, kind.title())
    odd: dict[str, Any] = {row.key: {"a": [1, None]} for row in fields.defined()}
    Conversation.objects.update(fields={**odd, "Shoe": "42", "deep": [{"x": 1}]})
    for address in ("desk:conversation", "desk:details"):
        shown = page.get(reverse(address, args=[question.pk])).content.decode()
        assert shown.count("which does not fit.") == len(field_words.KINDS)
        assert "<dt>Shoe</dt><dd>42</dd>" in shown


def test_resolving_is_stopped_with_the_fields_to_fill_in(page: Client, question: Conversation) -> None:
    define(is_required=True)
    address = reverse("desk:resolution", args=[question.pk])
    stopped = page.post(address, **HTMX)
    assert (stopped.status_code, stopped["HX-Trigger"]) == (409, '{"fields-missing": {"keys": ["reason"]}}')
    assert "Fill in before resolving: Reason. Nothing was changed." in stopped.content.decode()
    plain = page.post(address)
    assert plain["Location"] == f"{reverse('desk:conversation', args=[question.pk])}#noted"
    sent = page.post(reverse("desk:replies", args=[question.pk]), {"text": "Bye", "then": "resolved"})
    assert (sent.status_code, "Bye" in sent.content.decode()) == (409, True)
    held = Conversation.objects.get()
    assert (held.status, held.message_count) == ("open", 1)


def test_a_field_is_defined_changed_moved_and_retired(manager: Client) -> None:
    new, listed = reverse("settings:field_new"), reverse("settings:fields")
    assert "No fields yet" in manager.get(listed).content.decode()
    said = {"label": "Reason", "kind": "choice", "choice.0.label": "Damaged", "choice.0.key": "", "help": "Why"}
    grown = manager.post(new, {**said, "do": "add-choice"}, **HTMX)
    assert (grown.content.decode().count("choice-line"), FieldDefinition.objects.count()) == (2, 0)
    refused = manager.post(new, {**said, "label": "", "do": "save"})
    assert (refused.status_code, 'value="Damaged"' in refused.content.decode()) == (422, True)
    assert manager.post(new, {**said, "do": "save", "is_required": "1"})["Location"] == listed
    row = FieldDefinition.objects.get()
    assert (row.key, row.offered, row.is_required) == ("reason", {"damaged": "Damaged"}, True)
    define("number", "Weight")
    one = reverse("settings:field", args=[row.pk])
    kept = {"label": "Cause", "kind": "number", "choice.0.key": "damaged", "choice.0.label": "Broken", "do": "save"}
    manager.post(one, kept)
    manager.post(reverse("settings:field_move", args=[row.pk]), {"to": "down"})
    assert [(each.key, each.kind, each.label) for each in fields.defined()] == [
        ("weight", "number", "Weight"),
        ("reason", "choice", "Cause"),
    ]
    manager.post(reverse("settings:field_retirement", args=[row.pk]))
    assert [each.key for each in fields.defined()] == ["weight"]
    assert "Use it again" in manager.get(listed).content.decode()


def test_details_nobody_defined_become_fields_of_the_kind_they_look_like(
    manager: Client, question: Conversation, ada: Customer
) -> None:
    Conversation.objects.update(fields={"Shoe size": 42, "gift": True, "When": "2026-03-01", "Colour": "red"})
    shown = manager.get(reverse("settings:fields"))
    found = {one.name: (one.kind, one.query) for one in shown.context["found"]}
    assert {name: kind for name, (kind, _query) in found.items()} == {
        "Colour": "short text", "Shoe size": "number", "When": "date", "gift": "yes or no",
    }  # fmt: skip
    form = manager.get(f"{reverse('settings:field_new')}?{found['Shoe size'][1]}")
    assert form.context["given"]["key"] == "Shoe size"
    manager.post(reverse("settings:field_new"), {"label": "Shoe", "kind": "number", "key": "Shoe size", "do": "save"})
    panel = fields.noted(Conversation.objects.get(), fields.defined())
    assert [(line.definition.label, line.value, line.fits) for line in panel.lines] == [("Shoe", 42, True)]


def test_an_agent_does_not_define_fields(page: Client) -> None:
    define()
    for name, args in (("fields", []), ("field_new", []), ("field", [1])):
        assert page.get(reverse(f"settings:{name}", args=args)).status_code == 403
    for name in ("field_move", "field_retirement"):
        assert page.post(reverse(f"settings:{name}", args=[FieldDefinition.objects.get().pk])).status_code == 403
    assert FieldDefinition.objects.get().retired_at is None
