"""The real SDKs, unchanged, and what seven of them sent on the wire."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from regulars.customers.models import Company, Customer, Identity
from regulars.kernel.models import Fact
from tests.api.conftest import Server
from tests.settled import wait_until_settled

AT = datetime(2024, 3, 1, 10, 0, tzinfo=UTC)


def speak(client: Any) -> None:
    """What every one of the three Python SDKs can say."""
    client.identify("u-1", {"email": "ann@example.com", "name": "Ann Ünïcode", "plan": "pro"})
    client.track("u-1", "Order Completed", {"orderId": "A-1", "revenue": 19.9}, timestamp=AT, message_id="m-1")
    client.track("u-1", "Order Completed", {"orderId": "A-1", "revenue": 19.9}, timestamp=AT, message_id="m-1")
    client.page("u-1", "Docs", "Pricing", {"url": "https://example.com/?a=1"})
    client.screen("u-1", None, "Home")
    client.group("u-1", "org-9", {"name": "Acme"})
    client.alias("anon-7", "u-1")


def check(errors: list[Any]) -> None:
    assert errors == []
    facts = sorted(Fact.objects.filter(source_id__gt=1).values_list("name", flat=True))
    assert facts == ["Order Completed", "Page Viewed", "Screen Viewed"]
    ann = Identity.objects.get(kind="external", value="u-1").customer
    assert (ann.name, ann.attributes, ann.company) == ("Ann Ünïcode", {"plan": "pro"}, Company.objects.get())
    assert Identity.objects.get(kind="email").customer == ann
    assert Customer.objects.get(identities__value="anon-7").merged_into == ann
    order = Fact.objects.get(name="Order Completed")
    assert (order.message_id, order.properties) == ("m-1", {"orderId": "A-1", "revenue": 19.9, "currency": "EUR"})


@pytest.mark.parametrize("is_packed", [False, True])
def test_segments_python_sdk(tracking: Server, is_packed: bool) -> None:
    from segment.analytics.client import Client

    errors: list[Any] = []
    client = Client(
        tracking.server_key,
        host=tracking.address,
        gzip=is_packed,
        on_error=lambda error, batch: errors.append(error),
        max_retries=1,
    )
    speak(client)
    client.shutdown()
    check(errors)


@pytest.mark.parametrize("is_packed", [False, True])
def test_rudderstacks_python_sdk(tracking: Server, is_packed: bool) -> None:
    from rudderstack.analytics.client import Client

    errors: list[Any] = []
    client = Client(
        tracking.server_key,
        host=tracking.address,
        gzip=is_packed,
        on_error=lambda error, batch: errors.append(error),
        max_retries=1,
    )
    speak(client)
    client.shutdown()
    check(errors)


def test_customer_ios_python_sdk(tracking: Server) -> None:
    from customerio.analytics.client import Client

    errors: list[Any] = []
    client = Client(
        tracking.server_key,
        host=tracking.address,
        on_error=lambda error, batch: errors.append(error),
        max_retries=1,
    )
    speak(client)
    client.shutdown()
    check(errors)


CAPTURED = {  # facts that come of each: (message ids of orders and views)
    "segment-python": ["m-page-1", "m-screen-1", "m-track-1", "m-track-2", "m-track-3"],
    "segment-python-gzip": ["m-page-1", "m-screen-1", "m-track-1", "m-track-2", "m-track-3"],
    "segment-python-retry500": ["m-page-1", "m-screen-1", "m-track-1", "m-track-2", "m-track-3"],
    "segment-node": ["n-page-1", "n-screen-1", "n-track-1"],
    "rudder-python": ["r-page-1", "r-screen-1", "r-track-1"],
}


@pytest.mark.parametrize("name", [*CAPTURED, "rudder-node"])
def test_what_was_captured_on_the_wire_is_understood(tracking: Server, shared_data: Path, name: str) -> None:
    """Sent twice as it was sent: with its headers, packed where it was packed, retries and all."""
    lines = (shared_data / "segment_clients" / f"{name}.jsonl").read_text().splitlines()
    for _ in range(2):
        for line in lines:
            assert replay(tracking, json.loads(line)) == 200
    tracked = sorted(Fact.objects.filter(source_id__gt=1).values_list("message_id", flat=True))
    if name in CAPTURED:
        assert tracked == CAPTURED[name]
    else:
        assert len(tracked) == 3  # this SDK makes its own ids
    order = Fact.objects.get(name="Order Completed")
    # The captures say they were sent some days before they are sent here: the distance is the clock's error.
    assert order.occurred_at.year == 2024
    assert Identity.objects.get(value="ann@example.com").customer.identities.filter(value="u-1").exists()
    assert Customer.objects.get(identities__value="anon-7").merged_into is not None


def replay(tracking: Server, call: dict[str, Any]) -> int:
    body = json.dumps(call["body"]).encode()
    headers = {
        key: value
        for key, value in call["headers"].items()
        if key not in ("host", "content-length", "authorization", "connection")
    }
    if headers.get("content-encoding") == "gzip":
        body = gzip.compress(body)
    status, _, answer = tracking.ask(call["path"], body, **headers)
    wait_until_settled()
    assert json.loads(answer)
    return status
