"""Fields and macros on the pages: filled in, chosen, done, taken back, and looked after in the settings."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from regulars.accounts.models import Agent
from regulars.customers.models import Customer
from regulars.desk.actions import field_definitions, macros, rules
from regulars.desk.actions import fields as fields_of
from regulars.desk.models import Conversation, Draft, FieldDefinition, Macro, Message, Rule, Step, View
from regulars.desk.selectors import fields
from regulars.kernel.actors import SYSTEM
from regulars.web.desk import field_words
from tests.desk.cast import make_agent
from tests.desk.conftest import ada, bo, ines, mailbox, question

__all__ = ["ada", "bo", "ines", "mailbox", "question"]
pytestmark = pytest.mark.django_db

HTMX: dict[str, Any] = {"headers": {"HX-Request": "true"}}
RESOLVE = {"deed": "resolve", "value": ""}
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


# Macros


@pytest.fixture
def sorry(ines: Agent) -> Macro:
    define()
    done = [{"deed": "field", "value": "reason=damaged"}, {"deed": "label", "value": "Refund"}, RESOLVE]
    text = "Dear {{customer.first_name}}, your order {{order.number}} …"
    return macros.write("Sorry", text, done=done, by=ines.actor)


def test_a_chosen_macro_is_said_and_done_with_the_answer(page: Client, question: Conversation, sorry: Macro) -> None:
    choices = page.get(reverse("desk:macros", args=[question.pk]), **HTMX).content.decode()
    assert 'data-inserts="Dear Ada, your order {{order.number}} …"' in choices
    assert choices.count('name="deed"') == 3
    deeds = ["field:reason=damaged", "label:Refund", "resolve"]
    said = {"text": "Dear Ada", "then": "waiting", "macro": sorry.pk, "deed": deeds, "key": "k"}
    for _again in range(2):
        assert page.post(reverse("desk:replies", args=[question.pk]), said, **HTMX).status_code == 200
    held = Conversation.objects.get()
    assert (held.status, held.fields, held.message_count) == ("resolved", {"reason": "damaged"}, 2)
    sorry.refresh_from_db()
    assert sorry.used_count == 1
    shown = page.get(reverse("desk:conversation", args=[question.pk])).content.decode()
    assert "used the macro “Sorry”" in shown
    assert page.post(reverse("desk:reply_undo", args=[Message.objects.latest("pk").pk])).status_code == 302
    held.refresh_from_db()
    assert (held.status, held.fields, held.labels.count()) == ("open", {}, 0)


def test_what_a_macro_will_do_is_kept_with_the_draft(page: Client, question: Conversation, sorry: Macro) -> None:
    said = {"kind": "message", "text": "Dear", "macro": sorry.pk, "deed": ["label:Refund"]}
    page.post(reverse("desk:drafts", args=[question.pk]), said, **HTMX)
    assert Draft.objects.get().doing == {"macro": sorry.pk, "deeds": [{"deed": "label", "value": "Refund"}]}
    shown = page.get(reverse("desk:conversation", args=[question.pk])).content.decode()
    assert 'value="label:Refund" checked' in shown
    page.post(reverse("desk:drafts", args=[question.pk]), {"kind": "message", "text": "Dear"}, **HTMX)
    assert Draft.objects.get().doing == {}


def test_a_macro_is_chosen_without_scripts_too(page: Client, question: Conversation, sorry: Macro) -> None:
    listed = page.get(reverse("desk:macros", args=[question.pk])).content.decode()
    address = f"{reverse('desk:conversation', args=[question.pk])}?macro={sorry.pk}"
    assert address in listed
    shown = page.get(address).content.decode()
    assert ("Dear Ada, your order" in shown, 'value="resolve" checked' in shown) == (True, True)
    assert page.get(f"{address}9999").status_code == 200


def test_a_macro_without_a_text_is_done_and_taken_back(page: Client, question: Conversation, ines: Agent) -> None:
    quick = macros.write("Quick", "", done=[RESOLVE], by=ines.actor)
    address = reverse("desk:macro_use", args=[question.pk, quick.pk])
    done = page.post(address, {"use_key": "k"}, **HTMX)
    toast = json.loads(done["HX-Trigger"])["toast"]
    assert (toast["text"], Conversation.objects.get().status) == ("Done.", "resolved")
    assert page.post(toast["act"]["url"], **HTMX).status_code == 204
    assert Conversation.objects.get().status == "open"
    assert page.post(toast["act"]["url"]).status_code == 409
    assert page.post(address, {"use_key": "plain"}).status_code == 302


def test_a_note_with_deeds_is_added_once_and_its_deeds_taken_back(
    page: Client, question: Conversation, sorry: Macro
) -> None:
    said = {"text": "Checked", "macro": sorry.pk, "deed": ["label:Refund"], "key": "n"}
    done = page.post(reverse("desk:notes", args=[question.pk]), said, **HTMX)
    act = json.loads(done["HX-Trigger"])["toast"]["act"]
    assert Conversation.objects.get().labels.count() == 1
    assert page.post(act["url"], **HTMX).status_code == 204
    assert Conversation.objects.get().labels.count() == 0


def test_bulk_says_how_many_were_left_and_why(page: Client, question: Conversation, sorry: Macro) -> None:
    define("short text", "Order", is_required=True)
    more = page.get(reverse("desk:bulk_more")).content.decode()
    assert (f'value="macro:{sorry.pk}"' in more, 'value="field:reason=too_late"' in more) == (True, True)
    begin = {"deed": f"macro:{sorry.pk}", "ids": [question.pk]}
    told = json.loads(page.post(reverse("desk:bulks_begin"), begin, **HTMX)["HX-Trigger"])["toast"]["text"]
    reason = "Fill in before resolving: Order. Nothing was changed."
    assert told == f"Macro “Sorry”: 0 conversations. 1 was left as it is: {reason}"
    assert Conversation.objects.get().fields == {}
    filled = {"deed": "field:order=", "field.order": "20318", "ids": [question.pk]}
    told = json.loads(page.post(reverse("desk:bulks_begin"), filled, **HTMX)["HX-Trigger"])["toast"]["text"]
    assert (told, Conversation.objects.get().fields) == ("Set Order: 20318: 1 conversation.", {"order": "20318"})


def test_bulk_fills_in_long_texts_and_several_choices(page: Client, question: Conversation) -> None:
    define("long text", "Story")
    define("choices", "Parts")
    more = page.get(reverse("desk:bulk_more")).content.decode()
    assert '<textarea class="input" name="field.story"' in more and 'name="field.parts" value="too_late"' in more
    for said in ({"field.story": "One\ntwo, three"}, {"field.parts": ["too_late", "damaged"]}):
        (name,) = said
        page.post(reverse("desk:bulks_begin"), {"deed": f"field:{name[6:]}=", "ids": [question.pk], **said}, **HTMX)
    assert Conversation.objects.get().fields == {"story": "One\ntwo, three", "parts": ["damaged", "too_late"]}


def test_one_answer_to_many_is_looked_at_then_sent(page: Client, question: Conversation) -> None:
    macro = macros.write("Late", "Dear {{customer.first_name}}, it is late.", by=SYSTEM)
    assert f'value="answer:{macro.pk}"' in page.get(reverse("desk:bulk_more")).content.decode()
    begin = {"deed": f"answer:{macro.pk}", "ids": [question.pk]}
    address = page.post(reverse("desk:bulks_begin"), begin, **HTMX)["HX-Redirect"]
    shown = page.get(address).content.decode()
    assert "Dear Ada, it is late." in shown and not Message.objects.filter(author_kind="agent").exists()
    form = {name: re.search(rf'name="{name}" value="([^"]+)"', shown)[1] for name in ("macro", "ids", "looked_at")}  # type: ignore[index]  # it is there
    sent = page.post(address, form, follow=True).content.decode()
    assert "Answered with “Late”: 1 conversation." in sent and ">Undo<" in sent.replace("</svg>", ">")
    assert Message.objects.get(author_kind="agent").text == "Dear Ada, it is late."


def test_a_macro_is_written_tried_changed_copied_and_retired(page: Client, question: Conversation) -> None:
    define()
    new = reverse("settings:macro_new")
    assert "No macros yet" in page.get(reverse("settings:macros")).content.decode()
    said = {"name": "Sorry", "text": "Dear {{customer.first_name}} {{nobody.knows}}", "as": "reply", "for": "all"}
    said |= {"deed.0": "field:reason", "deed.0.was": "field:reason", "deed.0.value": "damaged", "deed.1": "resolve"}
    looked = page.post(new, {**said, "do": "look"}, **HTMX).content.decode()
    assert "Dear Ada <mark>{{nobody.knows}}</mark>" in looked
    assert ("<li>Reason: Damaged</li>" in looked, "<li>Resolve it</li>" in looked) == (True, True)
    assert (Macro.objects.count(), Conversation.objects.get().status) == (0, "open")
    assert page.post(new, {**said, "name": "", "do": "save"}).status_code == 422
    assert page.post(new, {**said, "do": "save"}).status_code == 302
    macro = Macro.objects.get()
    assert macro.deeds == [{"deed": "field", "value": "reason=damaged"}, RESOLVE]
    one = reverse("settings:macro", args=[macro.pk])
    assert '<option value="damaged" selected>Damaged</option>' in page.get(one).content.decode()
    page.post(one, {"name": "Sorry", "text": "Hello", "as": "note", "for": "me", "do": "save"})
    macro.refresh_from_db()
    assert (macro.text, macro.deeds, macro.is_note, macro.agent_id is None) == ("Hello", [], True, False)
    page.post(reverse("settings:macro_copy", args=[macro.pk]))
    page.post(reverse("settings:macro_retirement", args=[macro.pk]))
    assert [row.name for row in Macro.objects.filter(retired_at=None)] == ["Sorry (copy)"]
    listed = page.get(f"{reverse('settings:macros')}?q=copy&sort=name").content.decode()
    assert ("Sorry (copy)" in listed, "1 retired" in listed) == (True, False)


def test_another_agents_macro_is_not_there(page: Client, question: Conversation, bo: Agent) -> None:
    own = macros.write("Own", "", done=[RESOLVE], by=bo.actor, is_shared=False)
    assert page.get(reverse("settings:macro", args=[own.pk])).status_code == 404
    for name, args in (("settings:macro_copy", [own.pk]), ("desk:macro_use", [question.pk, own.pk])):
        assert page.post(reverse(name, args=args)).status_code == 404
    assert (Conversation.objects.get().status, Macro.objects.count()) == ("open", 1)
    assert page.get(reverse("desk:macro_names")).json() == {"macros": []}


def test_a_rule_asks_for_a_field_and_fills_another_in(manager: Client, question: Conversation) -> None:
    define()
    define("money", "Refund")
    said = {
        "name": "Refunds", "triggers": ["changed"], "c.match": "all", "c.0.asked": "custom:refund.costs at least",
        "c.0.was": "custom:refund.costs at least", "c.0.value": "10", "deed.0": "field:reason",
        "deed.0.was": "field:reason", "deed.0.value": "damaged", "do": "save",
    }  # fmt: skip
    assert manager.post(reverse("settings:rule_new"), said).status_code == 302
    rule = Rule.objects.get()
    asked = {"field": "custom:refund", "is": "costs at least", "value": {"minor": 1000, "currency": "EUR"}}
    assert (rule.conditions, rule.deeds) == ({"all": [asked]}, [{"deed": "field", "value": "reason=damaged"}])
    shown = manager.get(reverse("settings:rule", args=[rule.pk])).content.decode()
    assert '<option value="custom:refund.costs at least" selected>Refund is at least</option>' in shown
    assert '<option value="damaged" selected>Damaged</option>' in shown
    assert manager.post(reverse("settings:rule", args=[rule.pk]), said).status_code == 302
    fields_of.write(question.pk, "refund", "12", by=SYSTEM)
    rules.obey("changed", question.pk, because="event-1", actor=SYSTEM)
    assert Conversation.objects.get().fields["reason"] == "damaged"
    field_definitions.retire(FieldDefinition.objects.get(key="reason").pk, is_retired=True, by=SYSTEM)
    shown = manager.get(reverse("settings:rule", args=[rule.pk])).content.decode()
    assert '<option value="field:reason" selected>Reason (retired)</option>' in shown
    assert manager.post(reverse("settings:rule", args=[rule.pk]), said).status_code == 422


def test_a_view_keeps_what_it_asks_of_a_field_that_is_gone(manager: Client, question: Conversation) -> None:
    row = define()
    said = {
        "c.match": "all", "c.0.asked": "custom:reason.in", "c.0.was": "custom:reason.in", "name": "Damaged",
        "c.0.value": ["damaged"], "sort": "newest", "do": "save",
    }  # fmt: skip
    assert manager.post(reverse("desk:view_create"), said).status_code == 302
    field_definitions.retire(row.pk, is_retired=True, by=SYSTEM)
    view = View.objects.get()
    tree = {"all": [{"field": "custom:reason", "is": "in", "value": ["damaged"]}]}
    shown = manager.get(reverse("desk:view_change", args=[view.pk])).content.decode()
    assert (view.conditions, '<option value="custom:reason.in" selected>reason is one of' in shown) == (tree, True)


def test_the_search_offers_fields_and_what_they_take(manager: Client, question: Conversation) -> None:
    define()
    page = manager.get(reverse("desk:inbox"))
    assert page.context["inbox"]["operators"]["reason:"] == ["Damaged", '"Too late"']
