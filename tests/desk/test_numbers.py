"""The figures by hand: two weeks of a small desk, every number worked out beside it."""

from dataclasses import dataclass, replace
from datetime import date

import pytest

from regulars.accounts.models import Agent
from regulars.channels.models import Channel
from regulars.customers.models import Customer
from regulars.desk.actions import conversations, episodes, labels, policies, spam, states
from regulars.desk.models import Conversation, Episode, Turn
from regulars.desk.selectors import numbers
from regulars.desk.selectors.numbers import Backlog, Kept, Lasting, Load, Parts, Question, Volume
from regulars.kernel import clock, tail
from regulars.kernel.actors import SYSTEM
from regulars.kernel.models import Fact
from tests.desk.acting import HOUR, POLICY, answer, asked, when, write
from tests.desk.telling import at

MINUTE = 60
MARCH = Question(date(2026, 3, 1), date(2026, 4, 1), "Europe/Berlin")


def durations(question: Question, kind: str, *, is_business: bool = True) -> Parts[Lasting]:
    found = numbers.measured(question, kind, is_business=is_business)
    steps = {day: part.lasting for day, part in found.steps.items() if part.lasting.n}
    return Parts(
        found.whole.lasting, steps, {name: part.lasting for name, part in found.groups.items() if part.lasting.n}
    )


def kept(question: Question, kind: str) -> Parts[Kept]:
    found = numbers.measured(question, kind)
    steps = {day: part.kept for day, part in found.steps.items() if part.kept.n}
    return Parts(found.whole.kept, steps, {name: part.kept for name, part in found.groups.items() if part.kept.n})


@dataclass
class Desk:
    """The conversations of the story."""

    quick: Conversation
    slow: Conversation
    waiting: Conversation
    again: Conversation


@pytest.fixture
def desk(ada: Customer, musa: Customer, mailbox: Channel, ines: Agent, bo: Agent) -> Desk:
    """Monday 2 and Tuesday 3 March, nine to five in Berlin; four hours to answer, sixteen to resolve.

    quick: asked Mon 10:00, Ines answers 10:30, Ada writes 11:00, Ines answers and resolves 11:10.
    slow: asked Mon 16:00, Bo answers Tue 12:10 (4 h 10 min of business), resolves Tue 13:00; urgent at the end.
    waiting: asked Tue 09:00, nobody answers.
    again: asked Mon 9:00, Ines answers and resolves 9:20; asked again Tue 10:00, resolved Tue 10:30 without a word.
    """
    with clock.frozen(at("2026-03-01 12:00")):
        policies.keep(POLICY, seen=0, by=SYSTEM)
    quick = asked("10:00", ada, mailbox)
    answer("10:30", quick, ines)
    write("11:00", quick)
    answer("11:10", quick, ines, then="resolved")
    slow = asked("16:00", musa, mailbox)
    when("16:05", lambda: labels.put(slow.pk, "Refund", by=bo.actor))
    answer("2026-03-03 12:10", slow, bo)
    when("2026-03-03 12:20", lambda: conversations.prioritise(slow.pk, 1, by=bo.actor))
    when("2026-03-03 13:00", lambda: states.resolve(slow.pk, by=bo.actor))
    waiting = asked("2026-03-03 09:00", ada, mailbox)
    again = asked("09:00", musa, mailbox)
    answer("09:20", again, ines, then="resolved")
    write("2026-03-03 10:00", again)
    when("2026-03-03 10:30", lambda: states.resolve(again.pk, by=ines.actor))
    made = Desk(quick, slow, waiting, again)
    episodes.refold([quick.pk, slow.pk, waiting.pk, again.pk])
    return made


def test_first_responses(desk: Desk) -> None:
    """Business: 20 min, 30 min, 4 h 10 min; by the calendar the last took 20 h 10 min."""
    found = durations(MARCH, "first")
    whole = Lasting(3, 30 * MINUTE, pytest.approx(30 * MINUTE + 0.8 * 220 * MINUTE), pytest.approx(100 * MINUTE))
    assert found.whole == whole
    assert found.steps == {date(2026, 3, 2): whole}
    calendar = durations(MARCH, "first", is_business=False).whole
    assert (calendar.n, calendar.median, calendar.mean) == (3, 30 * MINUTE, pytest.approx(20 * HOUR / 3 + 20 * MINUTE))


