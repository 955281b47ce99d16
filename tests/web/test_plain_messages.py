"""A plain message looks as its template draws it, whoever wrote it and whatever it says."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.template.loader import get_template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from regulars.desk.models import Conversation, Message
from regulars.desk.selectors.threads import Attachment, Turn
from regulars.kernel.actors import Actor
from regulars.web.desk.step_words import Names
from regulars.web.desk.thread import Said

INES, NAMES = Actor("agent", 4, "Ines"), Names({4: "Ines Prado", 5: "Bo <b>"}, {})
AT = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


def line(text: str = "Hello", *, files: tuple[Any, ...] = (), mentioned: tuple[int, ...] = (), **said: Any) -> Said:
    usual: dict[str, Any] = {
        "pk": 31, "conversation_id": 7, "kind": "message", "author_kind": "customer", "author_id": 2,
        "author_name": "Ada Moreno", "state": "", "at": AT, "recipients": {},
    }  # fmt: skip
    return Said(Turn(Message(text=text, **usual | said), files, mentioned), INES, NAMES, Conversation(pk=7))


def by_template(said: Said) -> str:
    return get_template("desk/message.html").render({"line": said})


WRITERS = st.sampled_from(
    [
        {},
        {"author_kind": "agent", "author_id": 4, "state": "sent"},
        {"author_kind": "agent", "author_id": 5, "state": "sent"},
        {"author_kind": "agent", "author_id": 99, "author_name": "Cleo & Co", "state": ""},
        {"author_kind": "rule", "author_id": None, "author_name": "", "state": "sent"},
        {"author_kind": "agent", "author_id": 4, "kind": "note", "mentioned": (5,)},
        {"author_kind": "agent", "recipients": {"to": [{"name": "<Ada>"}], "cc": [{"address": "b@c"}]}},
    ]
)  # fmt: skip


@given(
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=80),
    writer=WRITERS,
    pk=st.integers(1, 2**40),
    language=st.sampled_from(["en", "de"]),
)
def test_it_is_drawn_as_its_template_draws_it(text: str, writer: dict[str, Any], pk: int, language: str) -> None:
    said = line(text, **{"pk": pk, **writer})
    with translation.override(language):
        assert said.plain == by_template(said)


@pytest.mark.parametrize(
    "more",
    [
        {"text": ""},
        {"html": "<p>Hello</p>"},
        {"is_automatic": True},
        {"quoted": "> before"},
        {"signature": "Ada"},
        {"trouble": "Not delivered to one of them."},
        {"state": "queued"},
        {"state": "failed"},
        {"removed_at": AT},
        {"conversation_id": 6},
        {"files": (Attachment(pk=3, name="a.pdf", type="application/pdf", size=3),)},
    ],
)
def test_whatever_has_more_to_show_is_left_to_the_template(more: dict[str, Any]) -> None:
    assert line(**more).plain is None


def test_a_settled_message_that_changes_is_another_piece() -> None:
    before = line(html="<p>Hello</p>", state="sent")
    changes: list[dict[str, Any]] = [
        {"trouble": "x"},
        {"text": "Other"},
        {"html": "<p>"},
        {"quoted": "> a"},
        {"author_name": "A"},
    ]
    for more in changes:
        assert line(**{"html": "<p>Hello</p>", "state": "sent", **more}).drawn_of != before.drawn_of
    assert line(html="<p>Hello</p>", state="sent").drawn_of == before.drawn_of
