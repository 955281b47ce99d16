"""Stopping an import takes effect at once, keeps every batch that stands, and lets it go on from there."""

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from regulars.customers.importing import imports, mapping, places, running, selectors, tasks, working
from regulars.customers.importing.errors import Cancelled, NoSuchImport
from regulars.customers.importing.models import Import
from regulars.customers.importing.orders.steps import OrderStep
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM
from regulars.kernel.models import Fact
from regulars.web.imports import showing

CONTENT = "order,customer,date,total\n1,ada,2026-01-01,5\n2,,2026-01-02,5\n3,bo,2026-01-03,5\n4,cy,2026-01-04,5\n"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def begun(written: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Import:
    """An import that runs, one order a batch."""
    monkeypatch.setattr(sys.modules[OrderStep.__module__], "ORDERS_A_STEP", 1)
    with written(CONTENT).open("rb") as source:
        imported = imports.receive(source, name="f.csv", kind="orders", by=SYSTEM)
    imports.keep(imported, imports.decide(imported, mapping.guess(imports.opened(imported), "orders").columns))
    return imports.start(imports.check(imported), by=SYSTEM)


def stop_in_batch(number: int, imported: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody presses Stop on the page just after this batch has been written and before it stands."""
    whole, done = OrderStep.apply, []

    def stop() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '1s'")
        imports.cancel(imported.pk, by=SYSTEM)
        connection.close()

    def apply(self: OrderStep, target: Any) -> Any:
        outcome = whole(self, target)
        done.append(self)
        if len(done) == number:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(stop).result(5)
        return outcome

    monkeypatch.setattr(OrderStep, "apply", apply)


def test_who_stops_waits_for_no_batch_and_the_one_being_written_is_taken_back(
    begun: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        stop_in_batch(2, begun, patch)
        working.run(begun.pk)
    begun.refresh_from_db()
    assert (begun.state, begun.batches_done, begun.counts["orders"], Fact.objects.count()) == ("cancelled", 1, 1, 1)
    assert selectors.rejected_counts(begun) == {"no_customer": 1}
    assert showing.seen(begun).can_go_on
    imports.start(begun, by=SYSTEM)
    working.run(begun.pk)
    begun.refresh_from_db()
    assert (begun.state, begun.counts["orders"], begun.counts["facts_new"], Fact.objects.count()) == ("done", 3, 3, 3)
    assert selectors.rejected_counts(begun) == {"no_customer": 1}
    assert not places.file_of(begun.digest).exists()


def test_what_was_stopped_is_found_again_by_the_command_and_not_for_ever(begun: Import) -> None:
    plan = running.Plan.from_json(begun.plan)
    imports.cancel(begun.pk, by=SYSTEM)
    with pytest.raises(Cancelled):
        running.run(begun)
    assert imports.unfinished(begun.digest, kind="orders", plan=plan) == begun
    imports.tidy()
    assert places.file_of(begun.digest).exists()
    Import.objects.update(ended_at=clock.now() - timedelta(days=8))
    assert imports.unfinished(begun.digest, kind="orders", plan=plan) is None
    places.forget(begun.digest)
    begun.refresh_from_db()
    with pytest.raises(NoSuchImport):
        imports.start(begun, by=SYSTEM)
    assert Import.objects.values_list("state", flat=True).get() == "cancelled"


def test_given_up_before_it_began_it_leaves_nothing(written: Callable[..., Path]) -> None:
    with written(CONTENT).open("rb") as source:
        imported = imports.look(imports.receive(source, name="f.csv", kind="orders", by=SYSTEM))
    imports.check_later(imported, mapping.guess(imports.opened(imported), "orders").columns, zone="UTC", currency="EUR")
    imports.cancel(imported.pk, by=SYSTEM)
    assert places.file_of(imported.digest).exists()  # the worker may be reading it right now
    tasks.check_import(imported.pk)
    other = imports.receive(written(CONTENT).open("rb"), name="f.csv", kind="orders", by=SYSTEM)
    imports.cancel(other.pk, by=SYSTEM)
    assert not places.file_of(imported.digest).exists()
    assert Fact.objects.count() == 0


def test_a_pause_is_no_part_of_the_time_left(begun: Import) -> None:
    now = clock.now()
    begun.started_at, begun.progress = now - timedelta(days=3), 0.6
    begun.found = {"pace": {"at": (now - timedelta(seconds=20)).isoformat(), "from": 0.5}}
    left = showing.seen(begun).seconds_left
    assert left is not None
    assert 79 < left < 90
