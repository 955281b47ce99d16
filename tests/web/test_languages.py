"""Languages: who reads which, and that the catalogues keep up with the code."""

import gettext
import io
import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from regulars.accounts.models import Agent
from regulars.kernel import catalogues
from regulars.kernel.catalogues import Phrase
from regulars.web import phrases

HOW_TO_MEND = "run .venv/bin/python -m regulars.web.phrases, then translate what is new (docs/how-to/translate.md)"
HOLES = re.compile(r"%\(\w+\)[sd]|%%|</?\w[^>]*>")
GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


@pytest.fixture
def ines(db: None) -> Agent:
    return Agent.objects.create_user("ines@shop.example", name="Ines Prado", role="owner")


def signed_in(agent: Agent, **headers: str) -> Client:
    client = Client(headers=headers)
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    return client


def title(answer: Any) -> str:
    found = re.search(r"<html lang=\"(\w+)\".*?<title>(.*?)</title>", answer.content.decode(), re.DOTALL)
    assert found
    return f"{found[1]}: {found[2]}"


@pytest.mark.django_db
def test_before_sign_in_the_browser_says_which_language() -> None:
    assert title(Client(headers=GERMAN).get("/account/login/")) == "de: Anmelden · Regulars"
    assert title(Client().get("/account/login/")) == "en: Sign in · Regulars"
    assert title(Client(headers={"Accept-Language": "tlh"}).get("/account/login/")) == "en: Sign in · Regulars"


def test_an_agents_own_choice_counts_more_than_the_browser_and_is_remembered_after_they_go(ines: Agent) -> None:
    client = signed_in(ines, **GERMAN)
    assert title(client.get("/settings/people/")) == "de: Team · Einstellungen · Regulars"
    client.post("/settings/security/", {"name": "Ines Prado", "language": "en"})
    ines.refresh_from_db()
    assert ines.language == "en"
    assert title(client.get("/settings/people/")) == "en: People · Settings · Regulars"
    client.post("/account/logout/")
    assert title(client.get("/account/login/")) == "en: Sign in · Regulars"


def test_taking_the_choice_back_leaves_it_to_the_browser_again(ines: Agent) -> None:
    client = signed_in(ines, **GERMAN)
    client.post("/settings/security/", {"name": "Ines Prado", "language": "en"})
    answer = client.post("/settings/security/", {"name": "Ines Prado", "language": ""}, follow=True)
    assert title(answer) == "de: Ihre Anmeldung · Einstellungen · Regulars"
    assert "Gespeichert." in answer.content.decode()


def test_one_agents_language_does_not_reach_another(ines: Agent) -> None:
    Agent.objects.filter(pk=ines.pk).update(language="de")
    bo = Agent.objects.create_user("bo@shop.example", name="Bo Lindqvist", role="owner")
    german, english = signed_in(ines), signed_in(bo)
    for _ in range(2):
        assert title(german.get("/settings/")) == "de: Einstellungen · Regulars"
        assert title(english.get("/settings/")) == "en: Settings · Regulars"


def test_a_language_there_is_not_is_refused_and_nothing_changes(ines: Agent) -> None:
    answer = signed_in(ines).post("/settings/security/", {"name": "Somebody Else", "language": "tlh"})
    assert answer.status_code == 200
    ines.refresh_from_db()
    assert (ines.name, ines.language) == ("Ines Prado", "")


def test_a_refusal_is_said_in_the_readers_language() -> None:
    from django.utils import translation

    from regulars.accounts.errors import LastOwner

    with translation.override("de"):
        assert str(LastOwner()).startswith("Das ist die einzige Inhaberschaft.")


def test_every_language_offered_has_a_catalogue() -> None:
    assert ["en", *catalogues.languages()] == [code for code, _name in settings.LANGUAGES]


@pytest.mark.parametrize("language", catalogues.languages())
def test_a_catalogue_is_not_behind_the_code(language: str) -> None:
    written, said_by_code = catalogues.read(catalogues.path_of(language)), {one.key: one for one in phrases.phrases()}
    assert set(said_by_code) - set(written) == set(), HOW_TO_MEND
    assert set(written) - set(said_by_code) == set(), HOW_TO_MEND