def test_next_responses_and_resolutions(desk: Desk) -> None:
    assert durations(MARCH, "next").whole == Lasting(1, 10 * MINUTE, 10 * MINUTE, 10 * MINUTE)
    # quick 70 min less the pause of 30; slow 5 h less the pause of 50 min; again 20 min and 30 min.
    found = durations(MARCH, "resolution")
    assert (found.whole.n, found.whole.median, found.whole.mean) == (4, 35 * MINUTE, pytest.approx(85 * MINUTE))
    assert {day: (part.n, part.median) for day, part in found.steps.items()} == {
        date(2026, 3, 2): (3, 40 * MINUTE),
        date(2026, 3, 3): (1, 30 * MINUTE),
    }


def test_nothing_is_nothing_and_not_nought(desk: Desk) -> None:
    april = replace(MARCH, since=date(2026, 4, 1), until=date(2026, 5, 1))
    assert durations(april, "first").whole == Lasting(0, None, None, None)
    assert durations(MARCH, "bot").whole == Lasting(0, None, None, None)
    assert kept(april, "first").whole.share is None
    assert numbers.volume(april).whole.replies_each is None


def test_shares_in_target_include_breaches_that_are_still_open(desk: Desk, ada: Customer) -> None:
    """Asked on Tuesday at 9, `waiting` is in time until 13:00 and broken from then on."""
    with clock.frozen(at("2026-03-03 13:00")):
        assert kept(MARCH, "first").whole == Kept(2, 1, 0)
    with clock.frozen(at("2026-03-03 13:01")):
        found = kept(replace(MARCH, step="week"), "first")
    assert found.whole == Kept(2, 2, 1)
    assert found.whole.share == 0.5
    assert found.steps == {date(2026, 3, 2): Kept(2, 2, 1)}
    # Urgent since Tuesday, `slow` had four hours from its start and took five less a pause of 50 minutes.
    with clock.frozen(at("2026-03-03 14:00")):
        assert kept(MARCH, "resolution").whole == Kept(3, 1, 0)
        assert kept(MARCH, "next").whole == Kept(1, 0, 0)


def test_volume_reopenings_and_replies_per_resolution(desk: Desk) -> None:
    found = numbers.volume(MARCH)
    assert found.whole == Volume(began=5, reopenings=1, messages=6, resolved=4, reopened=1, replies=4)
    assert (found.whole.replies_each, found.whole.reopened_share) == (1.0, 0.25)
    assert {day: part.began for day, part in found.steps.items()} == {date(2026, 3, 2): 3, date(2026, 3, 3): 2}


def test_backlog_at_the_end_of_each_day(desk: Desk) -> None:
    with clock.frozen(at("2026-03-04 12:00")):
        found = numbers.backlog(MARCH)
    assert found == {
        date(2026, 3, 1): Backlog(0, 0, 0),
        date(2026, 3, 2): Backlog(3, 2, 1),
        date(2026, 3, 3): Backlog(2, 2, 1),
        date(2026, 3, 4): Backlog(0, 0, 1),
    }
    with clock.frozen(at("2026-03-04 12:00")):
        later = numbers.backlog(replace(MARCH, since=date(2026, 3, 3)))
    assert later == {day: left for day, left in found.items() if day >= date(2026, 3, 3)}


