"""Between the answer and the log: what was stored takes effect once and in order, whatever happens meanwhile."""

import io
import json
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django.db
import psycopg
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.api.tracking import settler
from regulars.customers import erasure_journal
from regulars.customers.actions import erasures, exports
from regulars.customers.models import Customer, Identity
from regulars.customers.tracking import arrays, pending, rejected, settling
from regulars.customers.tracking.facts import Packed, Store, Tracked, pack
from regulars.customers.tracking.models import PendingCall
from regulars.customers.tracking.pending import Receipt
from regulars.kernel import clock, people
from regulars.kernel.actors import SYSTEM
from regulars.kernel.models import Fact, Source
from tests.api.conftest import Server
from tests.settled import wait_until_settled

SOURCE = 77
BROKEN = "InvalidTextRepresentation"


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasure_journal, "path", lambda: tmp_path / erasure_journal.FILE)


@contextmanager
def settling_held() -> Iterator[None]:
    """As while another process settles, and takes its time."""
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [pending._LOCK])
        yield
    finally:
        other.close()


def receipt(*message_ids: str, who: str = "ada", properties: bytes = b"{}", received_us: int = 10**15) -> Receipt:
    """One call with these facts, all of one customer."""
    tracked = Tracked(
        ways={("external", who): 0},
        is_verified=[True],
        who=[0] * len(message_ids),
        name=["Seen"] * len(message_ids),
        occurred_us=[10**15] * len(message_ids),
        message_id=list(message_ids),
        properties=[properties] * len(message_ids),
        is_trusted=[True] * len(message_ids),
    )
    return Receipt(5, "shop", "server", pack(tracked, source_id=SOURCE, received_us=received_us))


def leave(*receipts: Receipt) -> None:
    """Store calls as a process does that dies right afterwards."""
    pending.store([pending.stored(one) for one in receipts])


def logged() -> list[str]:
    return sorted(Fact.objects.filter(source_id__gt=1).values_list("message_id", flat=True))


def tell(tracking: Server, path: str, **said: Any) -> None:
    """Send without waiting for the effect."""
    status, _, answer = tracking.ask(path, json.dumps(said).encode())
    assert (status, answer) == (200, b'{"success":true}')


def test_what_is_answered_is_stored_and_comes_into_the_log_later(tracking: Server) -> None:
    with settling_held():
        tell(tracking, "/v1/track", event="Seen", userId="ada", messageId="m-1")
        assert (PendingCall.objects.count(), Fact.objects.count(), Customer.objects.count()) == (1, 0, 0)
        tell(tracking, "/v1/track", event="Seen", userId="ada", messageId="m-1")
    wait_until_settled()
    assert (PendingCall.objects.count(), logged(), Customer.objects.count()) == (0, ["m-1"], 1)


def test_what_is_said_of_customers_takes_effect_in_the_order_in_which_it_came(tracking: Server) -> None:
    with settling_held():
        tell(tracking, "/v1/track", event="Seen", userId="old", messageId="1")
        tell(tracking, "/v1/alias", userId="ada", previousId="old", messageId="2")
        for turn, plan in enumerate(("free", "pro", "team")):
            tell(tracking, "/v1/identify", userId="ada", traits={"plan": plan}, messageId=f"3-{turn}")
    wait_until_settled()
    ada = Identity.objects.get(kind="external", value="ada").customer
    assert ada.attributes == {"plan": "team"}
    assert Identity.objects.get(kind="external", value="old").customer.merged_into == ada


def test_each_fact_keeps_the_moment_at_which_it_came(transactional_db: None) -> None:
    leave(receipt("early"), receipt("late", received_us=10**15 + 3_600_000_000))
    settling.drain()
    early, late = Fact.objects.order_by("received_at")
    assert (late.received_at - early.received_at).total_seconds() == 3600
    assert (early.received_at.timestamp(), early.recorded_at) == (1e9, early.received_at)


