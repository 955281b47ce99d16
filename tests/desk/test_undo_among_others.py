"""A bulk action taken back while others merged, erased, left and changed what it had touched."""

import pytest

from regulars.accounts.actions import agents
from regulars.accounts.models import Agent
from regulars.channels.models import Channel
from regulars.customers.actions import erasures
from regulars.customers.models import Customer
from regulars.desk.actions import assignments, bulk, merging, messages, states
from regulars.desk.actions.messages import Written
from regulars.desk.errors import CannotBeUndone
from regulars.desk.models import Bulk, Conversation
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM, Actor
from tests.desk.cast import ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(ada: Customer, musa: Customer, mailbox: Channel) -> list[int]:
    """Three questions of Ada's and one of Musa's."""
    return [ask(customer.pk, mailbox, f"Question {number}").pk for number, customer in enumerate((ada, ada, ada, musa))]


def standing(ids: list[int]) -> list[str]:
    return list(Conversation.objects.filter(pk__in=ids).order_by("pk").values_list("status", flat=True))


def counted(done: Bulk) -> tuple[int, int]:
    done.refresh_from_db()
    return done.undone, done.not_undone


def test_each_is_taken_back_unless_something_happened_to_it(
    asked: list[int], ada: Customer, musa: Customer, ines: Agent, bo: Agent
) -> None:
    done = bulk.begin("resolve", ids=asked, by=ines.actor)
    messages.receive(asked[0], Written(text="Not at all"), by=Actor("customer", ada.pk))
    merging.merge(asked[1], asked[2], by=bo.actor)
    erasures.erase(musa.pk, by=SYSTEM)
    bulk.undo(done.pk, by=ines.actor)
    assert (standing(asked[:2]), counted(done)) == (["open", "open"], (1, 2))
    with pytest.raises(CannotBeUndone):
        bulk.undo(done.pk, by=ines.actor)
    bulk.run(done.pk, by=ines.actor)  # its job runs once more
    assert (standing(asked[:2]), counted(done)) == (["open", "open"], (1, 2))


def test_what_was_undone_and_done_again_by_another_stays_done(asked: list[int], ines: Agent, bo: Agent) -> None:
    done = bulk.begin("resolve", ids=asked, by=ines.actor)
    again = states.reopen(asked[0], by=bo.actor)
    states.resolve(again.pk, by=bo.actor)
    bulk.undo(done.pk, by=ines.actor)
    assert (standing(asked), counted(done)) == (["resolved", "open", "open", "open"], (3, 1))


def test_nothing_goes_back_to_a_colleague_who_left(asked: list[int], ines: Agent, bo: Agent) -> None:
    for pk in asked[:2]:
        assignments.to_agent(pk, bo.pk, by=ines.actor)
    done = bulk.begin("assign", str(ines.pk), ids=asked, by=ines.actor)
    agents.deactivate(bo.pk, by=SYSTEM)
    bulk.undo(done.pk, by=ines.actor)
    owners = list(Conversation.objects.filter(pk__in=asked).order_by("pk").values_list("assignee", flat=True))
    assert (owners, counted(done)) == ([ines.pk, ines.pk, None, None], (2, 2))


def test_whoever_left_meanwhile_does_nothing_more(asked: list[int], ines: Agent) -> None:
    begun = Bulk.objects.create(
        agent=ines, deed="resolve", value=None, told="", ids=asked, total=len(asked), at=clock.now()
    )
    agents.deactivate(ines.pk, by=SYSTEM)
    bulk.run(begun.pk, by=ines.actor)
    begun.refresh_from_db()
    assert (set(standing(asked)), begun.changed, begun.finished_at is not None) == ({"open"}, 0, True)