@pytest.mark.parametrize("language", catalogues.languages())
def test_a_catalogue_is_as_good_as_complete_and_fills_the_same_holes(language: str) -> None:
    written = catalogues.read(catalogues.path_of(language)).values()
    missing = [one.text for one in written if not one.is_said]
    assert len(missing) <= 0.05 * len(written), missing
    for one in written:
        for text, said in zip((one.text, one.plural or one.text), one.said, strict=False):
            assert not said or sorted(HOLES.findall(said)) == sorted(HOLES.findall(text)), said


CODE = '''
from regulars.kernel.errors import DomainError
a = _("Sign in")
b = ngettext("%(n)s order", "%(n)s orders", n)
c = pgettext("verb", "Open")
class Late(DomainError):
    """It is too late."""
class TooLate(Late):
    """It is far too late."""
class Kind(dict):
    """No refusal."""
'''
TEMPLATE = """{% load i18n %}{% translate 'He said "go"' %}
{% blocktranslate count n=n %}{{ n }} key{% plural %}{{ n }} keys{% endblocktranslate %}
{% include "x" with a=_("Keys") %}"""


def test_phrases_are_found_in_code_in_templates_and_in_the_docstrings_of_refusals(tmp_path: Path) -> None:
    (tmp_path / "web" / "templates").mkdir(parents=True)
    (tmp_path / "code.py").write_text(CODE)
    (tmp_path / "web" / "templates" / "page.html").write_text(TEMPLATE)
    found = {(one.context, one.text, one.plural) for one in phrases.phrases(tmp_path)}
    assert found == {
        ("", "Sign in", ""),
        ("", "%(n)s order", "%(n)s orders"),
        ("verb", "Open", ""),
        ("", "It is too late.", ""),
        ("", "It is far too late.", ""),
        ("", 'He said "go"', ""),
        ("", "%(n)s key", "%(n)s keys"),
        ("", "Keys", ""),
    }


AWKWARD = [
    Phrase('A "quote", a \\ and\ntwo lines', said=['Ein „Zitat“, ein \\ und\nzwei "Zeilen"'], places=["a.py"]),
    Phrase("%(n)s order", "%(n)s orders", said=["%(n)s Bestellung", "%(n)s Bestellungen"], places=["a.py", "b.html"]),
    Phrase("Open", context="verb", said=["Öffnen"], places=["a.py"]),
    Phrase("Not yet said", said=[""], places=["a.py"]),
]


def test_what_is_written_is_read_again_and_understood_by_gettext(tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    catalogues.write(path, AWKWARD, language="de")
    assert list(catalogues.read(path).values()) == AWKWARD
    said = gettext.GNUTranslations(io.BytesIO(catalogues.binary(AWKWARD, language="de")))
    assert said.gettext(AWKWARD[0].text) == AWKWARD[0].said[0]
    assert [said.ngettext("%(n)s order", "%(n)s orders", n) for n in (0, 1, 2)] == [
        "%(n)s Bestellungen",
        "%(n)s Bestellung",
        "%(n)s Bestellungen",
    ]
    assert said.pgettext("verb", "Open") == "Öffnen"
    assert said.gettext("Not yet said") == "Not yet said"


def test_a_catalogue_is_made_anew_when_the_written_one_is_newer(tmp_path: Path) -> None:
    made = catalogues.compiled(into=tmp_path) / "de" / "LC_MESSAGES" / "django.mo"
    first = made.read_bytes()
    made.write_bytes(b"kept")
    catalogues.compiled(into=tmp_path)
    assert made.read_bytes() == b"kept"
    os.utime(made, (0, 0))
    catalogues.compiled(into=tmp_path)
    assert made.read_bytes() == first


def test_the_key_of_a_kept_piece_is_the_same_whoever_looks_afterwards() -> None:
    from django.utils import translation

    from regulars.web.context import PLACES
    from regulars.web.templatetags.kept import seen

    with translation.override("de"):
        key = seen({"places": PLACES})
        value = hash(key)
    with translation.override("en"):
        assert hash(key) == value
        assert seen({"places": PLACES}) != key
