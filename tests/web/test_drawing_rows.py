"""A row is drawn once and looks as it would be drawn now: whatever it shows makes it another row."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from regulars.accounts.models import Agent
from regulars.desk.actions import assignments, conversations, drafts, labels, messages, spam, states
from regulars.desk.actions.messages import Written
from regulars.desk.models import Conversation
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM, Actor
from regulars.web import pieces
from regulars.web.desk import drawing
from tests.customers.cast import make_customer
from tests.desk.cast import ask, make_agent, make_mailbox

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    pieces.forget_all()


@pytest.fixture
def ines() -> Agent:
    return make_agent("Ines")


@pytest.fixture
def question() -> Conversation:
    return ask(make_customer("Ada Moreno", email="ada@example.com").pk, make_mailbox())


def listed(agent: Agent, query: str = "?view=all&status=any") -> str:
    client = Client(headers={"HX-Request": "true"})
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(f"/inbox/{query}").content.decode()


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The rows that were drawn, each time they were."""
    asked: list[int] = []
    draw = drawing.draw

    def counted(row: Any, view: str) -> str:
        asked.append(row.pk)
        return draw(row, view)

    monkeypatch.setattr(drawing, "draw", counted)
    return asked


def test_a_row_that_has_not_changed_is_not_drawn_again(question: Conversation, ines: Agent, drawn: list[int]) -> None:
    with clock.frozen(clock.now()):
        first = listed(ines)
        assert listed(ines) == first
        assert listed(make_agent("Bo")) == first
    assert drawn == [question.pk]


CHANGES: dict[str, Callable[[Conversation], object]] = {
    "Moreno-Diaz": lambda held: conversations.rename(held.pk, "Moreno-Diaz", by=SYSTEM),
    "Shipping": lambda held: labels.put(held.pk, "Shipping", by=SYSTEM),
    "Urgent": lambda held: conversations.prioritise(held.pk, 1, by=SYSTEM),
    "Resolved": lambda held: states.resolve(held.pk, by=SYSTEM),
    "Bo has it": lambda held: assignments.to_agent(held.pk, make_agent("Bo").pk, by=SYSTEM),
    "And now?": lambda held: messages.receive(
        held.pk, Written(text="And now?"), by=Actor("customer", held.customer_id)
    ),
}


@pytest.mark.parametrize("word", CHANGES)
def test_whatever_it_shows_shows_at_once(word: str, question: Conversation, ines: Agent) -> None:
    with clock.frozen(clock.now()):
        assert word not in listed(ines)
        CHANGES[word](question)
        assert word in listed(ines)


def test_anothers_draft_and_mention_are_not_shown(question: Conversation, ines: Agent) -> None:
    bo = make_agent("Bo")
    drafts.save(question.pk, by=ines.actor, text="Dear Ada")
    messages.note(question.pk, Written(text="@Ines"), by=SYSTEM, mentioned=[ines.pk])
    assert 'class="draft"' in listed(ines)
    assert 'class="mention"' in listed(ines)
    assert 'class="draft"' not in listed(bo)
    assert 'class="mention"' not in listed(bo)


def test_minutes_pass(question: Conversation, ines: Agent) -> None:
    now = clock.now()
    with clock.frozen(now + timedelta(minutes=5)):
        before = listed(ines)
    with clock.frozen(now + timedelta(minutes=9)):
        assert listed(ines) != before


def test_each_reader_has_their_language_and_each_list_its_address(question: Conversation, ines: Agent) -> None:
    assert f'href="/inbox/conversations/{question.pk}/?view=all&amp;status=any"' in listed(ines)
    assert f'href="/inbox/conversations/{question.pk}/?view=unassigned"' in listed(ines, "?view=unassigned")
    german = make_agent("Jonas")
    Agent.objects.filter(pk=german.pk).update(language="de")
    assert "Waits for an answer." in listed(ines)
    assert "Waits for an answer." not in listed(german)


def test_the_open_one_is_marked_and_no_other(question: Conversation, ines: Agent) -> None:
    other = ask(question.customer_id, question.channel, "Second")
    client = Client()
    client.force_login(ines, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/inbox/conversations/{question.pk}/?view=all").content.decode()
    assert f'id="open-{question.pk}" aria-current="true"' in page
    assert f'id="open-{other.pk}" aria-current' not in page


def test_what_a_customer_writes_is_text(question: Conversation, ines: Agent) -> None:
    conversations.rename(question.pk, "<b>?query-of-the-list</b>", by=SYSTEM)
    page = listed(ines, "?view=all&sort=oldest")
    assert "&lt;b&gt;" in page
    assert "<b>?" not in page
    spam.mark(question.pk, by=SYSTEM)
    assert f"row-{question.pk}" not in listed(ines)
