"""What the fast road takes, the careful one would have understood in exactly the same way."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.accounts.selectors import KeyInfo
from regulars.api.tracking import at_once, messages, understanding
from regulars.api.tracking.understanding import Circumstances
from regulars.kernel.fact_names import PRODUCT_FACTS

SERVER = Circumstances(key=KeyInfo(1, 2, "server", "shop", None), received_us=1_800_000_000_000_000, currency="EUR")
BROWSER = replace(SERVER, key=KeyInfo(3, 4, "browser", "shop", None))
ADA: dict[str, Any] = {
    "type": "track",
    "event": "Order Completed",
    "userId": "ada",
    "messageId": "m-1",
    "timestamp": "2026-03-02T12:00:00.123Z",
    "properties": {"total": 19.9},
}

odd = st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.just("\x1f") | st.just({}) | st.just(" ")
texts = st.text(min_size=1, max_size=8) | odd
common = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["track", "track", "page", "screen", "identify"]),
        "event": st.sampled_from(["Viewed", " Viewed ", "Order Completed", next(iter(PRODUCT_FACTS)), "", "é"]) | texts,
        "messageId": texts | st.text("m", min_size=250, max_size=260),
        "timestamp": st.datetimes().map(lambda at: at.isoformat() + "Z") | st.datetimes().map(str) | texts,
        "properties": st.dictionaries(st.sampled_from(["total", "currency", "a"]), odd | st.just("EUR"), max_size=2)
        | odd,
    },
    optional={
        "userId": st.sampled_from(["ada", "musa"]) | texts,
        "anonymousId": st.just("visitor") | texts,
        **dict.fromkeys(("name", "category", "sentAt", "originalTimestamp", "previousId", "groupId", "traits"), odd),
    },
)


@settings(max_examples=500, deadline=None)
@given(st.lists(common, max_size=4), st.sampled_from([SERVER, BROWSER]), st.none() | st.text(max_size=20))
def test_both_roads_understand_the_same(batch: list[Any], around: Circumstances, sent_at: Any) -> None:
    body = messages.body_of(
        json.dumps({"batch": batch, "sentAt": sent_at if isinstance(sent_at, str) else None}).encode()
    )
    quickly = at_once.understand(body, around=around)
    assert quickly is None or quickly == understanding.understand(body, kind=None, around=around)


@pytest.mark.parametrize("around", [SERVER, BROWSER])
def test_the_common_call_is_taken(around: Circumstances) -> None:
    batch = [ADA, ADA | {"type": "page", "userId": None, "anonymousId": "visitor"}, ADA | {"event": "Viewed"}]
    body = messages.body_of(json.dumps({"batch": batch, "sentAt": "2026-03-02T12:00:01Z"}).encode())
    quickly = at_once.understand(body, around=around)
    assert quickly == understanding.understand(body, kind=None, around=around)
    assert quickly is not None
    assert quickly.tracked.name == ["Order Completed", "Page Viewed", "Viewed"]
    assert quickly.tracked.properties[0] == b'{"total":19.9,"currency":"EUR"}'


@pytest.mark.parametrize(
    "changed",
    [{"type": "identify"}, {"messageId": "a\x1fb"}, {"userId": "a\x00"}, {"properties": 1}, {"timestamp": "soon"},
     {"name": "Start"}, {"sentAt": "2026-03-02T12:00:00Z"}, {"properties": {"total": -1}},
     {"event": next(iter(PRODUCT_FACTS))}, {"userId": " ", "anonymousId": "v"},
     {"traits": "x" * 40_000}, {"messageId": 7}, {"event": 7}],
)  # fmt: skip
def test_one_uncommon_event_leaves_the_call_to_the_careful_road(changed: dict[str, Any]) -> None:
    body = messages.body_of(json.dumps({"batch": [ADA, ADA | changed]}).encode())
    assert at_once.understand(body, around=SERVER) is None


def test_a_visitors_token_is_left_to_the_careful_road() -> None:
    body = messages.body_of(json.dumps({"batch": [ADA]}).encode())
    assert at_once.understand(body, around=replace(BROWSER, visitor_token="t")) is None
    assert at_once.understand(body, around=replace(BROWSER, may_hold_token=True)) is None
