"""Rules do what people told the desk to do: once for each event, in order, on record, and never in circles."""

from datetime import timedelta
from typing import Any

import pytest

from regulars.accounts.models import Agent
from regulars.channels.models import Channel
from regulars.customers.models import Customer
from regulars.desk.actions import histories, labels, messages, policies, rules, sorting_out, states, watching
from regulars.desk.actions.histories import History, Said
from regulars.desk.actions.messages import Written
from regulars.desk.errors import ConditionNotUsable, NoSuchDeed, RuleNotUsable
from regulars.desk.models import Conversation, Firing, Message, Rule, Step
from regulars.kernel import clock, tail
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.errors import NotAllowed
from tests.desk.acting import POLICY, asked
from tests.desk.cast import ask, make_agent
from tests.desk.telling import at

pytestmark = pytest.mark.django_db

LATE = {"field": "subject", "is": "contains", "value": "late"}


def write(*done: dict[str, str], **named: Any) -> Rule:
    usual: dict[str, Any] = {"name": "Late parcels", "triggers": ["started"], "tree": LATE, "by": SYSTEM}
    usual.update(named)
    return rules.write(usual.pop("name"), done=list(done), **usual)


LABEL = {"deed": "label", "value": "Shipping"}
URGENT = {"deed": "priority", "value": "1"}


def test_a_rule_does_its_deeds_where_its_conditions_are_met_and_nowhere_else(ada: Customer, mailbox: Channel) -> None:
    rule = write(LABEL, URGENT, {"deed": "note", "value": "Check with the depot."})
    late, other = ask(ada.pk, mailbox, "My parcel is late"), ask(ada.pk, mailbox, "Which grind?")
    for one in (late, other):
        rules.obey("started", one.pk, because=f"event-{one.pk}", actor=Actor("customer", ada.pk))
    late.refresh_from_db()
    other.refresh_from_db()
    assert (late.priority, [label.name for label in late.labels.all()]) == (1, ["Shipping"])
    assert (other.priority, other.labels.count()) == (3, 0)
    assert Message.objects.get(kind="note").author_kind == "rule"
    firing = Firing.objects.get()
    assert (firing.conversation_id, firing.rule_name, len(firing.did), firing.trouble) == (late.pk, rule.name, 3, "")


def test_it_fires_once_for_one_event_however_often_it_is_told(ada: Customer, mailbox: Channel) -> None:
    write({"deed": "note", "value": "Check."})
    late = ask(ada.pk, mailbox, "My parcel is late")
    told = [rules.obey("started", late.pk, because="event-1", actor=SYSTEM) for _ in range(3)]
    assert (told, Message.objects.filter(kind="note").count()) == ([1, 0, 0], 1)


def test_what_a_rule_does_makes_no_rule_fire(ada: Customer, mailbox: Channel) -> None:
    write(URGENT, triggers=["changed"], tree={})
    late = ask(ada.pk, mailbox, "My parcel is late")
    assert rules.obey("changed", late.pk, because="event-1", actor=Actor("rule", 7)) == 0


def test_the_last_rule_to_fire_is_the_last_to_be_asked(ada: Customer, mailbox: Channel) -> None:
    write(LABEL, name="First", is_last=True)
    write(URGENT, name="Second")
    late = ask(ada.pk, mailbox, "My parcel is late")
    assert rules.obey("started", late.pk, because="event-1", actor=SYSTEM) == 1
    assert Firing.objects.get().rule_name == "First"
    rules.move(Rule.objects.get(name="Second").pk, up=True, by=SYSTEM)
    assert rules.obey("started", late.pk, because="event-2", actor=SYSTEM) == 2


def test_a_deed_that_cannot_be_done_stops_nothing_else_and_is_said(ada: Customer, mailbox: Channel) -> None:
    gone = make_agent("Gone")
    write({"deed": "assign", "value": str(gone.pk)}, LABEL)
    Agent.objects.filter(pk=gone.pk).update(deactivated_at=clock.now())
    late = ask(ada.pk, mailbox, "My parcel is late")
    rules.obey("started", late.pk, because="event-1", actor=SYSTEM)
    firing = Firing.objects.get()
    assert firing.did == [LABEL]
    assert firing.trouble == "assign: There is no such colleague, or their access has ended."
    late.refresh_from_db()
    assert late.assignee_id is None


