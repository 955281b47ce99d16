"""The shell without a browser: what it weighs, what it shows to whom, what it tells caches."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.template import engines
from django.test import Client
from django.utils import translation

from regulars.accounts.models import Agent
from regulars.web.icons import ICONS

pytestmark = pytest.mark.django_db

BUDGET = 100_000
PROBES = ("/", "/account/sessions/", "/nowhere/")


@pytest.fixture
def ines(client: Client) -> Agent:
    made = Agent.objects.create_user("ines@shop.example", name="Ines Prado", role="owner")
    client.force_login(made, backend="django.contrib.auth.backends.ModelBackend")
    return made


def drawn(text: str, **context: Any) -> str:
    return engines["django"].from_string(text).render(context)


def test_the_first_page_weighs_less_than_its_budget(client: Client, ines: Agent) -> None:
    page = client.get("/").content
    files = [finders.find(name) for name in ("web/house.css", "web/house.js", "django_htmx/htmx-2.min.js")]
    sizes = [len(gzip.compress(content)) for content in (page, *(Path(str(file)).read_bytes() for file in files))]
    assert sum(sizes) < BUDGET, sizes


def test_static_files_can_be_collected_and_are_named_by_their_content(settings: Any, tmp_path: Path) -> None:

    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)
    assert (tmp_path / "web" / "charts.js").stat().st_size > 500_000
    assert list((tmp_path / "web").glob("house.*.css.gz"))
    assert list((tmp_path / "web").glob("charts.*.js.gz"))


@pytest.mark.parametrize("path", PROBES)
def test_every_page_has_the_policy_and_tells_caches_about_parts(client: Client, ines: Agent, path: str) -> None:
    answer = client.get(path)
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self' 'nonce-" in policy
    assert "'unsafe-eval'" not in policy
    assert "HX-Request" in answer["Vary"]


@pytest.mark.parametrize("path", PROBES)
def test_no_page_styles_or_scripts_inline(client: Client, ines: Agent, path: str) -> None:
    page = client.get(path).content.decode()
    assert 'onclick="' not in page
    assert all(style.startswith("--") for style in page.split('style="')[1:])
    assert all("src=" in tag or "json" in tag for tag in (each.split(">")[0] for each in page.split("<script")[1:]))


def test_the_rail_shows_only_what_a_role_may_open(client: Client, ines: Agent) -> None:
    def places() -> list[str]:
        return [str(item["place"].name) for item in client.get("/").context["rail"]]

    assert "Settings" in places()
    everything = set(places())
    Agent.objects.filter(pk=ines.pk).update(role="analyst")
    assert set(places()) == everything - {"Inbox", "Customers", "Import"}


def test_a_look_there_is_not_is_refused_and_nothing_changes(client: Client, ines: Agent) -> None:
    answer = client.post("/look/", {"theme": "pink", "density": "compact"}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    ines.refresh_from_db()
    assert (ines.theme, ines.density) == ("system", "comfortable")


def test_choices_about_keys_are_kept_with_the_agent_and_only_those_that_work(client: Client, ines: Agent) -> None:
    for said in ({"own": '{"e": "y", "y": "e"}'}, {"own": '{"e": "s"}'}, {"own": '{"e": "j"}'}, {"own": "["},
                 {"own": '{"e": "yy"}'}, {"own": "[]"}, {"own": '{"e": ["y"]}'}, {"own": '{"e": " "}'}):  # fmt: skip
        assert client.post("/keys/", said).status_code == 422, said
    ines.refresh_from_db()
    assert ines.keys == {}
    for said in ({"own": '{"e": "s", "s": "e"}'}, {"single": "off"}, {"opens": "on"}):
        assert client.post("/keys/", said).status_code == 204
    ines.refresh_from_db()
    assert ines.keys == {"own": {"e": "s", "s": "e"}, "single": False, "opens": True}
    assert "&quot;single&quot;: false" in client.get("/").content.decode()


def test_a_look_is_kept_and_leads_back_only_within_the_house(client: Client, ines: Agent) -> None:
    answer = client.post("/look/", {"density": "compact", "back": "/settings/?x=1"})
    assert (answer.status_code, answer["Location"]) == (302, "/settings/?x=1")
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example/", "nowhere", "\\\\elsewhere.example"):
        answer = client.post("/look/", {"theme": "dark", "back": elsewhere})
        assert answer["Location"] == "/", elsewhere
    ines.refresh_from_db()
    assert (ines.theme, ines.density) == ("dark", "compact")


def test_every_icon_is_drawn_and_silent_unless_it_has_a_label() -> None:
    for name in ICONS:
        assert 'aria-hidden="true"' in drawn("{% icon name %}", name=name)
    assert 'role="img" aria-label="done"' in drawn('{% icon "check" label="done" %}')


@pytest.mark.parametrize(
    "name, letters",
    [("Ada Moreno", "AM"), ("ada", "A"), ("ines@shop.example", "I"), ("", ""), ("José de la Cruz", "JC")],
)
def test_initials_are_those_of_the_first_and_the_last_word(name: str, letters: str) -> None:
    assert drawn("{{ name|initials }}", name=name) == letters


def test_names_from_outside_are_text_and_never_markup() -> None:
    evil = "<script>alert(1)</script>"
    page = drawn("{% avatar evil %}{% stat evil evil note=evil formula=evil %}", evil=evil)
    assert "<script" not in page


def test_money_is_written_with_its_sign_and_its_minor_unit() -> None:
    from regulars.kernel.money import Money

    written = [
        drawn("{{ amount|money }}", amount=amount) for amount in (Money(120450, "EUR"), Money(-500, "JPY"), None)
    ]
    assert written == ["€\u202f1,204.50", "\u2212¥\u202f500", "–"]
    with translation.override("de"):
        assert drawn("{{ amount|money }}", amount=Money(-120450, "EUR")) == "\u22121.204,50\u202f€"


@pytest.mark.parametrize(
    "seconds, words",
    [
        (2, "a moment left"),
        (31, "about 30 seconds left"),
        (59, "about 1 minute left"),
        (95, "about 2 minutes left"),
        (7000, "about 2 hours left"),
    ],
)
def test_time_left_is_said_roughly(seconds: float, words: str) -> None:
    assert drawn("{{ seconds|time_left }}", seconds=seconds) == words


def test_what_is_not_known_is_no_zero() -> None:
    assert "not known yet" in drawn('{% stat "Rolling" None %}')
    assert drawn("{{ none|percent }}{{ none|whole }}", none=None) == "––"
