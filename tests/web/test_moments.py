"""Moments put together of a day and a time are what Django writes of them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.utils import formats, timesince, translation
from hypothesis import given
from hypothesis import strategies as st

from regulars.web import moments

NAMES = ("DATETIME_FORMAT", "DATE_FORMAT", "SHORT_DATETIME_FORMAT", "MONTH_DAY_FORMAT", "TIME_FORMAT")
LANGUAGES = ("en", "de", "es", "fr", "pt-br", "ja", "ar", "he", "eo")


@given(
    moment=st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))])),
    name=st.sampled_from(NAMES),
    language=st.sampled_from(LANGUAGES),
)
def test_a_moment_is_written_as_django_writes_it(moment: datetime, name: str, language: str) -> None:
    with translation.override(language):
        assert moments.written(moment, name) == formats.date_format(moment, name)


@given(
    earlier=st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    since=st.timedeltas(timedelta(0), timedelta(days=900)) | st.timedeltas(timedelta(0), timedelta(hours=3)),
    zone=st.sampled_from([UTC, timezone(timedelta(hours=-8))]),
    language=st.sampled_from(LANGUAGES),
)
def test_what_lies_between_is_said_as_django_says_it(
    earlier: datetime, since: timedelta, zone: timezone, language: str
) -> None:
    later = (earlier + since).astimezone(zone)
    with translation.override(language):
        assert moments.between(earlier, later) == timesince.timesince(earlier, later, depth=1)


@pytest.mark.parametrize("form", ["H:i, j. F", r"j F Y \H i", "j F Y H:i T", "Y-m-d H:i:s.u", "U"])
def test_a_format_in_another_order_is_left_to_django(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "get_format", lambda *_given, **_more: form)
    moments._parts.cache_clear()
    moment = datetime(2026, 11, 22, 19, 4, 5, tzinfo=UTC)

    assert moments.written(moment, "DATETIME_FORMAT") == formats.date_format(moment, "DATETIME_FORMAT")
    moments._parts.cache_clear()
