"""Rules that meet each other, machines, deleted things and crowds: none of them stops or chases another."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from psycopg.errors import DeadlockDetected

from regulars.accounts.actions import teams
from regulars.channels.models import Channel
from regulars.customers.models import Customer
from regulars.desk import field_values
from regulars.desk.actions import field_definitions, labels, rules, sorting_out
from regulars.desk.actions.rule_faults import Fault
from regulars.desk.errors import NoSuchConversation
from regulars.desk.models import Conversation, Firing, Label, Message, Rule
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM
from tests.desk.cast import ask
from tests.told import everything_told

pytestmark = pytest.mark.django_db
NOTE = {"deed": "note", "value": "Look at this."}


def write(name: str, *done: dict[str, str], trigger: str = "changed", tree: dict[str, object] | None = None) -> Rule:
    return rules.write(name, triggers=[trigger], tree=tree or {}, done=done, by=SYSTEM)


def test_two_rules_that_undo_each_other_each_fire_once_for_one_event(question: Conversation) -> None:
    labels.put(question.pk, "Ping", by=SYSTEM)
    ping = Label.objects.get()
    write("Off", {"deed": "unlabel", "value": str(ping.pk)})
    write("On", {"deed": "label", "value": "Ping"})
    for turn in range(3):  # the reader of the log comes past what the rules themselves did
        sorting_out.sort_out(everything_told())
        assert Firing.objects.count() == 2, f"turn {turn}"


def test_a_rule_of_time_that_leaves_a_note_does_not_end_the_silence_it_waits_for(question: Conversation) -> None:
    write("Nudge", NOTE, trigger="time", tree={"field": "last", "is": "older than", "value": 1})
    for hours in (2, 4, 8, 30):
        with clock.frozen(clock.now() + timedelta(hours=hours)):
            rules.obey_time()
    assert Message.objects.filter(kind="note").count() == 1


def test_a_rule_that_cannot_be_read_any_more_stops_no_other(question: Conversation) -> None:
    broken = write("Broken", NOTE, trigger="time")
    write("Whole", NOTE, trigger="time")
    Rule.objects.filter(pk=broken.pk).update(conditions={"field": "mood", "is": "bad"}, triggers=["time", "changed"])
    assert rules.obey_time() == 1
    write("Whole too", NOTE)
    assert rules.obey("changed", question.pk, because="event-1", actor=SYSTEM) == 1


def test_what_names_a_label_that_is_gone_does_not_run_and_stops_nothing(question: Conversation) -> None:
    labels.put(question.pk, "Gone", by=SYSTEM)
    gone = Label.objects.get()
    takes_off = write("Takes off", {"deed": "unlabel", "value": str(gone.pk)}, NOTE)
    asks = write("Asks", NOTE, tree={"field": "label", "is": "not in", "value": [gone.pk]})
    late = write("Late", NOTE, tree={"not": {"field": "label", "is": "in", "value": [gone.pk]}}, trigger="time")
    write("Whole", NOTE)
    gone.delete()
    assert rules.obey("changed", question.pk, because="event-1", actor=SYSTEM) == 1
    assert rules.obey_time() == 0
    assert Firing.objects.get().rule_name == "Whole"
    with CaptureQueriesContext(connection) as asked:
        assert rules.faults(Rule.objects.all()) == {each.pk: [Fault("label")] for each in (takes_off, asks, late)}
    assert len(asked) == 2  # however many rules there are


def test_what_another_version_wrote_and_what_is_put_away_is_known_by_name(question: Conversation) -> None:
    box = teams.create("Returns", by=SYSTEM)
    field = field_definitions.define("Order", field_values.SHORT, by=SYSTEM)
    deeds = ({"deed": "team", "value": str(box.pk)}, {"deed": "field", "value": f"{field.key}=7"}, NOTE)
    rule = write("Sorts", *deeds)
    assert rules.faults([rule]) == {}
    teams.archive(box.pk, by=SYSTEM)
    field_definitions.retire(field.pk, is_retired=True, by=SYSTEM)
    rule.deeds = [*rule.deeds, {"deed": "summarise", "value": ""}]
    rule.triggers, rule.conditions = ["changed", "dreamt"], {"field": "team", "is": "in", "value": [box.pk + 1]}
    rule.save()
    expected = [("trigger", "dreamt"), ("team", ""), ("team", "Returns"), ("field", "Order"), ("deed", "summarise")]
    assert [(each.what, each.name) for each in rules.faults([rule])[rule.pk]] == expected
    rule.conditions, rule.deeds = {"all": [{"field": "mood"}]}, [NOTE, "odd"]
    assert [each.what for each in rules.faults([rule])[rule.pk]] == ["trigger", "conditions", "deed"]


def test_a_crowd_that_had_its_turn_does_not_stand_before_those_who_wait(
    ada: Customer, mailbox: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        ask(ada.pk, mailbox, f"Question {number}")
    write("Nudge", {"deed": "priority", "value": "1"}, trigger="time")
    monkeypatch.setattr(rules, "AT_ONCE", 2)
    assert [rules.obey_time() for _ in range(4)] == [2, 2, 1, 0]
    assert Conversation.objects.filter(priority=1).count() == 5


def test_one_that_is_gone_when_its_turn_comes_keeps_no_other_back(
    ada: Customer, mailbox: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, other = ask(ada.pk, mailbox, "One"), ask(ada.pk, mailbox, "Two")
    write("Nudge", {"deed": "priority", "value": "1"}, trigger="time")
    meets = rules.meets

    def erased_meanwhile(tree: dict[str, object], held: Conversation) -> bool:
        if held.pk == gone.pk:
            raise NoSuchConversation
        return meets(tree, held)

    monkeypatch.setattr(rules, "meets", erased_meanwhile)
    assert rules.obey_time() == 1
    other.refresh_from_db()
    assert other.priority == 1


def test_whoever_waits_for_another_in_a_circle_comes_again_instead_of_being_forgotten(
    question: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("Nudge", NOTE, trigger="started")

    def deadlock(*_: object, **__: object) -> int:
        raise OperationalError("deadlock detected") from DeadlockDetected()

    with monkeypatch.context() as busy:
        busy.setattr(rules, "obey", deadlock)
        with pytest.raises(OperationalError):
            sorting_out.sort_out(everything_told())
    sorting_out.sort_out(everything_told())
    assert Firing.objects.count() == 1
