"""Whatever is sent: a clear answer, never a fault, and everything good kept."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.accounts.selectors import KeyInfo
from regulars.api.tracking import bodies, messages, understanding
from regulars.api.tracking.limits import Limits
from regulars.api.tracking.refusals import Refusal
from regulars.api.tracking.understanding import Circumstances
from regulars.customers.models import Customer, Identity
from regulars.customers.tracking import rejected
from regulars.customers.tracking.models import RejectedMessage
from regulars.kernel.models import Fact
from tests.api.conftest import Server

AROUND = Circumstances(key=KeyInfo(1, 2, "server", "shop", None), received_us=1_800_000_000_000_000, currency="EUR")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = (
    "type", "event", "userId", "anonymousId", "previousId", "groupId", "messageId", "timestamp", "originalTimestamp",
    "sentAt", "properties", "traits", "context", "name", "category", "batch", "writeKey",
)  # fmt: skip
events = st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=10)
likely = st.fixed_dictionaries(
    {"type": st.sampled_from(["track", "page", "identify", "group", "alias", "dance"]), "userId": json_values},
    optional={name: json_values for name in FIELDS if name not in ("type", "userId", "batch")},
)


def understood(content: bytes, kind: str | None) -> None:
    """Read a body as the threads do; a refusal is an answer, anything else is a fault."""
    try:
        body = messages.body_of(content) if kind is None else messages.single_of(content)
        for is_careful in (False, True):
            around = AROUND.carefully() if is_careful else AROUND
            whole = understanding.understand(body, kind=kind, around=around)
            assert len(whole.tracked.who) + len(whole.said) + len(whole.rejections) == len(body.batch)
            assert is_careful or understanding.is_plain(content, whole.tracked.properties) in (True, False)
    except Refusal as refusal:
        assert refusal.status in (400, 413)


@settings(max_examples=300, deadline=None)
@given(st.lists(likely | events | json_values, max_size=5))
def test_any_json_in_a_batch_is_understood_or_refused(batch: list[Any]) -> None:
    understood(json.dumps({"batch": batch}).encode(), None)


@settings(max_examples=200, deadline=None)
@given(likely | events, st.sampled_from(["track", "page", "identify", "group", "alias"]))
def test_any_json_as_a_single_call_is_understood_or_refused(event: dict[str, Any], kind: str) -> None:
    understood(json.dumps(event).encode(), kind)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"gzip", b"deflate", b"br"]))
def test_any_bytes_are_understood_or_refused(content: bytes, encoding: bytes) -> None:
    try:
        content = bodies.unpacked(content, encoding=encoding)
    except Refusal as refusal:
        assert refusal.status in (400, 413, 415)
    else:
        understood(content, None)
        understood(content, "track")


def test_naughty_strings_are_kept_as_they_are(tracking: Server, shared_data: Path) -> None:
    strings = json.loads((shared_data / "robustness" / "naughty_strings" / "blns.json").read_text())
    batch = [
        {
            "type": "track",
            "event": "Said",
            "userId": f"u {text}"[:500],
            "messageId": str(n),
            "properties": {"text": text},
        }
        for n, text in enumerate(strings)
    ]
    assert tracking.send("/v1/batch", {"batch": batch}) == (200, {"success": True})
    kept = {int(fact.message_id): fact.properties["text"] for fact in Fact.objects.all()}
    assert kept == {n: text.replace("\x00", "") for n, text in enumerate(strings)}


@pytest.mark.parametrize(
    ("properties", "kept"),
    [
        (rb'{"a":"x\u0000y"}', {"a": "xy"}),
        (rb'{"a":"\ud800"}', {"a": ""}),
        (b'{"a":"\xff"}', {"a": "\ufffd"}),
        (b'{"a":NaN,"b":1}', {"a": None, "b": 1}),
        (b'{"a":12345678901234567890123}', {"a": 12345678901234567890123}),
        (b'{"a":1e5}', {"a": 100000}),
        (b'{"a":1e131073}', None),
    ],
)
def test_what_postgresql_cannot_keep_is_mended_or_refused_alone(
    tracking: Server, properties: bytes, kept: dict[str, Any] | None
) -> None:
    odd = b'{"type":"track","event":"Odd","userId":"u","messageId":"odd","properties":%s}' % properties
    good = b'{"type":"track","event":"Good","userId":"u","messageId":"good"}'
    status, _ = tracking.send("/v1/batch", b'{"batch":[%s,%s]}' % (odd, good))
    facts = {fact.name: fact.properties for fact in Fact.objects.all()}
    assert status == 200
    assert facts == ({"Good": {}} if kept is None else {"Good": {}, "Odd": kept})


def test_what_was_rejected_is_noted_without_what_it_said_and_pruned(tracking: Server) -> None:
    event = {"event": "Order Completed", "userId": "ada", "messageId": "m-9", "properties": {"total": -1}}
    for _ in range(3):
        assert tracking.send("/v1/track", event)[0] == 400
    row = rejected.latest(source_id=tracking.source_id())[0]
    assert (row.kind, row.event, row.message_id, row.code) == ("track", "Order Completed", "m-9", "invalid_event")
    assert "negative" in row.reason and "ada" not in row.reason
    assert rejected.prune(before=row.at) == 2
    assert RejectedMessage.objects.count() == 1


def test_eight_at_once_with_the_same_new_users_make_one_customer_each(tracking: Server) -> None:
    batch = [
        {"type": "track", "event": "A", "userId": f"u-{n}", "anonymousId": "a", "messageId": f"{n}"} for n in range(50)
    ]
    identify = [
        {"type": "identify", "userId": f"u-{n}", "anonymousId": f"a-{n}", "messageId": f"i{n}"} for n in range(9)
    ]
    statuses: list[int] = []

    def send(turn: int) -> None:
        events = batch[turn * 6 :] + batch[: turn * 6]
        statuses.append(tracking.send("/v1/batch", {"batch": events + (identify if turn % 2 else [])})[0])

    threads = [threading.Thread(target=send, args=(turn,)) for turn in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 8
    assert Fact.objects.filter(source_id__gt=1).count() == 50
    assert Identity.objects.filter(kind="external").count() == 50
    assert Customer.objects.count() == 59


def test_who_sends_more_than_allowed_is_told_how_long_to_wait(tmp_path: Path) -> None:
    limits, other = Limits(tmp_path / "limits"), Limits(tmp_path / "limits")
    assert limits.take("a", 100, per_second=10) == 0  # the burst
    wait = other.take("a", 50, per_second=10)
    assert 4 < wait <= 5
    assert limits.take("b", 50, per_second=10) == 0
    assert limits.take("a", 10**9, per_second=0) == 0


def test_too_many_wrong_keys_from_one_address_are_held_back(tracking: Server) -> None:
    answers = [tracking.ask("/v1/track", {"event": "A"}, key=f"wrong-{n}") for n in range(60)]
    assert {status for status, _, _ in answers} == {401, 429}
    held = next(headers for status, headers, _ in answers if status == 429)
    assert int(held["retry-after"]) >= 1
    assert tracking.send("/v1/track", {"event": "A", "userId": "u"})[0] == 200
