"""When promises come due, by hand: pauses, closed hours, policies and priorities that change on the way."""

from datetime import datetime

import pytest

from regulars.desk.episodes import Pause, fold
from regulars.desk.hours import Hours, SpecialDay, read_intervals, same_every_day
from regulars.desk.targets import (
    FIRST,
    NEXT,
    RESOLUTION,
    Case,
    Policy,
    Promised,
    Target,
    falls_due,
    policy_from_json,
    policy_to_json,
    promised,
)
from regulars.desk.targets.errors import TargetNotUsable, UnknownHours
from tests.desk.telling import Story, at

NINE_TO_FIVE = Hours("Europe/Berlin", same_every_day(read_intervals("09:00-17:00")))
SPLIT = Hours("Europe/Berlin", same_every_day(read_intervals("09:00-12:30, 13:30-17:00")))
HOUR = 3600
URGENT = Target("Urgent", "office", {FIRST: HOUR, NEXT: HOUR, RESOLUTION: 4 * HOUR}, priorities=frozenset({1}))
REST = Target("Everybody", "office", {FIRST: 4 * HOUR, NEXT: 8 * HOUR, RESOLUTION: 16 * HOUR})
POLICY = Policy({"office": NINE_TO_FIVE}, (URGENT, REST), "office")


def always(policy: Policy) -> object:
    return lambda moment: (1, policy)


def promises(story: Story, policy_at: object = None) -> dict[tuple[int, str, int], Promised]:
    found = [one for episode in fold(story.facts) for one in promised(episode, policy_at or always(POLICY))]  # type: ignore[arg-type]
    return {one.key: one for one in found}


def test_a_promise_is_counted_in_business_time() -> None:
    found = promises(Story().asks("15:00"))
    assert found[1, FIRST, 0].due_at == at("2026-03-03 11:00")
    assert found[1, RESOLUTION, 0].due_at == at("2026-03-04 15:00")
    assert found[1, FIRST, 0].is_running


def test_split_shifts_and_a_holiday_push_what_is_due() -> None:
    closed = Hours("Europe/Berlin", SPLIT.week, special=(SpecialDay(at("2026-03-03 00:00").date()),))
    policy = Policy({"office": closed}, (REST,))
    found = promises(Story().asks("12:00"), always(policy))
    assert found[1, FIRST, 0].due_at == at("17:00")
    assert found[1, RESOLUTION, 0].due_at == at("2026-03-05 15:00")


def test_a_pause_across_closed_hours_moves_the_resolution_by_its_open_part() -> None:
    """16 hours from Monday 10:00 end on Wednesday 10:00; paused Monday 16:00 to Tuesday 10:00, 2 open hours."""
    story = Story().asks("10:00").answers("10:30").becomes("waiting", "16:00")
    assert promises(story)[1, RESOLUTION, 0].due_at is None
    assert promises(story)[1, RESOLUTION, 0].paused_at == at("16:00")
    found = promises(story.asks("2026-03-03 10:00"))
    assert found[1, RESOLUTION, 0].due_at == at("2026-03-04 12:00")
    assert found[1, NEXT, 1].due_at == at("2026-03-04 10:00")


def test_what_was_due_before_a_pause_stays_due() -> None:
    pauses = (Pause(at("12:00"), None),)
    assert falls_due(at("10:00"), HOUR, NINE_TO_FIVE, pauses=pauses) == at("11:00")
    assert falls_due(at("10:00"), 2 * HOUR, NINE_TO_FIVE, pauses=pauses) == at("12:00")
    assert falls_due(at("10:00"), 2 * HOUR + 1, NINE_TO_FIVE, pauses=pauses) is None


def test_a_change_of_priority_aims_anew_from_the_start() -> None:
    found = promises(Story().asks("10:00").becomes_priority(1, "10:45"))
    assert found[1, FIRST, 0].due_at == at("11:00")
    assert found[1, FIRST, 0].target == "Urgent"
    assert promises(Story().asks("10:00").becomes_priority(1, "12:00"))[1, FIRST, 0].is_broken(at("12:00"))


