"""Business time, by hand: split shifts, nights, holidays, daylight saving, days that are not there."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from regulars.desk import hours as opening
from regulars.desk.hours import ALL_DAY, ALWAYS, Hours, Interval, SpecialDay, same_every_day

BERLIN = "Europe/Berlin"
NINE_TO_FIVE = Hours(BERLIN, same_every_day([Interval(9 * 60, 17 * 60)]))
SPLIT = Hours(BERLIN, same_every_day(opening.read_intervals("09:00-12:30, 13:30-17:00")))
NIGHTS = Hours(BERLIN, same_every_day(opening.read_intervals("22:00-06:00"), days=range(7)))
HOUR = 3600


def at(text: str, zone: str = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def test_a_working_day_has_eight_hours() -> None:
    assert opening.business_seconds(at("2026-03-02 00:00"), at("2026-03-03 00:00"), NINE_TO_FIVE) == 8 * HOUR


def test_a_weekend_has_none() -> None:
    assert opening.business_seconds(at("2026-03-06 17:00"), at("2026-03-09 09:00"), NINE_TO_FIVE) == 0
    assert opening.business_seconds(at("2026-03-06 16:30"), at("2026-03-09 09:45"), NINE_TO_FIVE) == 75 * 60


def test_lunch_does_not_count() -> None:
    assert opening.business_seconds(at("2026-03-02 12:00"), at("2026-03-02 14:00"), SPLIT) == HOUR
    assert opening.add_business(at("2026-03-02 12:00"), HOUR, SPLIT) == at("2026-03-02 14:00")


def test_what_is_due_with_the_last_minute_is_due_in_the_evening() -> None:
    assert opening.add_business(at("2026-03-06 16:00"), HOUR, NINE_TO_FIVE) == at("2026-03-06 17:00")
    assert opening.add_business(at("2026-03-06 16:00"), HOUR + 1, NINE_TO_FIVE) == at("2026-03-09 09:00:01")


def test_nothing_to_wait_for_is_over_at_once_even_when_closed() -> None:
    assert opening.add_business(at("2026-03-07 03:00"), 0, NINE_TO_FIVE) == at("2026-03-07 03:00")


def test_microseconds_are_kept() -> None:
    start = at("2026-03-02 16:59:59.400001")
    assert opening.business_time(start, at("2026-03-03 09:00"), NINE_TO_FIVE) == timedelta(microseconds=599_999)
    assert opening.add_business(start, 0.6, NINE_TO_FIVE) == at("2026-03-03 09:00:00.000001")


def test_a_night_shift_belongs_to_the_day_it_begins() -> None:
    weekdays = Hours(BERLIN, same_every_day(opening.read_intervals("22:00-06:00")))
    assert opening.is_open(at("2026-03-07 05:59"), weekdays)
    assert not opening.is_open(at("2026-03-07 06:00"), weekdays)
    assert not opening.is_open(at("2026-03-08 23:00"), weekdays)
    assert opening.next_opening(at("2026-03-07 06:00"), weekdays) == at("2026-03-09 22:00")


def test_a_night_shift_runs_on_into_a_holiday_but_none_begins_on_it() -> None:
    closed = Hours(BERLIN, NIGHTS.week, special=(SpecialDay(date(2026, 3, 3)),))
    assert opening.business_seconds(at("2026-03-02 20:00"), at("2026-03-04 20:00"), closed) == 8 * HOUR


def test_the_day_of_spring_has_an_hour_less_at_night() -> None:
    """On 29 March 2026 the wall's clock goes from 02:00 to 03:00."""
    assert opening.business_seconds(at("2026-03-28 22:00"), at("2026-03-29 06:00"), NIGHTS) == 7 * HOUR
    assert opening.business_seconds(at("2026-03-29 00:00"), at("2026-03-30 00:00"), ALWAYS) == 23 * HOUR
    assert opening.add_business(at("2026-03-28 22:00"), 7 * HOUR, NIGHTS) == at("2026-03-29 06:00")


def test_the_day_of_autumn_has_an_hour_more_at_night() -> None:
    """On 25 October 2026 the wall's clock shows 02:00 to 03:00 twice."""
    assert opening.business_seconds(at("2026-10-24 22:00"), at("2026-10-25 06:00"), NIGHTS) == 9 * HOUR
    assert opening.add_business(at("2026-10-24 22:00"), 5 * HOUR, NIGHTS) == datetime(2026, 10, 25, 1, tzinfo=UTC)


def test_hours_that_daylight_saving_takes_away_are_nobodys() -> None:
    early = Hours(BERLIN, same_every_day(opening.read_intervals("02:15-02:45"), days=range(7)))
    assert opening.business_seconds(at("2026-03-29 00:00"), at("2026-03-30 00:00"), early) == 0
    assert opening.business_seconds(at("2026-10-25 00:00"), at("2026-10-26 00:00"), early) == 2 * 30 * 60
    assert opening.next_opening(at("2026-03-28 02:45"), early) == at("2026-03-30 02:15")


def test_daylight_saving_does_not_touch_the_working_day() -> None:
    assert opening.add_business(at("2026-03-27 16:00"), 2 * HOUR, NINE_TO_FIVE) == at("2026-03-30 10:00")
    assert opening.add_business(at("2026-10-23 16:00"), 2 * HOUR, NINE_TO_FIVE) == at("2026-10-26 10:00")


