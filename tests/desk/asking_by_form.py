"""A form with questions of its own, and somebody who fills it in."""

from datetime import timedelta
from typing import Any

from regulars.channels.actions import forms, submitting, understanding
from regulars.channels.selectors.forms import Door
from regulars.channels.webform import tokens
from regulars.channels.webform.definitions import CHOICE, TEXT, Field, Form
from regulars.channels.webform.submissions import Answer, Submission
from regulars.channels.webform.tokens import Token
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM

QUESTIONS = (
    Field(id="order", kind=TEXT, label="Order number", key="order_number"),
    Field(id="topic", kind=CHOICE, label="What is it about?", key="topic", choices=("Delivery", "Returns")),
)


def make_form(**said: Any) -> Door:
    """A form called "Contact us"."""
    team_id = said.pop("team_id", None)
    form = Form(**{"slug": "contact", "title": "Contact us", "fields": QUESTIONS, **said})
    return forms.create(form, by=SYSTEM, team_id=team_id)


def fresh(door: Door) -> Token:
    """A token that was issued a minute ago."""
    token = tokens.read(tokens.issue(door.id, at=clock.now() - timedelta(minutes=1)), channel_id=door.id)
    assert token is not None
    return token


def send(door: Door, *, token: Token | None = None, **said: Any) -> bool:
    """Musa fills it in."""
    submission = {
        "email": "musa@example.com", "name": "Musa Traoré", "subject": "A torn bag", "message": "It came torn.",
        "answers": (Answer("order_number", "Order number", "20318"),), "language": "en",
    }  # fmt: skip
    return submitting.submit(door.id, Submission(**{**submission, **said}), token=token or fresh(door))


def place(door: Door) -> int:
    """Run the job that places what came."""
    return understanding.drain(door.id)
