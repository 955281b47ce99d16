"""Settings, Labels: how many bear each, another name and colour, what names it, and taking it away."""

import pytest
from django.test import Client
from django.urls import reverse

from regulars.desk.actions import labels, rules, seats
from regulars.desk.models import Conversation, Label
from regulars.kernel.actors import SYSTEM
from tests.desk.cast import make_agent
from tests.desk.conftest import ada, mailbox, question

__all__ = ["ada", "mailbox", "question"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(make_agent("Jonas", role="manager"))
    return client


def test_a_label_gets_another_name_and_the_conversation_shows_it(manager: Client, question: Conversation) -> None:
    late, there = labels.put(question.pk, "Late", by=SYSTEM), reverse("desk:conversation", args=[question.pk])
    page = reverse("settings:label", args=[late.pk])
    assert "Late" in manager.get(there).content.decode()
    assert "1 conversation<" in manager.get(reverse("settings:labels")).content.decode()
    assert "1 conversation bears it." in manager.get(page).content.decode()
    assert manager.post(page, {"name": "Parcel lost", "hue": "30"}).status_code == 302
    assert "Parcel lost" in manager.get(there).content.decode()
    assert (Label.objects.get().name, Label.objects.get().hue) == ("Parcel lost", 30)
    assert "Late → Parcel lost" in _audit(manager)


def test_a_label_is_made_there_and_a_name_that_is_taken_is_said(manager: Client) -> None:
    page = reverse("settings:labels")
    assert "No labels yet" in manager.get(page).content.decode()
    made = manager.post(page, {"name": " Parcel  lost ", "hue": "75"}, follow=True).content.decode()
    assert "“Parcel lost” is there" in made and "0 conversations" in made and "No labels yet" not in made
    refused = manager.post(page, {"name": "parcel LOST", "hue": "30"})
    assert (refused.status_code, "Another label has this name" in refused.content.decode()) == (422, True)
    assert (Label.objects.get().name, Label.objects.get().hue) == ("Parcel lost", 75)
    assert "made a label" in _audit(manager)


def test_what_names_it_is_listed_and_a_taken_name_is_said(manager: Client, question: Conversation) -> None:
    late, _refund = labels.put(question.pk, "Late", by=SYSTEM), labels.find_or_make("Refund")
    rule = rules.write("Parcels", triggers=["started"], tree={}, done=[{"deed": "label", "value": "Late"}], by=SYSTEM)
    seats.set_up(make_agent("Ines").pk, capacity=1, skills=["late"], by=SYSTEM)
    page = reverse("settings:label", args=[late.pk])
    shown = manager.get(page).content.decode()
    assert reverse("settings:rule", args=[rule.pk]) in shown and "Ines" in shown
    assert "Change that first." in shown and reverse("settings:label_removal", args=[late.pk]) not in shown
    refused = manager.post(page, {"name": "refund", "hue": "30"})
    assert (refused.status_code, "Another label has this name" in refused.content.decode()) == (422, True)
    assert manager.post(reverse("settings:label_removal", args=[late.pk])).status_code == 409
    assert question.labels.get().name == "Late"


def test_a_label_is_taken_away_and_it_is_said_how_many_bore_it(manager: Client, question: Conversation) -> None:
    late = labels.put(question.pk, "Late", by=SYSTEM)
    done = manager.post(reverse("settings:label_removal", args=[late.pk]), follow=True)
    assert "The label is gone; 1 conversation bore it." in done.content.decode()
    assert not Label.objects.exists() and not question.labels.exists()


def test_two_labels_become_one_after_it_was_said_what_that_means(manager: Client, question: Conversation) -> None:
    late, slow = labels.put(question.pk, "Late", by=SYSTEM), labels.find_or_make("Slow")
    rules.write("Parcels", triggers=["started"], tree={}, done=[{"deed": "label", "value": "Late"}], by=SYSTEM)
    page = reverse("settings:label_joining", args=[late.pk])
    assert f'<option value="{slow.pk}">Slow' in manager.get(reverse("settings:label", args=[late.pk])).content.decode()
    shown = manager.get(page, {"into": slow.pk}).content.decode()
    assert "1 conversation bears “Slow”" in shown and "Parcels" in shown
    assert question.labels.get() == late
    done = manager.post(page, {"into": slow.pk}, follow=True).content.decode()
    assert "1 conversation bears “Slow” now." in done and question.labels.get() == slow
    there = manager.get(reverse("settings:label", args=[late.pk]), follow=True).content.decode()
    assert "Whoever says “Late” means it, too." in there
    assert "Late → Slow" in _audit(manager)


def test_a_label_is_not_joined_with_itself_or_with_none(manager: Client, question: Conversation) -> None:
    late = labels.put(question.pk, "Late", by=SYSTEM)
    page = reverse("settings:label_joining", args=[late.pk])
    for into, said in ((late.pk, 422), ("", 404), ("x", 404), ("9" * 30, 404)):
        assert [manager.get(page, {"into": into}).status_code, manager.post(page, {"into": into}).status_code] == [
            said
        ] * 2
    assert question.labels.get() == late


def _audit(client: Client) -> str:
    client.force_login(make_agent("Olga", role="owner"))
    return client.get(reverse("settings:audit")).content.decode()
