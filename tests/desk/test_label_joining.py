"""Two labels become one, with every conversation and whatever names them."""

from datetime import timedelta

import pytest

from regulars.accounts.models import Agent, AuditEntry
from regulars.channels.models import Channel
from regulars.customers.models import Customer
from regulars.desk.actions import bulk, episodes, label_changes, label_joining, labels, macros, rules, seats, views
from regulars.desk.errors import LabelJoinsItself, NoSuchLabel
from regulars.desk.models import Conversation, Episode, Label, Macro, Seat, Step
from regulars.desk.selectors import label_uses, listing, reading
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM
from regulars.kernel.errors import NotAllowed
from tests.desk.cast import ask
from tests.jobs_waiting import arguments_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(question: Conversation) -> Label:
    return labels.put(question.pk, "Late", by=SYSTEM)


@pytest.fixture
def delayed(question: Conversation) -> Label:
    return labels.find_or_make("Delayed")


def names(conversation: Conversation) -> list[str]:
    return sorted(conversation.labels.values_list("name", flat=True))


def test_every_conversation_bears_the_one_that_stays_once(
    question: Conversation, late: Label, delayed: Label, ada: Customer, mailbox: Channel
) -> None:
    both, other = ask(ada.pk, mailbox, subject="Both"), ask(ada.pk, mailbox, subject="Other")
    for word in ("Late", "Delayed"):
        labels.put(both.pk, word, by=SYSTEM)
    labels.put(other.pk, "Delayed", by=SYSTEM)
    assert label_uses.borne_by_any(late.pk, delayed.pk) == 3
    steps = Step.objects.count()
    for _again in range(2):
        assert label_joining.join(late.pk, delayed.pk, by=SYSTEM) == delayed
    assert [names(each) for each in (question, both, other)] == [["Delayed"]] * 3
    assert label_uses.borne() == {delayed.pk: 3}
    assert list(reading.labels()) == [delayed]
    assert AuditEntry.objects.get(verb="labels joined").details == {"name": "Delayed", "from": "Late", "to": "Delayed"}
    assert Step.objects.count() == steps


def test_whatever_names_it_names_the_other(late: Label, delayed: Label, ines: Agent) -> None:
    asking = {"all": [{"field": "label", "is": "in", "value": [late.pk, delayed.pk]}]}
    rule = rules.write(
        "Parcels", triggers=["started"], tree=asking, done=[{"deed": "label", "value": "late"}], by=SYSTEM
    )
    view = views.create("Late ones", tree=asking, is_shared=True, by=SYSTEM)
    swap = [{"deed": "label", "value": "Delayed"}, {"deed": "unlabel", "value": str(late.pk)}]
    off = [{"deed": "unlabel", "value": str(late.pk)}, {"deed": "unlabel", "value": str(delayed.pk)}]
    swapping, taking = macros.write("Swap", "", done=swap, by=SYSTEM), macros.write("Off", "", done=off, by=SYSTEM)
    seats.set_up(ines.pk, capacity=5, skills=["Late", "delayed"], by=SYSTEM)
    label_joining.join(late.pk, delayed.pk, by=SYSTEM)
    for each in (rule, view):
        each.refresh_from_db()
        assert each.conditions == {"all": [{"field": "label", "is": "in", "value": [delayed.pk]}]}
    assert rule.deeds == [{"deed": "label", "value": "Delayed"}]
    assert Macro.objects.get(pk=swapping.pk).deeds == [{"deed": "label", "value": "Delayed"}]
    assert Macro.objects.get(pk=taking.pk).deeds == [{"deed": "unlabel", "value": str(delayed.pk)}]
    assert [skill.casefold() for skill in Seat.objects.get(agent=ines).skills] == ["delayed"]


def test_the_old_word_and_number_mean_the_one_that_stays(
    question: Conversation, late: Label, delayed: Label, ines: Agent
) -> None:
    worn = bulk.begin("label", "Late again", ids=[question.pk], by=ines.actor)
    again = Label.objects.get(name="Late again")
    label_joining.join(again.pk, late.pk, by=SYSTEM)
    label_joining.join(late.pk, delayed.pk, by=SYSTEM)
    assert labels.put(question.pk, "LATE again", by=SYSTEM) == delayed
    assert label_uses.label(again.pk) == delayed
    assert label_uses.other_names(delayed.pk) == ["Late", "Late again"]
    undone = bulk.undo(worn.pk, by=ines.actor)
    assert (undone.undone, undone.not_undone, names(question)) == (0, 1, ["Delayed"])
    labels.take_off(question.pk, late.pk, by=ines.actor)
    assert names(question) == []
    labels.put_back(question, late.pk, "Late", by=ines.actor)
    assert names(question) == ["Delayed"]
    assert label_changes.make("Late", hue=30, by=SYSTEM) == labels.find_or_make("late")


def test_many_are_moved_by_a_job_in_batches_and_counted_at_once(
    question: Conversation,
    late: Label,
    delayed: Label,
    ada: Customer,
    mailbox: Channel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(label_joining, "BATCH", 1)
    other = ask(ada.pk, mailbox, subject="Other")
    labels.put(other.pk, "Late", by=SYSTEM)
    label_joining.join(late.pk, delayed.pk, by=SYSTEM)
    assert (names(question), label_uses.borne_by(delayed.pk), label_uses.borne()) == (["Late"], 2, {delayed.pk: 2})
    assert arguments_of("desk.join_labels") == [{"label_id": late.pk}] * 2
    for _again in range(2):
        label_joining.move(late.pk)
    assert (names(question), names(other)) == (["Delayed"], ["Delayed"])
    (row,) = listing.in_this_order([other.pk], by=SYSTEM)
    assert row.worn == [("Delayed", delayed.hue)]  # type: ignore[attr-defined]  # put on by the listing


def test_what_is_counted_goes_on_under_the_one_that_stays(question: Conversation, late: Label, delayed: Label) -> None:
    def counted() -> list[str]:
        episodes.refold([question.pk])
        return Episode.objects.get(conversation=question).labels

    labels.put(question.pk, "Delayed", by=SYSTEM)
    labels.take_off(question.pk, delayed.pk, by=SYSTEM)  # only this one, of two that were two then
    label_joining.join(late.pk, delayed.pk, by=SYSTEM)
    assert counted() == ["Delayed"]
    with clock.frozen(clock.now() + timedelta(seconds=1)):
        labels.take_off(question.pk, delayed.pk, by=SYSTEM)
    assert counted() == []


def test_what_cannot_be_joined_is_refused_and_nothing_is_changed(
    question: Conversation, late: Label, delayed: Label, ines: Agent
) -> None:
    refund = labels.find_or_make("Refund")
    with pytest.raises(NotAllowed):
        label_joining.join(late.pk, delayed.pk, by=ines.actor)
    with pytest.raises(LabelJoinsItself):
        label_joining.join(late.pk, late.pk, by=SYSTEM)
    with pytest.raises(NoSuchLabel):
        label_joining.join(late.pk, 99_999, by=SYSTEM)
    assert (names(question), reading.labels().count()) == (["Late"], 3)
    label_joining.join(late.pk, delayed.pk, by=SYSTEM)
    for one, other in ((late, refund), (refund, late), (delayed, late)):
        with pytest.raises(NoSuchLabel):
            label_joining.join(one.pk, other.pk, by=SYSTEM)
    assert (names(question), reading.labels().count()) == (["Delayed"], 2)
