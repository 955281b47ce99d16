"""The language of a conversation on the pages: in its head, on the page of its details, in conditions and deeds."""

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import translation

from regulars.accounts.models import Agent
from regulars.desk.models import Conversation
from regulars.web.desk import condition_form, deed_words, language_words
from tests.desk.conftest import ada, ines, mailbox, question

__all__ = ["ada", "ines", "mailbox", "question"]
pytestmark = pytest.mark.django_db


def test_it_is_changed_in_the_head_and_on_the_page_of_details(
    client: Client, ines: Agent, question: Conversation
) -> None:
    client.force_login(ines)
    there, change = (reverse(f"desk:{name}", args=[question.pk]) for name in ("conversation", "language"))
    shown = client.post(change, {"language": "de"}, headers={"HX-Request": "true"}).content.decode()
    assert "German" in shown and 'value="de" aria-current="true"' in shown
    assert client.post(change, {"language": "fil"}).headers["Location"] == there
    assert (
        '<option value="fil" selected>fil' in client.get(reverse("desk:details", args=[question.pk])).content.decode()
    )
    assert "said its language: fil" in client.get(there).content.decode()
    assert client.post(change, {"language": "German"}).status_code == 422
    assert Conversation.objects.get().language == "fil"
    assert 'id="do-language"' in client.get(there).content.decode()
    client.post(change, {"language": ""})
    assert Conversation.objects.get().language == ""
    unknown = client.get(there).content.decode()  # says nothing in its head
    assert 'id="do-language"' not in unknown and "Subject, language, fields…" in unknown


def test_languages_are_said_by_name_in_the_reader_s_language() -> None:
    assert [language_words.name(code) for code in ("de", "zh", "fil", "")] == ["German", "Chinese", "fil", ""]
    assert deed_words.sentence("language", "de", deed_words.Names()) == "Its language: German"
    assert deed_words.sentence("language", "", deed_words.Names()) == "Its language: not known"
    with translation.override("de"):
        assert language_words.name("de") == "Deutsch"
        assert language_words.read("Deutsch, english fr, Norsk (bokmål)") == ["de", "en", "fr", "nb"]
    assert language_words.read("Deutsch, klingon") == ["de", "klingon"]


def test_a_condition_is_typed_in_names_or_codes_and_shown_in_names() -> None:
    said = QueryDict("c.match=all&c.0.asked=language.in&c.0.value=german, pt-BR en, not known")
    scale = condition_form.Scale(100, None)  # type: ignore[arg-type]  # no moment is read
    tree = condition_form.tree(condition_form.read(said), scale)
    assert tree == {"all": [{"field": "language", "is": "in", "value": ["de", "pt-BR", "en", "none"]}]}
    (drawn,) = condition_form.drawn(tree, scale).items
    assert drawn.values == ["German, pt-BR, English, not known"]  # type: ignore[union-attr]  # it is no group