def test_half_hour_changes_and_days_that_were_skipped() -> None:
    """Lord Howe Island changes by half an hour; Samoa had no 30 December 2011."""
    howe = Hours("Australia/Lord_Howe", ((ALL_DAY,),) * 7)
    assert opening.business_seconds(at("2026-04-05", howe.zone), at("2026-04-06", howe.zone), howe) == 24.5 * HOUR
    samoa = Hours("Pacific/Apia", ((Interval(9 * 60, 17 * 60),),) * 7)
    start, end = at("2011-12-29", samoa.zone), at("2012-01-01", samoa.zone)
    assert opening.business_seconds(start, end, samoa) == 2 * 8 * HOUR


def test_the_leap_day_is_a_day() -> None:
    assert opening.business_seconds(at("2028-02-28"), at("2028-03-01"), NINE_TO_FIVE) == 2 * 8 * HOUR
    assert opening.business_seconds(at("2027-02-28"), at("2027-03-01"), NINE_TO_FIVE) == 0


def test_public_holidays_are_those_of_the_place() -> None:
    """6 January 2026, a Tuesday, is a holiday in Bavaria and not in Hamburg."""
    bavaria = Hours(BERLIN, NINE_TO_FIVE.week, country="DE", subdivision="BY")
    hamburg = Hours(BERLIN, NINE_TO_FIVE.week, country="DE", subdivision="HH")
    assert opening.business_seconds(at("2026-01-05"), at("2026-01-08"), bavaria) == 2 * 8 * HOUR
    assert opening.business_seconds(at("2026-01-05"), at("2026-01-08"), hamburg) == 3 * 8 * HOUR


def test_a_holiday_moved_into_the_year_before_is_kept() -> None:
    """New Year 2022 fell on a Saturday, so offices in the United States closed on 31 December 2021."""
    york = Hours("America/New_York", NINE_TO_FIVE.week, country="US")
    start = at("2021-12-30", york.zone)
    assert opening.business_seconds(start, at("2022-01-03", york.zone), york) == 8 * HOUR


def test_a_special_day_decides_over_holiday_and_week() -> None:
    special = (
        SpecialDay(date(2026, 1, 6), opening.read_intervals("10:00-12:00"), "open for the sale"),
        SpecialDay(date(2026, 1, 7), name="stock-taking"),
        SpecialDay(date(2026, 1, 10), opening.read_intervals("09:00-13:00")),
    )
    sale = Hours(BERLIN, NINE_TO_FIVE.week, country="DE", subdivision="BY", special=special)
    assert opening.business_seconds(at("2026-01-06"), at("2026-01-07"), sale) == 2 * HOUR
    assert opening.business_seconds(at("2026-01-07"), at("2026-01-08"), sale) == 0
    assert opening.business_seconds(at("2026-01-10"), at("2026-01-11"), sale) == 4 * HOUR


def test_the_customers_zone_is_not_the_companys() -> None:
    """Friday 18:00 in New York is Saturday 09:00 in Sydney."""
    sydney = Hours("Australia/Sydney", same_every_day([Interval(9 * 60, 17 * 60)]))
    asked = at("2026-06-05 19:00", "America/New_York")
    assert opening.next_opening(asked, sydney) == at("2026-06-08 09:00", "Australia/Sydney")


def test_who_never_opens_is_told_so_at_once() -> None:
    never = Hours(BERLIN, ((),) * 7)
    once = Hours(BERLIN, ((),) * 7, special=(SpecialDay(date(2026, 3, 2), (Interval(540, 600),)),))
    for hours in (never, once):
        with pytest.raises(opening.NeverOpen):
            opening.next_opening(at("2026-03-03 00:00"), hours)
        with pytest.raises(opening.NeverOpen):
            opening.add_business(at("2026-03-01 00:00"), HOUR + 1, hours)
    assert opening.business_seconds(at("2020-01-01"), at("2030-01-01"), never) == 0
    assert opening.add_business(at("2026-03-01 00:00"), HOUR, once) == at("2026-03-02 10:00")


def test_a_span_cannot_run_backwards() -> None:
    with pytest.raises(ValueError, match="ends before"):
        opening.business_seconds(at("2026-03-03"), at("2026-03-02"), NINE_TO_FIVE)
    with pytest.raises(ValueError, match="not taken away"):
        opening.add_business(at("2026-03-03"), -1, NINE_TO_FIVE)


@pytest.mark.parametrize("text", ["9", "09:00-", "25:00-26:00", "09:60-10:00", "09:00-09:00", "nine to five"])
def test_unreadable_hours_are_refused(text: str) -> None:
    with pytest.raises(opening.UnreadableHours):
        opening.read_intervals(text)


def test_places_and_zones_that_are_not_there_are_refused() -> None:
    with pytest.raises(opening.UnknownZone):
        Hours("Europe/Bielefeld", NINE_TO_FIVE.week)
    for country, part in (("XX", ""), ("DE", "QQ"), ("", "BY")):
        with pytest.raises(opening.UnknownHolidays):
            Hours(BERLIN, NINE_TO_FIVE.week, country=country, subdivision=part)


def test_hours_are_written_and_read_back() -> None:
    special = (SpecialDay(date(2026, 1, 6), opening.read_intervals("22:00-02:00"), "Sale"),)
    hours = Hours(BERLIN, SPLIT.week, country="DE", subdivision="BY", special=special)
    assert opening.from_json(opening.as_json(hours)) == hours
    assert opening.write_intervals(SPLIT.week[0]) == "09:00-12:30, 13:30-17:00"
    assert opening.read_intervals("0–24") == (ALL_DAY,)


def test_fifty_years_are_measured_in_no_time_once_they_are_known() -> None:
    hours = Hours(BERLIN, SPLIT.week, country="DE", subdivision="BY")
    start, end = datetime(1990, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
    whole = opening.business_seconds(start, end, hours)
    began = time.perf_counter()
    assert opening.business_seconds(start, end, hours) == whole
    assert time.perf_counter() - began < 0.01
