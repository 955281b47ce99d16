"""Where a page behind a number goes on from, as its address carries it: read back whole, and nonsense refused."""

import base64
import json
from datetime import UTC, datetime

import pytest

from regulars.desk.selectors.numbers import NoPlace, Place

WHOLE = [1.5, "2026-03-29T01:30:00+00:00", 4, 1, 9, 25, 300]


def written(said: str) -> str:
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def test_a_place_is_read_as_it_was_written() -> None:
    for seconds in (1.5, None):
        place = Place(seconds, datetime(2026, 3, 29, 1, 30, tzinfo=UTC), 4, 1, 9, 25, 300)
        assert Place.read(place.text) == place
    assert Place.read(written(json.dumps(WHOLE))).start == 25


@pytest.mark.parametrize(
    "text",
    [
        "", "ä", "!", written("["), written("[" * 5_000), written("{}"), written("[1]"),
        written(json.dumps([10**400, *WHOLE[1:]])), written(json.dumps([1.5, 7, *WHOLE[2:]])),
        written(json.dumps([1.5, "2026-03-29T01:30:00", *WHOLE[2:]])), written(json.dumps([*WHOLE[:6], -1])),
        written(json.dumps([*WHOLE[:6], True])), written(json.dumps([*WHOLE, 1])),
        written(json.dumps([*WHOLE[:6], 2**63])),
    ],
)  # fmt: skip
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(NoPlace):
        Place.read(text)
