"""An answer whose letter cannot be written: it fails where its writer sees it, and can be tried again."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from regulars.accounts.models import Agent
from regulars.channels.models import Delivery
from regulars.desk import tasks
from regulars.desk.actions import episodes, letters, letting_go, messages, retrying, side, side_mail
from regulars.desk.actions.messages import Written
from regulars.desk.errors import CannotBeWritten, NothingToRetry
from regulars.desk.models import Conversation, Message, SideMessage, Turn
from regulars.kernel import clock
from regulars.kernel.models import Fact
from tests.desk.beside import TO_CARRIER

pytestmark = pytest.mark.django_db
WORDS = (
    "This mail could not be written (UnicodeEncodeError). Your text is kept here: try again, or send it as a new "
    "answer. If that fails too, please report it."
)


@pytest.fixture
def answer(question: Conversation, ines: Agent) -> Message:
    return messages.reply(question.pk, Written(text="Dear Ada"), by=ines.actor)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No letter can be written until it is undone."""

    def refuse(*_: object) -> bytes:
        return "\ud800".encode()

    monkeypatch.setattr(letters, "compose", refuse)
    monkeypatch.setattr(side_mail, "compose", refuse)
    return monkeypatch


def facts() -> list[str]:
    names = ("reply sent", "message not delivered", "message sent again", "side message sent")
    return list(Fact.objects.filter(name__in=names).order_by("id").values_list("name", flat=True))


def test_it_is_said_on_the_message_is_our_turn_again_and_leaves_once_it_can_be_written(
    answer: Message, broken: pytest.MonkeyPatch, client: Client, ines: Agent
) -> None:
    client.force_login(ines)
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        tasks.let_go_all_due(0)
    answer.refresh_from_db()
    held = Conversation.objects.get()
    assert (answer.state, answer.trouble, answer.text) == ("failed", WORDS, "Dear Ada")
    assert (held.status, held.waiting_since is not None) == ("open", True)
    assert (facts(), Delivery.objects.count()) == (["message not delivered"], 0)
    again = reverse("desk:reply_again", args=[answer.pk])
    shown = client.get(reverse("desk:conversation", args=[held.pk])).content.decode()
    assert WORDS in shown
    assert f'action="{again}"' in shown

    with pytest.raises(CannotBeWritten, match="UnicodeEncodeError"):
        retrying.again(answer.pk, by=ines.actor)
    assert (Message.objects.get(pk=answer.pk).state, facts()) == ("failed", ["message not delivered"])

    broken.undo()
    later = clock.now() + timedelta(hours=1)
    with clock.frozen(later):
        client.post(again)
    answer.refresh_from_db()
    assert (answer.state, answer.trouble) == ("leaving", "")
    assert (Delivery.objects.get().letter["text"], answer.external_id) == (
        "Dear Ada",
        Delivery.objects.get().external_id,
    )
    assert sorted(facts()) == ["message not delivered", "message sent again", "reply sent"]
    episodes.refold([held.pk])
    assert Turn.objects.get().answered_at == later
    with pytest.raises(NothingToRetry):
        retrying.again(answer.pk, by=ines.actor)


def test_trouble_of_the_house_is_raised_so_that_it_is_tried_again_by_itself(
    answer: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("the database is away")

    with monkeypatch.context() as meanwhile, clock.frozen(clock.now() + timedelta(minutes=1)):
        meanwhile.setattr(letters, "compose", away)
        with pytest.raises(OperationalError):
            letting_go.let_go(answer.pk)
        assert (Message.objects.get(pk=answer.pk).state, facts()) == ("queued", [])
        meanwhile.undo()
        assert letting_go.let_go(answer.pk)
    assert (Message.objects.get(pk=answer.pk).state, facts()) == ("leaving", ["reply sent"])


def test_beside_a_conversation_it_is_the_same(question: Conversation, ines: Agent, broken: pytest.MonkeyPatch) -> None:
    written = Written(text="Where is parcel 7?", recipients=TO_CARRIER)
    asked = side.begin(question.pk, written, subject="Parcel 7", by=ines.actor)
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        tasks.let_go_all_due(0)
    asked.refresh_from_db()
    assert (asked.state, asked.trouble, asked.side.unread_since is not None) == ("failed", WORDS, True)
    with pytest.raises(CannotBeWritten):
        side_mail.again(asked.pk, by=ines.actor)
    assert (SideMessage.objects.get().state, facts(), Delivery.objects.count()) == ("failed", [], 0)
    broken.undo()
    assert side_mail.again(asked.pk, by=ines.actor).state == "leaving"
    assert (Delivery.objects.get().letter["text"], facts()) == ("Where is parcel 7?", ["side message sent"])
