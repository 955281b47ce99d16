"""What is drawn once looks as it would be drawn now, shows nobody else's words, and is gone when it should be."""

from typing import Any

import pytest
from django.template import Context, Engine
from django.template.loader import get_template
from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from regulars.accounts.models import Team
from regulars.customers.actions import erasures
from regulars.kernel import clock, live
from regulars.kernel.actors import SYSTEM
from regulars.kernel.looking import Shared, SharedWords
from regulars.web import pieces
from regulars.web.live.hub import Hub
from regulars.web.live.painting import DeskPainter
from regulars.web.templatetags import kept
from tests.customers.cast import make_customer

PARTS = {
    "menu.html": "<b>{{ name }}</b>{% for one in colleagues %}<i>{{ one }}</i>{% endfor %}{% translate 'Save' %}|"
    "<a href=\"{% url 'desk:conversation' pk %}\">{{ subject }}</a>{% csrf_token %}{{ secret }}",
    "around.html": "{% if is_open %}<div>{% endif %}{{ menu }}{{ menu }}",
}
ENGINE = Engine(
    loaders=[("django.template.loaders.locmem.Loader", PARTS)],
    builtins=["django.templatetags.i18n", "regulars.web.templatetags.quick", "regulars.web.templatetags.kept"],
)
TAG = '{% kept "menu.html" of name=name colleagues=colleagues with pk=pk subject=subject %}'


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    pieces.forget_all()


def drawn(**said: Any) -> str:
    usual = {"name": "Ines", "colleagues": ["Bo"], "pk": 7, "subject": "Late", "csrf_token": "t1", "secret": "x"}
    return ENGINE.from_string(TAG).render(Context(usual | said))


def test_a_part_is_drawn_once_and_sees_only_what_it_is_given() -> None:
    first = drawn()
    assert first == (
        '<b>Ines</b><i>Bo</i>Save|<a href="/inbox/conversations/7/">Late</a>'
        '<input type="hidden" name="csrfmiddlewaretoken" value="t1">'
    )
    again = drawn(pk=8, subject="<script>", csrf_token="t2")
    assert again == first.replace("/7/", "/8/").replace("Late", "&lt;script&gt;").replace("t1", "t2")
    assert len(pieces._kept) == 1


def test_whatever_it_is_drawn_of_makes_it_another() -> None:
    drawn()
    assert "<b>Bo</b>" in drawn(name="Bo")
    assert "<i>Bo</i><i>Cleo</i>" in drawn(colleagues=["Bo", "Cleo"])
    with translation.override("de"):
        assert "Sichern" in drawn() or "Speichern" in drawn()
    assert len(pieces._kept) == 4


def test_what_is_safe_and_what_is_not_are_two_things() -> None:
    assert "<b><u></b>" in drawn(name=mark_safe("<u>"))
    assert "<b>&lt;u&gt;</b>" in drawn(name="<u>")


def test_a_part_is_put_into_another_that_need_not_be_drawn_anew() -> None:
    tag = TAG.replace("%}", "as menu %}") + '{% kept "around.html" of is_open=is_open with menu=menu %}'
    usual = {"is_open": True, "name": "Ines", "colleagues": ["Bo"], "pk": 7, "subject": "Late", "csrf_token": "t1"}
    inside = [drawn(), drawn(subject="<b>")]
    told = [ENGINE.from_string(tag).render(Context(usual | {"subject": one})) for one in ("Late", "<b>")]
    assert told == [f"<div>{each}{each}" for each in inside]
    assert len(pieces._kept) == 2


def test_what_is_shared_is_a_key_by_itself_and_another_with_the_same_in_it_is_another() -> None:
    one, same = Shared(["Bo"]), Shared(["Bo"])
    assert drawn(colleagues=one) == drawn(colleagues=same)
    drawn(colleagues=one)
    assert len(pieces._kept) == 2
    words = SharedWords({1: "Urgent"})
    assert kept.seen(words) is words
    assert words != SharedWords({1: "Urgent"})


def test_a_row_is_put_together_of_its_values_and_keeps_none_of_them() -> None:
    said: dict[str, Any] = {
        "pk": 7,
        "title": "<Late>",
        "tone": "good",
        "status": "Open",
        "moment": mark_safe("<i>now</i>"),
    }
    for pk, title in ((7, "<Late>"), (8, "Early")):
        html = kept.put_together("desk/others_row.html", **{**said, "pk": pk, "title": title})
        assert html == get_template("desk/others_row.html").render({**said, "pk": pk, "title": title})
    assert len(pieces._kept) == 1
    assert "Late" not in str(pieces._kept)


@given(subject=st.text(max_size=30), token=st.text(max_size=8))
def test_what_is_put_in_is_escaped_and_never_read_again(subject: str, token: str) -> None:
    assert f">{escape(subject)}</a>" in drawn(subject=subject)
    assert f'value="{escape(token)}"' in drawn(csrf_token=token) or not token


def test_only_so_much_is_kept_and_only_for_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "MOST_LETTERS", 10)
    at = [1000.0]
    monkeypatch.setattr(pieces.time, "monotonic", lambda: at[0])
    for name in ("aaaa", "bbbb", "cccc"):
        assert pieces.piece(name, lambda name=name: name) == name
    assert [*pieces._kept] == ["bbbb", "cccc"]
    assert pieces.piece("bbbb", lambda: "never") == "bbbb"
    at[0] += pieces.SECONDS - 1
    pieces.piece("cccc", lambda: "never")
    at[0] += 2
    pieces.piece("d", lambda: "d")
    assert [*pieces._kept] == ["cccc", "d"]
    assert pieces._letters == 5
    monkeypatch.setattr(pieces, "LARGEST", 3)
    assert pieces.piece("e", lambda: "eeee") == "eeee"
    assert "e" not in pieces._kept


@pytest.mark.django_db
def test_nothing_is_kept_of_anybody_once_somebody_was_erased() -> None:
    drawn()
    customer = make_customer("Ada Moreno", email="ada@example.com")
    erasures.erase(customer.pk, by=SYSTEM)
    [told] = [told for told in live.lately() if told.topic == live.ERASED]
    Hub(DeskPainter())._heard(told)
    assert not pieces._kept
    assert pieces._letters == 0


def test_two_states_of_one_row_are_two_keys() -> None:
    team = Team(pk=1, name="Repairs", created_at=clock.now())
    other = Team(pk=1, name="Spares", created_at=team.created_at)
    assert team == other
    assert kept.seen(team) != kept.seen(other)
