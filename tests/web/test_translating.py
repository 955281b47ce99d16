"""Every word of the shell comes from the catalogue, so that a translation reaches it."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from regulars.accounts.models import Agent
from regulars.customers.models import Customer
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

SILENT = re.compile(r"<(script|style|kbd|code|template|time)\b.*?</\1>", re.DOTALL)
WORDS = re.compile(r">([^<>]*[A-Za-z]{2}[^<>]*)<|(?:aria-label|placeholder|title)=\"([^\"]*[A-Za-z]{2}[^\"]*)\"")
NAMES = {"regulars", "Regulars", "Ada Moreno", "AM", "Ines Prado", "IP", "ines@shop.example"}


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language in which every translated text stands in brackets."""
    real: Any = translation._trans
    gettext, ngettext = real.gettext, real.ngettext
    monkeypatch.setattr(real, "gettext", lambda message: f"⟦{gettext(message)}⟧" if message else "")
    monkeypatch.setattr(real, "ngettext", lambda one, many, number: f"⟦{ngettext(one, many, number)}⟧")


def bare(page: str) -> set[str]:
    """The words on a page that no catalogue was asked for."""
    shown = [" ".join((text or said).split()) for text, said in WORDS.findall(SILENT.sub("", page))]
    # What stands between translated texts: names, figures, dates.
    return {left for each in shown if re.search("[A-Za-z]{2}", left := re.sub("⟦.*⟧", "", each).strip(" ·,"))} - NAMES


@pytest.mark.parametrize(
    "path", ["/", "/home/figures/", "/account/2fa/", "/account/sessions/", "/account/password/change/", "/nowhere/"]
)
@pytest.mark.usefixtures("marked")
def test_no_word_of_an_agents_page_escapes_translation(client: Client, path: str) -> None:
    ines = Agent.objects.create_user("ines@shop.example", name="Ines Prado", role="owner")
    client.force_login(ines, backend="django.contrib.auth.backends.ModelBackend")
    Customer.objects.create(name="Ada Moreno", created_at=NOON, known_at=NOON, last_seen_at=NOON)
    assert bare(client.get(path).content.decode()) == set()


@pytest.mark.parametrize("path", ["/account/login/", "/account/login/code/", "/account/password/reset/"])
@pytest.mark.usefixtures("marked")
def test_no_word_before_sign_in_escapes_translation(client: Client, path: str) -> None:
    assert bare(client.get(path).content.decode()) == set()