def test_workload_counts_what_each_did_and_has(desk: Desk, ines: Agent, bo: Agent) -> None:
    assert numbers.workload(MARCH) == {ines.pk: Load(3, 3, 0), bo.pk: Load(1, 1, 0)}
    for part, n in (("answered", 3), ("resolved", 3), ("open_now", 0)):
        found = numbers.carried(MARCH, part, agent_id=ines.pk)
        assert (found.n, len(found.rows)) == (n, n)
    assert [row.conversation_id for row in numbers.carried(MARCH, "answered", agent_id=bo.pk).rows] == [desk.slow.pk]
    tuesday = replace(MARCH, since=date(2026, 3, 3), until=date(2026, 3, 4))
    assert numbers.workload(tuesday) == {ines.pk: Load(0, 1, 0), bo.pk: Load(1, 1, 0)}


def test_by_agent_a_response_is_whose_it_was(desk: Desk, ines: Agent, bo: Agent) -> None:
    found = durations(replace(MARCH, by="agent"), "first")
    assert found.whole.n == 3
    assert found.groups == {
        str(ines.pk): Lasting(2, 25 * MINUTE, pytest.approx(29 * MINUTE), 25 * MINUTE),
        str(bo.pk): Lasting(1, 250 * MINUTE, 250 * MINUTE, 250 * MINUTE),
    }


def test_by_label_priority_channel_and_customer_label(desk: Desk, ada: Customer, mailbox: Channel) -> None:
    from regulars.customers.actions import labels as customer_labels

    customer_labels.put(ada.pk, "VIP", by=SYSTEM)
    counts = {
        by: {name: part.began for name, part in numbers.volume(replace(MARCH, by=by)).groups.items()}
        for by in ("label", "priority", "channel", "customer label", "team", "kind")
    }
    assert counts == {
        "label": {"Refund": 1, "": 4},
        "priority": {"1": 1, "3": 4},
        "channel": {str(mailbox.pk): 5},
        "customer label": {"VIP": 2, "": 3},
        "team": {"": 5},
        "kind": {"issue": 5},
    }
    for where in (("label", "Refund"), ("priority", "1")):
        assert durations(replace(MARCH, where=(where,)), "resolution").whole.n == 1
    assert (
        numbers.volume(replace(MARCH, where=(("customer label", "VIP"), ("channel", str(mailbox.pk))))).whole.began == 2
    )


def test_behind_every_number_are_its_conversations(desk: Desk, ines: Agent) -> None:
    def behind(measure: str, **more: object) -> list[tuple[int, int, float | None]]:
        with clock.frozen(at("2026-03-04 12:00")):
            found = numbers.conversations(replace(MARCH, by="agent"), measure, **more)  # type: ignore[arg-type]
        assert found.n == len(found.rows)
        return [(row.conversation_id, row.episode, row.seconds) for row in found.rows]

    assert behind("first") == [
        (desk.slow.pk, 1, 250 * MINUTE), (desk.quick.pk, 1, 30 * MINUTE), (desk.again.pk, 1, 20 * MINUTE),
    ]  # fmt: skip
    assert behind("first", group=str(ines.pk)) == [(desk.quick.pk, 1, 30 * MINUTE), (desk.again.pk, 1, 20 * MINUTE)]
    assert behind("first", is_business=False)[0] == (desk.slow.pk, 1, 20 * HOUR + 10 * MINUTE)
    assert behind("next") == [(desk.quick.pk, 1, 10 * MINUTE)]
    assert {row[0] for row in behind("first broken")} == {desk.slow.pk, desk.waiting.pk}
    assert {row[0] for row in behind("first kept")} == {desk.quick.pk, desk.again.pk}
    assert behind("resolution broken") == [(desk.slow.pk, 1, 250 * MINUTE)]
    assert behind("reopenings") == [(desk.again.pk, 2, None)]
    assert behind("reopened") == [(desk.again.pk, 1, None)]
    assert behind("began", step=date(2026, 3, 3)) == [(desk.waiting.pk, 1, None), (desk.again.pk, 2, None)]
    assert behind("backlog", step=date(2026, 3, 2)) == [(desk.slow.pk, 1, None)]
    assert behind("backlog") == [(desk.waiting.pk, 1, None)]