def test_a_change_of_team_aims_anew_from_the_start_and_not_for_what_was_answered() -> None:
    second = Target("Second line", "office", {FIRST: 6 * HOUR, RESOLUTION: 40 * HOUR}, teams=frozenset({2}))
    policy = Policy({"office": NINE_TO_FIVE}, (second, REST))
    found = promises(Story().asks("10:00").answers("11:00").goes_to("12:00", team=2), always(policy))
    assert (found[1, FIRST, 0].target, found[1, FIRST, 0].due_at) == ("Everybody", at("14:00"))
    assert (found[1, RESOLUTION, 0].target, found[1, RESOLUTION, 0].seconds) == ("Second line", 40 * HOUR)


def test_a_running_clock_keeps_the_version_it_began_with() -> None:
    stricter = Policy({"office": NINE_TO_FIVE}, (Target("New", "office", {FIRST: HOUR, NEXT: HOUR}),))

    def policy_at(moment: datetime) -> tuple[int, Policy] | None:
        if moment < at("08:00"):
            return None
        return (1, POLICY) if moment < at("10:30") else (2, stricter)

    assert promises(Story().asks("07:00"), policy_at) == {}
    story = Story().asks("10:00").becomes_priority(1, "10:40")
    assert (promises(story, policy_at)[1, FIRST, 0].policy_id, promises(story, policy_at)[1, FIRST, 0].due_at) == (
        1,
        at("11:00"),
    )
    found = promises(Story().asks("10:00").answers("10:20").asks("11:00"), policy_at)
    assert (found[1, NEXT, 1].policy_id, found[1, NEXT, 1].due_at) == (2, at("12:00"))


def test_an_open_breach_is_a_breach_and_a_void_clock_is_none_unless_it_was_late() -> None:
    story = Story().asks("10:00")
    assert not promises(story)[1, FIRST, 0].is_broken(at("14:00"))
    assert promises(story)[1, FIRST, 0].is_broken(at("14:01"))
    resolved = promises(story.becomes("resolved", "13:00"))
    assert resolved[1, FIRST, 0].stopped_at == at("13:00")
    assert not resolved[1, FIRST, 0].is_broken(at("18:00"))
    assert resolved[1, RESOLUTION, 0].met_at == at("13:00")


def test_a_double_reopening_promises_anew_each_time() -> None:
    story = Story().asks("10:00").becomes("resolved", "10:10").asks("11:00").becomes("resolved", "11:10").asks("12:00")
    assert [key for key in promises(story) if key[1] == FIRST] == [(1, FIRST, 0), (2, FIRST, 0), (3, FIRST, 0)]
    assert promises(story)[3, FIRST, 0].due_at == at("16:00")


def test_a_warning_comes_before_the_breach_but_not_before_half_of_the_target() -> None:
    assert promises(Story().asks("10:00"))[1, FIRST, 0].warn_at == at("13:30")
    patient = Policy(POLICY.hours, POLICY.targets, "office", warn_seconds=10 * HOUR)
    assert promises(Story().asks("10:00"), always(patient))[1, FIRST, 0].warn_at == at("12:00")


def test_hours_that_never_open_are_never_due() -> None:
    never = Policy({"office": Hours("Europe/Berlin", ((),) * 7)}, (REST,))
    assert promises(Story().asks("10:00"), always(never))[1, FIRST, 0].due_at is None


def test_the_first_target_that_fits_holds() -> None:
    vip = Target("VIP", "office", {FIRST: 60}, labels=frozenset({"VIP"}), channels=frozenset({1, 2}))
    policy = Policy({"office": NINE_TO_FIVE}, (vip, URGENT, REST))
    assert policy.target_for(Case(1, 2, None, "issue", frozenset({"vip"}))) is vip
    assert policy.target_for(Case(1, 3, None, "issue", frozenset({"vip"}))) is URGENT
    assert policy.target_for(Case(3, 1, None, "issue", frozenset())) is REST
    assert Policy({"office": NINE_TO_FIVE}, (vip,)).target_for(Case(3)) is None
    assert set(policy.conditions()) == {"priorities", "channels", "labels"}


def test_what_cannot_be_promised_is_refused() -> None:
    for seconds in ({FIRST: 59}, {"second": 600}, {FIRST: 367 * 24 * HOUR}):
        with pytest.raises(TargetNotUsable):
            Target("Bad", "office", seconds)
    with pytest.raises(UnknownHours):
        Policy({}, (REST,))


def test_a_policy_is_kept_and_read_back() -> None:
    assert policy_from_json(policy_to_json(POLICY)) == POLICY