def test_an_export_has_what_was_answered_a_moment_ago(transactional_db: None) -> None:
    Source.objects.create(pk=SOURCE, name="shop", kind="server", created_at=clock.now())
    leave(receipt("early"))
    settling.drain()
    ada = Customer.objects.get()
    leave(receipt("late"))
    whole = zipfile.ZipFile(io.BytesIO(b"".join(exports.export(ada.pk, by=SYSTEM).parts)))
    assert len(whole.read("facts.csv").splitlines()) == 1 + 2


def test_a_thousand_customers_nobody_saw_come_at_once_and_the_erased_among_them_do_not(transactional_db: None) -> None:
    people.suppress([("external", "u-7")])
    leave(*[receipt(f"m-{n}", who=f"u-{n}") for n in range(1_000)], receipt("known", who="u-1"))
    settling.drain()
    assert (Customer.objects.count(), Identity.objects.count(), len(logged())) == (999, 999, 1_000)
    assert Identity.objects.filter(value="u-7").count() == 0
    owners = dict(Identity.objects.values_list("value", "customer_id"))
    assert set(owners.values()) == set(Customer.objects.values_list("pk", flat=True))
    assert dict(Fact.objects.values_list("message_id", "customer_id")) == {
        **{f"m-{n}": owners[f"u-{n}"] for n in range(1_000) if n != 7},
        "known": owners["u-1"],
    }


def test_what_a_dead_process_left_is_found_by_whoever_lives(tracking: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settler, "LOOK_EVERY_SECONDS", 0.01)
    tracking.send("/v1/track", {"event": "Seen", "userId": "ada", "messageId": "first"})
    leave(receipt("left"))
    wait_until_settled()
    assert logged() == ["first", "left"]


def test_what_was_stored_before_a_start_is_settled_without_any_call(transactional_db: None) -> None:
    leave(receipt("left"))
    thread = settler.Settler()
    try:
        wait_until_settled()
    finally:
        thread.close()
    assert logged() == ["left"]


