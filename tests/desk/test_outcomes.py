"""What agents see of mail on its way: that it arrived, or that it is theirs again."""

import pytest

from regulars.accounts.models import Agent
from regulars.channels.models import Delivery
from regulars.channels.selectors import deliveries as tried
from regulars.desk.actions import letting_go, messages, outcomes
from regulars.desk.actions.messages import Written
from regulars.desk.models import Conversation, Message, Step
from regulars.kernel import clock, events
from regulars.kernel.actors import SYSTEM
from regulars.kernel.models import Fact

pytestmark = pytest.mark.django_db


@pytest.fixture
def answer(question: Conversation, ines: Agent) -> Message:
    """Ines answered, and the answer is with the channel."""
    reply = messages.reply(question.pk, Written(text="On its way."), by=ines.actor)
    assert reply.due_at
    with clock.frozen(reply.due_at):
        left = letting_go.let_go(reply.pk)
    assert left
    return left


def again(row: Message) -> Message:
    return Message.objects.select_related("conversation").get(pk=row.pk)


def settle(answer: Message, state: str, trouble: str = "", *, delivery: Delivery | None = None) -> Message | None:
    delivery = delivery or Delivery.objects.get(key=f"message:{answer.pk}")
    Delivery.objects.filter(pk=delivery.pk).update(state=state, trouble=trouble)
    return outcomes.settle(f"message:{answer.pk}", state, trouble=trouble, delivery_id=delivery.pk)


def test_an_answer_carries_the_id_by_which_its_answers_are_known(answer: Message) -> None:
    delivery = Delivery.objects.get()
    assert answer.external_id == delivery.external_id == delivery.letter["external_id"]
    assert answer.external_id.startswith(f"c{answer.conversation_id}.")
    assert answer.external_id.endswith("@shop.example")


def test_an_answer_that_left_says_so_and_nothing_else_changes(answer: Message) -> None:
    settle(answer, "sent")
    now = again(answer)
    assert (now.state, now.trouble, now.conversation.status) == ("sent", "", "waiting")
    assert not Step.objects.filter(verb="not delivered").exists()


@pytest.mark.parametrize("state", ["failed", "unknown"])
def test_an_answer_that_did_not_surely_leave_makes_it_our_turn_again(
    question: Conversation, answer: Message, state: str
) -> None:
    asked = Message.objects.get(conversation=question, author_kind="customer")
    settle(answer, state, "550 5.1.1 no such user")
    now = again(answer)
    assert (now.state, now.trouble, now.conversation.status) == (state, "550 5.1.1 no such user", "open")
    assert now.conversation.waiting_since == asked.at
    step = Step.objects.get(verb="not delivered")
    assert step.details == {"message": answer.pk, "state": state, "trouble": "550 5.1.1 no such user"}
    fact = Fact.objects.get(name="message not delivered")
    assert (fact.properties["message"], fact.properties["outcome"]) == (answer.pk, state)


def test_what_a_machine_sent_and_did_not_arrive_is_nobodys_turn(question: Conversation, answer: Message) -> None:
    Message.objects.filter(pk=answer.pk).update(is_automatic=True)
    settle(answer, "failed", "550 no")
    assert again(answer).conversation.status == "waiting"
    assert Step.objects.filter(verb="not delivered").count() == 1


def test_who_was_left_out_is_told_even_when_it_was_sent(answer: Message) -> None:
    settle(answer, "sent", "musa@example.com: 550 no such user")
    assert (again(answer).state, again(answer).conversation.status) == ("sent", "open")


def test_old_news_do_not_stand_in_for_newer_ones(answer: Message) -> None:
    first = Delivery.objects.get(key=f"message:{answer.pk}")
    settle(answer, "unknown", "interrupted")
    second = Delivery.objects.create(
        channel_id=first.channel_id, key=f"{first.key}:2", about=first.about, letter=first.letter,
        created_at=first.created_at, due_at=first.due_at,
    )  # fmt: skip
    Message.objects.filter(pk=answer.pk).update(state="leaving", trouble="")
    assert tried.is_last(second.pk, about=first.about)
    assert settle(answer, "failed", "late", delivery=first) is None
    assert again(answer).state == "leaving"
    assert settle(answer, "sent", delivery=second)
    assert settle(answer, "unknown", "late", delivery=first) is None
    assert again(answer).state == "sent"


def test_what_came_back_since_is_not_called_sent(answer: Message) -> None:
    delivery = Delivery.objects.get()
    Delivery.objects.update(state="failed")
    assert outcomes.settle(delivery.about, "sent", trouble="", delivery_id=delivery.pk) is None
    assert again(answer).state == "leaving"


def test_while_it_is_tried_again_the_message_says_why(answer: Message) -> None:
    outcomes.postpone(f"message:{answer.pk}", trouble="451 later")
    assert again(answer).trouble == "451 later – it is tried again by itself."
    settle(answer, "sent")
    assert again(answer).trouble == ""


def test_news_about_anything_else_is_not_the_desks() -> None:
    assert outcomes.settle("report:7", "sent", trouble="", delivery_id=1) is None
    assert outcomes.settle("message:x", "sent", trouble="", delivery_id=1) is None
    assert outcomes.settle("message:99999999", "sent", trouble="", delivery_id=1) is None


def test_the_desk_hears_of_deliveries(answer: Message) -> None:
    delivery = Delivery.objects.get()
    Delivery.objects.update(state="unknown")
    payload = {"id": "0b0b1d1c-0000-4000-8000-000000000001", "delivery_id": delivery.pk, "about": delivery.about,
               "state": "unknown", "trouble": "interrupted"}  # fmt: skip
    for _ in range(2):
        events.deliver("desk.handlers.show_what_became_of_it", "DeliverySettled", payload)
    assert (again(answer).state, Step.objects.filter(verb="not delivered").count()) == ("unknown", 1)
    assert str(SYSTEM) == Step.objects.get(verb="not delivered").actor
