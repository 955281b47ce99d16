"""The protocol, call by call."""

import base64
import gzip
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.customers.models import Customer, Identity
from regulars.kernel import clock
from regulars.kernel.models import Fact
from tests.api.conftest import Server


def track(event: str = "Order Completed", **said: Any) -> dict[str, Any]:
    return {"type": "track", "event": event, "userId": "ada", "messageId": "m-1"} | said


def test_a_fact_is_in_the_database_when_it_is_answered(tracking: Server) -> None:
    at = "2026-03-02T12:00:00.123456Z"
    sent = track(timestamp=at, properties={"total": 19.90, "currency": "EUR", "items": [{"sku": "x"}]})
    assert tracking.send("/v1/track", sent) == (200, {"success": True})
    fact = Fact.objects.get()
    assert (fact.name, fact.message_id, fact.is_trusted) == ("Order Completed", "m-1", True)
    assert fact.occurred_at == datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)
    assert fact.properties == {"total": 19.90, "currency": "EUR", "items": [{"sku": "x"}]}
    assert (fact.recorded_at, fact.is_recorded_assumed) == (fact.received_at, False)
    identity = Identity.objects.get()
    assert (identity.kind, identity.value, identity.customer_id) == ("external", "ada", fact.customer_id)
    assert identity.verified_at is not None


@pytest.mark.parametrize("path", ["/v1/track", "/v1/t", "/v1/track/"])
def test_every_form_of_an_address_is_known(tracking: Server, path: str) -> None:
    assert tracking.send(path, track())[0] == 200
    assert Fact.objects.count() == 1


def test_a_replay_changes_nothing(tracking: Server) -> None:
    batch = {"batch": [track(messageId="a"), track(messageId="b"), track(messageId="a")]}
    for _ in range(3):
        assert tracking.send("/v1/batch", batch)[0] == 200
    assert sorted(Fact.objects.values_list("message_id", flat=True)) == ["a", "b"]
    assert (Customer.objects.count(), Identity.objects.count()) == (1, 1)


def test_the_key_may_stand_in_basic_bearer_or_the_body(tracking: Server) -> None:
    basic = "Basic " + base64.b64encode(f"{tracking.server_key}:".encode()).decode()
    assert tracking.send("/v1/track", track(messageId="1"), authorization=basic)[0] == 200
    assert tracking.send("/v1/track", track(messageId="2"))[0] == 200
    assert tracking.send("/v1/track", track(messageId="3", writeKey=tracking.server_key), key=None)[0] == 200
    batch = {"batch": [track(messageId="4")], "writeKey": tracking.browser_key}
    assert tracking.send("/v1/b", batch, key=None, content_type="text/plain")[0] == 200
    assert Fact.objects.count() == 4


@pytest.mark.parametrize("authorization", ["Bearer wrong", "Basic !!!", "Basic d3Jvbmc6", "", "Bearer \xff"])
def test_a_wrong_key_is_refused_and_nothing_kept(tracking: Server, authorization: str) -> None:
    status, answer = tracking.send("/v1/track", track(), key=None, authorization=authorization)
    assert (status, answer["code"]) == (401, "invalid_write_key")
    assert Fact.objects.count() == 0


def test_pages_and_screens_are_views_with_their_names(tracking: Server) -> None:
    page = {"type": "page", "userId": "ada", "name": "Pricing", "category": "Docs", "properties": {"path": "/p"}}
    screen = {"type": "screen", "anonymousId": "a-1", "name": "Home", "userId": None}
    assert tracking.send("/v1/batch", {"batch": [page, screen]})[0] == 200
    facts = {fact.name: fact.properties for fact in Fact.objects.all()}
    assert facts == {
        "Page Viewed": {"path": "/p", "name": "Pricing", "category": "Docs"},
        "Screen Viewed": {"name": "Home"},
    }
    assert Customer.objects.filter(known_at=None).count() == 1


@pytest.mark.parametrize("is_labelled", [True, False])
def test_gzip_is_read_with_and_without_its_header_and_labelled_as_a_form(tracking: Server, is_labelled: bool) -> None:
    headers = {"content_encoding": "gzip"} if is_labelled else {}
    body = gzip.compress(b'{"batch":[{"type":"track","event":"A","userId":"u","messageId":"1"}]}')
    answer = tracking.send("/v1/batch", body, content_type="application/x-www-form-urlencoded", **headers)
    assert answer == (200, {"success": True})
    assert Fact.objects.count() == 1


def test_truncated_and_exploding_gzip_is_refused(tracking: Server) -> None:
    body = gzip.compress(b'{"batch":[]}' + b" " * 1000)
    assert tracking.send("/v1/batch", body[:-9])[0] == 400
    assert tracking.send("/v1/batch", body[:12])[1]["code"] == "invalid_request"
    bomb = gzip.compress(b" " * 200_000_000, compresslevel=1)
    assert (len(bomb) < 4_000_000, tracking.send("/v1/batch", bomb)[0]) == (True, 413)


def test_the_senders_clock_is_corrected_by_when_it_says_it_sent(tracking: Server) -> None:
    before = clock.now()
    wrong = datetime(2031, 1, 1, 12, 0, tzinfo=UTC)
    event = track(timestamp=(wrong - timedelta(minutes=10)).isoformat())
    tracking.send("/v1/batch", {"batch": [event], "sentAt": wrong.isoformat()})
    after = clock.now()
    assert before <= Fact.objects.get().occurred_at + timedelta(minutes=10) <= after


