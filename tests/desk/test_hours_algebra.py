"""Business time obeys its algebra and agrees with looking at the clock every minute."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from regulars.desk import hours as opening
from regulars.desk.hours import Hours, Interval, NeverOpen, SpecialDay
from tests.desk import hours_by_minute

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia")
# Around both changes of 2026 in either hemisphere, and the turn of the year.
BEGINS = st.sampled_from([datetime(2026, *day, tzinfo=UTC) for day in ((3, 6), (3, 27), (4, 3), (10, 2), (10, 23))])
BEGINS |= st.just(datetime(2025, 12, 30, tzinfo=UTC)) | st.just(datetime(2028, 2, 27, tzinfo=UTC))
MOMENTS = st.builds(lambda day, minutes: day + timedelta(minutes=minutes), BEGINS, st.integers(0, 6 * 1440))


@st.composite
def intervals(draw: st.DrawFn) -> tuple[Interval, ...]:
    """Any intervals, overlapping ones and those past midnight too."""
    starts = draw(st.lists(st.integers(0, 1439), max_size=3))
    return tuple(Interval(opens, opens + draw(st.integers(1, 1440 if opens == 0 else 1439))) for opens in starts)


WEEKS = st.tuples(*[intervals()] * 7)
SPECIAL = st.dictionaries(st.dates(date(2026, 3, 25), date(2026, 4, 6)), intervals(), max_size=3)
HOURS = st.builds(
    lambda zone, week, place, special: Hours(
        zone, week, *place, special=tuple(SpecialDay(day, there) for day, there in special.items())
    ),
    st.sampled_from(ZONES),
    WEEKS,
    st.sampled_from([("", ""), ("DE", "BY"), ("US", "")]),
    SPECIAL,
)


@settings(max_examples=25, deadline=None)
@given(HOURS, MOMENTS, st.integers(0, 3 * 1440))
def test_it_agrees_with_the_clock_on_the_wall(hours: Hours, start: datetime, minutes: int) -> None:
    end = start + timedelta(minutes=minutes)
    assert opening.business_seconds(start, end, hours) == hours_by_minute.business_seconds(start, end, hours)
    assert opening.is_open(start, hours) == hours_by_minute.is_open(start, hours)


@settings(max_examples=25, deadline=None)
@given(HOURS, MOMENTS, st.integers(1, 600))
def test_what_is_due_agrees_with_the_clock_on_the_wall(hours: Hours, start: datetime, minutes: int) -> None:
    assume(hours_by_minute.business_seconds(start, start + timedelta(days=4), hours) >= minutes * 60)
    assert opening.add_business(start, minutes * 60, hours) == hours_by_minute.add_business(start, minutes * 60, hours)


@settings(max_examples=80, deadline=None)
@given(HOURS, MOMENTS, st.integers(0, 10**13))
def test_what_was_added_is_measured_again(hours: Hours, start: datetime, micros: int) -> None:
    span = timedelta(microseconds=micros)
    try:
        due = opening.add_business(start, span.total_seconds(), hours)
    except NeverOpen:
        assume(False)
        raise
    assert opening.business_time(start, due, hours) == span
    assert due == start or opening.business_time(start, due - timedelta(microseconds=1), hours) < span


@settings(max_examples=80, deadline=None)
@given(HOURS, MOMENTS, st.integers(0, 10**15), st.integers(0, 10**15))
def test_two_parts_make_the_whole(hours: Hours, start: datetime, one: int, other: int) -> None:
    middle = start + timedelta(microseconds=one)
    end = middle + timedelta(microseconds=other)
    parts = opening.business_time(start, middle, hours) + opening.business_time(middle, end, hours)
    assert opening.business_time(start, end, hours) == parts
    assert timedelta(0) <= parts <= end - start


@settings(max_examples=100, deadline=None)
@given(HOURS, MOMENTS, st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_longer_promise_is_never_due_earlier(hours: Hours, start: datetime, one: int, more: int) -> None:
    try:
        assert opening.add_business(start, one, hours) <= opening.add_business(start, one + more, hours)
    except NeverOpen:
        assume(False)


@settings(max_examples=60, deadline=None)
@given(HOURS, MOMENTS)
def test_the_next_opening_is_open_and_nothing_before_it_is(hours: Hours, at: datetime) -> None:
    try:
        opens = opening.next_opening(at, hours)
    except NeverOpen:
        assume(False)
        raise
    assert opening.is_open(opens, hours)
    assert opening.business_seconds(at, opens, hours) == 0


@given(HOURS)
def test_hours_survive_being_kept(hours: Hours) -> None:
    assert opening.from_json(opening.as_json(hours)).intervals_on(date(2026, 3, 30)) == tuple(
        sorted(hours.intervals_on(date(2026, 3, 30)))
    )
