"""Every word of the shell comes from the catalogue, so that a translation reaches it."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from regulars.accounts.models import Agent
from regulars.customers.models import Customer
from regulars.web import pieces
from regulars.web.home import figures
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

SILENT = re.compile(r"<(script|style|kbd|code|template|time)\b.*?</\1>", re.DOTALL)
WORDS = re.compile(r">([^<>]*[A-Za-z]{2}[^<>]*)<|(?:aria-label|placeholder|title)=\"([^\"]*[A-Za-z]{2}[^\"]*)\"")
TRANSLATED = re.compile("⟦[^⟦⟧]*⟧")  # with the tags inside it; one text may stand within another
NAMES = {"regulars", "Regulars", "Ada Moreno", "AM", "Ines Prado", "IP", "ines@shop.example"}


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language in which every translated text stands in brackets."""
    pieces.forget_all()
    monkeypatch.setattr(pieces, "MOST_LETTERS", 0)  # nothing drawn in this language is kept for others
    real: Any = translation._trans
    gettext, ngettext, pgettext = real.gettext, real.ngettext, real.pgettext
    monkeypatch.setattr(real, "gettext", lambda message: f"⟦{gettext(message)}⟧" if message else "")
    monkeypatch.setattr(real, "pgettext", lambda context, message: f"⟦{pgettext(context, message)}⟧")
    monkeypatch.setattr(real, "ngettext", lambda one, many, number: f"⟦{ngettext(one, many, number)}⟧")


def bare(page: str) -> set[str]:
    """The words on a page that no catalogue was asked for."""
    page = SILENT.sub("", page)
    while (without := TRANSLATED.sub("", page)) != page:
        page = without
    return {
        left for text, said in WORDS.findall(page) if (left := " ".join((text or said).split()).strip(" ·,"))
    } - NAMES


@pytest.mark.parametrize(
    "path", ["/", "/home/figures/", "/account/2fa/", "/account/sessions/", "/account/password/change/", "/nowhere/"]
)
@pytest.mark.usefixtures("marked")
def test_no_word_of_an_agents_page_escapes_translation(client: Client, path: str) -> None:
    ines = Agent.objects.create_user("ines@shop.example", name="Ines Prado", role="owner")
    client.force_login(ines, backend="django.contrib.auth.backends.ModelBackend")
    Customer.objects.create(name="Ada Moreno", created_at=NOON, known_at=NOON, last_seen_at=NOON)
    assert bare(client.get(path).content.decode()) == set()


@pytest.mark.usefixtures("marked")
def test_no_word_of_who_stays_escapes_translation(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    months = [figures.Share(date(2026, month, 1), n=40, rate=0.25, low=0.14, high=0.4) for month in (1, 2)]
    monkeypatch.setattr(figures, "_shares", lambda zone: months)
    client.force_login(Agent.objects.create_user("ines@shop.example", name="Ines Prado", role="owner"))
    page = client.get("/home/figures/").content.decode()
    assert "25.0" in page
    assert bare(page) == set()


@pytest.mark.parametrize("path", ["/account/login/", "/account/login/code/", "/account/password/reset/"])
@pytest.mark.usefixtures("marked")
def test_no_word_before_sign_in_escapes_translation(client: Client, path: str) -> None:
    assert bare(client.get(path).content.decode()) == set()