def test_the_future_is_clamped_and_the_past_is_kept(tracking: Server) -> None:
    batch = [
        track(messageId="future", timestamp="2099-01-01T00:00:00Z"),
        track(messageId="past", timestamp="1912-06-23T00:00:00+01:00"),
        track(messageId="rome", timestamp="0001-01-01T00:00:00Z"),
        track(messageId="none"),
    ]
    tracking.send("/v1/batch", {"batch": batch})
    facts = {fact.message_id: fact for fact in Fact.objects.all()}
    assert facts["future"].occurred_at == facts["future"].received_at
    assert facts["past"].occurred_at == datetime(1912, 6, 22, 23, 0, tzinfo=UTC)
    assert facts["rome"].occurred_at == datetime(1, 1, 2, tzinfo=UTC)
    assert facts["none"].occurred_at == facts["none"].received_at


def test_the_good_events_of_a_batch_are_kept_and_the_bad_ones_named(tracking: Server) -> None:
    batch: list[Any] = [
        track(messageId="good"),
        track(messageId="negative", properties={"total": -5}),
        {"type": "track", "event": "A"},
        {"type": "dance", "userId": "u"},
        track("parcel late", messageId="late"),
        track("label added", messageId="ours"),
        track(messageId="when", timestamp="yesterday"),
        track(messageId="text", properties="text"),
        "nothing",
        track("A", properties={"x": "y" * 33_000}),
    ]
    status, answer = tracking.send("/v1/batch", {"batch": batch})
    assert (status, [one["index"] for one in answer["rejected"]]) == (200, [1, 2, 3, 5, 6, 7, 8, 9])
    assert "Order Refunded" in answer["rejected"][0]["message"]
    assert sorted(Fact.objects.values_list("message_id", flat=True)) == ["good", "late"]


def test_a_single_bad_event_is_refused_with_a_code_and_a_message(tracking: Server) -> None:
    status, answer = tracking.send("/v1/track", {"event": "A"})
    assert (status, answer) == (
        400,
        {"code": "invalid_event", "message": "Each event needs a userId or an anonymousId."},
    )
    assert Fact.objects.count() == 0


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b'{"batch":{}}', b"\xff\xfe", b"[" * 100_000, b'{"a":1}'])
def test_what_is_no_batch_is_refused(tracking: Server, body: bytes) -> None:
    status, answer = tracking.send("/v1/batch", body)
    assert (status, set(answer)) == (400, {"code", "message"})


def test_too_many_events_and_too_large_bodies_are_refused_and_four_megabytes_taken(tracking: Server) -> None:
    assert tracking.send("/v1/batch", {"batch": [track()] * 2_501})[0] == 413
    assert tracking.send("/v1/batch", b"x" * 4_200_000)[0] == 413
    large = [track("A", messageId=str(number), properties={"x": "y" * 30_000}) for number in range(130)]
    assert tracking.send("/v1/batch", {"batch": large})[0] == 200
    assert Fact.objects.count() == 130


def test_money_is_exact_and_in_the_companys_currency_when_it_names_none(tracking: Server) -> None:
    body = b'{"userId":"u","event":"Order Completed","properties":{"total":1234567890.12,"tax":0.10},"messageId":"1"}'
    assert tracking.send("/v1/track", body)[0] == 200
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT properties->>'total', properties->>'tax', properties->>'currency' FROM kernel_fact")
        assert cursor.fetchone() == ("1234567890.12", "0.10", "EUR")


@pytest.mark.parametrize(
    "properties",
    [{"total": -1}, {"revenue": "-0.01"}, {"value": "ten"}, {"total": 1, "currency": "euros"}, {"total": [1]}],
)
def test_money_that_cannot_be_is_refused(tracking: Server, properties: dict[str, Any]) -> None:
    status, answer = tracking.send("/v1/track", track(properties=properties))
    assert (status, answer["code"], Fact.objects.count()) == (400, "invalid_event", 0)


def test_a_browser_may_ask_first_and_read_the_answer(tracking: Server) -> None:
    status, headers, _ = tracking.ask("/v1/t", method="OPTIONS", origin="https://shop.example")
    assert (status, headers["access-control-allow-origin"]) == (204, "*")
    assert "content-type" in headers["access-control-allow-headers"]
    for body in (track(), b"{"):
        assert tracking.ask("/v1/t", body)[1]["access-control-allow-origin"] == "*"


def test_the_settings_of_a_browser_key_are_given_and_of_no_other(tracking: Server) -> None:
    status, answer = tracking.send(f"/v1/projects/{tracking.browser_key}/settings", b"", method="GET", key=None)
    assert (status, answer["integrations"]["Segment.io"]["apiKey"]) == (200, tracking.browser_key)
    for key in (tracking.server_key, "nobody"):
        assert tracking.send(f"/v1/projects/{key}/settings", b"", method="GET", key=None)[0] == 404


def test_other_addresses_and_methods_are_refused(tracking: Server) -> None:
    assert tracking.send("/v1/dance", {})[0] == 404
    assert tracking.send("/v1/track", b"", method="GET")[0] == 405