def test_several_that_settle_at_once_settle_each_call_once(transactional_db: None) -> None:
    leave(*[receipt(f"{n}-a", f"{n}-b", "again", who=f"u-{n % 7}") for n in range(40)])

    def settle() -> None:
        store = Store()
        while settling.settle(store, most_bytes=1_000):
            pass
        connection.close()

    threads = [threading.Thread(target=settle) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert logged() == sorted(["again", *(f"{n}-{place}" for n in range(40) for place in "ab")])
    assert (PendingCall.objects.count(), Customer.objects.count()) == (0, 7)


def test_a_call_that_cannot_be_settled_is_set_aside_and_the_others_are_settled(transactional_db: None) -> None:
    leave(receipt("good"), receipt("broken", properties=b"{"), receipt("fine"))
    PendingCall.objects.create(
        source_id=SOURCE, is_saying=False, weight=1, stored_at="2026-03-02T12:00:00Z", fault="", payload=b"\xff"
    )
    settling.drain()
    assert logged() == ["fine", "good"]
    assert list(PendingCall.objects.order_by("pk").values_list("fault", flat=True)) == [BROKEN, "ValidationError"]
    notes = rejected.latest(source_id=SOURCE)
    assert [note.code for note in notes] == ["set_aside", "set_aside"]
    assert "kept" in notes[0].reason


def test_what_was_set_aside_is_tried_again_when_asked_and_stops_nobody(transactional_db: None) -> None:
    leave(receipt("broken", properties=b"{"))
    settling.drain()
    assert (settling.settle(Store()), pending.try_again()) == (0, 1)
    leave(receipt("good"))
    settling.drain()
    assert (logged(), PendingCall.objects.get().fault) == (["good"], BROKEN)


@pytest.mark.parametrize("fault", [django.db.OperationalError, psycopg.OperationalError])
def test_a_fault_that_passes_leaves_everything_as_it_was(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    leave(receipt("one"), receipt("two"))
    store, write = Store(), Store.write

    def fail_after_writing(self: Store, calls: list[Packed]) -> int:
        write(self, calls)
        raise fault

    with monkeypatch.context() as patched:
        patched.setattr(Store, "write", fail_after_writing)
        with pytest.raises(fault):
            settling.settle(store)
    assert (PendingCall.objects.filter(fault="").count(), logged(), Customer.objects.count()) == (2, [], 0)
    assert settling.settle(store) == 2  # and it did not remember a customer who was taken back
    assert (logged(), Customer.objects.count()) == (["one", "two"], 1)
    assert Fact.objects.filter(customer_id=Customer.objects.get().pk).count() == 2


def test_calls_wait_for_room_and_are_told_to_come_again_when_there_is_none(
    tracking: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settler, "MOST_PENDING", 1)
    monkeypatch.setattr(settler, "ROOM_SECONDS", 0.5)
    with settling_held():
        tell(tracking, "/v1/track", event="Seen", userId="ada", messageId="1")
        status, headers, _ = tracking.ask("/v1/track", b'{"event":"Seen","userId":"ada","messageId":"2"}')
        assert (status, headers["retry-after"], PendingCall.objects.count()) == (503, "2", 1)
    wait_until_settled()
    assert tracking.send("/v1/track", {"event": "Seen", "userId": "ada", "messageId": "2"})[0] == 200
    assert logged() == ["1", "2"]


def test_an_erasure_reaches_what_waits_and_what_was_set_aside(tracking: Server, journal: None) -> None:
    tracking.send("/v1/identify", {"userId": "ada", "traits": {"name": "Ada"}, "messageId": "i"})
    tracking.send("/v1/page", {"anonymousId": "a-1", "messageId": "v"})
    leave(receipt("broken", properties=b"{"), receipt("other", who="musa", properties=b"{"))
    settling.drain()
    with settling_held():
        tell(tracking, "/v1/track", event="Seen", userId="ada", messageId="1")
        tell(tracking, "/v1/identify", userId="ada", anonymousId="a-1", messageId="2")
    erasures.erase(Identity.objects.get(value="ada").customer_id, by=SYSTEM)
    assert (Customer.objects.count(), Identity.objects.count()) == (0, 0)
    assert Fact.objects.filter(source_id__gt=1).count() == 0  # the visitor's view went, too: it was hers
    assert pending.read(bytes(PendingCall.objects.get().payload)).facts.ways == [("external", "musa")]


def test_what_was_stored_of_somebody_before_their_erasure_does_not_come_back(
    transactional_db: None, journal: None
) -> None:
    leave(receipt("1"))
    settling.drain()
    store = Store()
    leave(receipt("2"))
    settling.settle(store)  # this one remembers whose the identity is
    erasures._begin(Customer.objects.get().pk, by=SYSTEM, typed_name=None)  # as if it was stored a moment later
    leave(receipt("3"), receipt("4", who="musa"))
    settling.settle(store)
    assert "3" not in logged() and "4" in logged()
    assert list(Identity.objects.values_list("value", flat=True)) == ["musa"]
    assert PendingCall.objects.count() == 0


def test_former_ids_are_found_in_what_was_set_aside(transactional_db: None) -> None:
    said = b'[{"message_id":"1","way":["external","ada"],"is_trusted":true,"other":["previous","old"]}]'
    call = pending.stored(Receipt(5, "shop", "server", pack(Tracked(), source_id=SOURCE, received_us=1), said))
    pending.store([call])
    PendingCall.objects.update(fault="DataError")
    assert pending.forget([people.digest("email", "old")]) == 0
    assert pending.forget([people.digest("anonymous", "old")]) == 1


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(-(2**63), 2**63 - 1)), st.lists(st.booleans()))
def test_columns_of_numbers_arrive_as_they_are(db: None, numbers: list[int], truths: list[bool]) -> None:
    import numpy as np

    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        arrays.register(cursor)
        arguments = [arrays.bigints(np.array(numbers, np.int64)), arrays.booleans(np.array(truths, np.bool_))]
        assert cursor.execute("SELECT %b, %b", arguments).fetchone() == (numbers, truths)