def test_every_number_has_as_many_behind_it_as_it_says(desk: Desk) -> None:
    with clock.frozen(at("2026-03-04 12:00")):
        for kind in ("first", "next", "resolution", "bot"):
            assert numbers.conversations(MARCH, kind).n == durations(MARCH, kind).whole.n
        for kind in ("first", "next", "resolution"):
            promises = kept(MARCH, kind).whole
            assert numbers.conversations(MARCH, f"{kind} kept").n == promises.kept
            assert numbers.conversations(MARCH, f"{kind} broken").n == promises.broken
        for name in ("began", "reopenings", "resolved", "reopened"):
            assert numbers.conversations(MARCH, name).n == getattr(numbers.volume(MARCH).whole, name)
        for day, there in numbers.backlog(MARCH).items():
            assert numbers.conversations(MARCH, "backlog", step=day).n == there.left


def test_a_week_may_begin_on_sunday_and_a_day_ends_where_the_company_is(desk: Desk) -> None:
    sunday = replace(MARCH, step="week", week_starts="sunday")
    assert set(numbers.volume(sunday).steps) == {date(2026, 3, 1)}
    assert set(numbers.volume(replace(MARCH, step="month")).steps) == {date(2026, 3, 1)}
    # Tuesday 09:00 in Berlin is still Monday evening in Honolulu.
    assert set(numbers.volume(replace(MARCH, zone="Pacific/Honolulu")).steps) == {date(2026, 3, 1), date(2026, 3, 2)}


def test_spam_leaves_every_number(desk: Desk, ines: Agent) -> None:
    spam.mark(desk.waiting.pk, by=ines.actor)
    episodes.refold([desk.waiting.pk])
    assert numbers.volume(MARCH).whole.began == 4
    assert not Episode.objects.filter(conversation=desk.waiting).exists()


def test_a_question_that_makes_no_sense_is_refused() -> None:
    for wrong in ({"step": "hour"}, {"by": "mood"}, {"until": date(2026, 3, 1)}, {"where": (("1=1; --", "x"),)}):
        with pytest.raises(ValueError, match="not a question"):
            replace(MARCH, **wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no such number"):
        numbers.conversations(MARCH, "guess")


def rows() -> list[object]:
    wanted = ("conversation", "ordinal", "began_at", "ended_at", "seconds", "business_seconds", "due_at", "replies")
    turns = (
        "episode__conversation",
        "episode__ordinal",
        "ordinal",
        "seconds",
        "business_seconds",
        "due_at",
        "agent_id",
    )
    return [
        *Episode.objects.order_by("conversation", "ordinal").values_list(*wanted),
        *Turn.objects.order_by("episode__conversation", "episode__ordinal", "ordinal").values_list(*turns),
    ]


@pytest.mark.django_db(transaction=True)
def test_the_rows_are_built_again_from_nothing_but_the_facts(desk: Desk) -> None:
    by_hand = rows()
    assert len(by_hand) == 5 + 6
    assert tail.catch_up(episodes.CONSUMER) == Fact.objects.count()
    assert rows() == by_hand
    episodes.rebuild()
    assert rows() == []
    tail.catch_up(episodes.CONSUMER)
    assert rows() == by_hand
    tail.rewind(episodes.CONSUMER)
    tail.catch_up(episodes.CONSUMER)
    assert rows() == by_hand


@pytest.mark.django_db(transaction=True)
def test_an_erased_conversation_leaves_the_figures_and_stops_nothing(desk: Desk, ada: Customer) -> None:
    from regulars.customers.actions import erasures

    erasures.erase(ada.pk, by=SYSTEM)
    tail.rewind(episodes.CONSUMER)
    tail.catch_up(episodes.CONSUMER)
    assert set(Episode.objects.values_list("conversation", flat=True)) == {desk.slow.pk, desk.again.pk}


def test_what_was_asked_over_night_belongs_to_its_local_day(desk: Desk, ada: Customer, mailbox: Channel) -> None:
    late = asked("2026-03-04 23:30", ada, mailbox)
    episodes.refold([late.pk])
    assert numbers.volume(MARCH).steps[date(2026, 3, 4)].began == 1