def test_a_paused_rule_rests_and_a_machines_message_wakes_none(ada: Customer, mailbox: Channel) -> None:
    rule = write(LABEL, triggers=["started", "received"])
    late = ask(ada.pk, mailbox, "My parcel is late")
    assert rules.obey("received", late.pk, because="event-1", actor=SYSTEM, is_automatic=True) == 0
    rules.pause(rule.pk, is_paused=True, by=SYSTEM)
    assert rules.obey("started", late.pk, because="event-2", actor=SYSTEM) == 0
    assert not Firing.objects.exists()


def test_a_rule_of_time_fires_once_for_one_silence(ada: Customer, mailbox: Channel) -> None:
    tree = {"field": "waiting", "is": "older than", "value": 4}
    write(URGENT, name="Waiting too long", triggers=["time"], tree=tree)
    late = ask(ada.pk, mailbox, "My parcel is late")
    assert rules.obey_time() == 0
    with clock.frozen(clock.now() + timedelta(hours=5)):
        assert rules.obey_time() == 1
        assert rules.obey_time() == 0
    late.refresh_from_db()
    assert late.priority == 1


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"name": " "}, RuleNotUsable),
        ({"triggers": ["whenever"]}, RuleNotUsable),
        ({"tree": {"field": "nothing", "is": "in", "value": [1]}}, ConditionNotUsable),
        ({"done": ()}, RuleNotUsable),
        ({"done": ({"deed": "fly", "value": ""},)}, NoSuchDeed),
        ({"done": ({"deed": "snooze", "value": "2030-01-01T00:00:00+00:00"},)}, RuleNotUsable),
        ({"done": ({"deed": "note", "value": " "},)}, RuleNotUsable),
    ],
)
def test_a_rule_that_could_not_be_obeyed_is_not_kept(change: dict[str, Any], refusal: type[Exception]) -> None:
    done = change.pop("done", (LABEL,))
    with pytest.raises(refusal):
        write(*done, **change)
    assert not Rule.objects.exists()


def test_only_those_who_set_up_the_desk_write_rules(ines: Agent) -> None:
    with pytest.raises(NotAllowed):
        write(LABEL, by=ines.actor)
    assert not Rule.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_reader_of_the_log_obeys_and_history_wakes_nobody(ada: Customer, mailbox: Channel, ines: Agent) -> None:
    write(LABEL, triggers=["started", "received"])
    late = ask(ada.pk, mailbox, "My parcel is late")
    long_ago = clock.now() - timedelta(days=100)
    past = Said(at=long_ago, by=Actor("customer", ada.pk), text="It was late")
    histories.bring_in([History(key="old", customer_id=ada.pk, channel_id=mailbox.pk, subject="late", turns=[past])])
    tail.catch_up(sorting_out.CONSUMER)
    assert {firing.conversation_id for firing in Firing.objects.all()} == {late.pk}
    assert tail.catch_up(sorting_out.CONSUMER) == 0
    tail.rewind(sorting_out.CONSUMER)
    tail.catch_up(sorting_out.CONSUMER)
    assert Firing.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_promise_about_to_be_broken_wakes_rules(ada: Customer, mailbox: Channel) -> None:
    with clock.frozen(at("2026-03-01 12:00")):
        policies.keep(POLICY, seen=0, by=SYSTEM)
    write(URGENT, triggers=["warned"], tree={})
    write(LABEL, name="Too late", triggers=["breached"], tree={})
    late = asked("10:00", ada, mailbox)
    for moment, priority, labels_put in (("13:31", 1, []), ("14:01", 1, ["Shipping"])):
        with clock.frozen(at(moment)):
            watching.watch(late.pk)
        tail.catch_up(sorting_out.CONSUMER)
        late.refresh_from_db()
        assert (late.priority, [label.name for label in late.labels.all()]) == (priority, labels_put)


def test_what_stood_before_stays_where_no_rule_is(question: Conversation, ines: Agent) -> None:
    states.resolve(question.pk, by=ines.actor)
    messages.receive(question.pk, Written(text="late"), by=Actor("customer", question.customer_id))
    labels.put(question.pk, "x", by=ines.actor)
    assert rules.obey("reopened", question.pk, because="event-1", actor=SYSTEM) == 0
    assert not Step.objects.filter(actor__startswith="rule").exists()
