"""Any merges and undos, undone entirely, give back exactly what was read before."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.customers.actions import attributes, consents, labels, merges
from regulars.customers.models import Customer, Merge
from regulars.customers.selectors import families, listing, profiles, searching, timelines
from regulars.customers.selectors.narrowing import Filters
from tests.customers.cast import AT, INES, make_customer, record

NAMES = ("Ada Moreno", "Musa Traoré", "Jun Kimura", "Lea Steiner", "Paul Okafor")
OURS = {"customers merged", "merge undone"}

# Each step: merge two of whoever is shown, or undo one of the merges that stand.
STEPS = st.lists(st.tuples(st.sampled_from(["merge", "undo"]), st.integers(0, 99), st.integers(0, 99)), max_size=12)


def cast() -> list[int]:
    made = []
    for number, name in enumerate(NAMES):
        customer = make_customer(name, email=f"{name.split()[0]}@example.com", external=f"u-{number}")
        attributes.write(customer.pk, "plan", ["gold", "silver"][number % 2])
        labels.put(customer.pk, ["VIP", "wholesale"][number % 2], by=INES)
        record(customer.pk, "Order Completed", total=number + 1, currency="EUR")
        (consents.give if number % 2 else consents.withdraw)(customer.pk, "news", by=INES, source="phone")
        made.append(customer.pk)
    return made


def read(ids: list[int]) -> dict[str, Any]:
    """Everything the selectors say about these, but for the record that merges happened."""
    shown = sorted(set(families.heads(ids).values()))
    return {
        "profiles": [profiles.profile(customer_id) for customer_id in shown],
        "timelines": [happened(customer_id) for customer_id in shown],
        "list": [listing.page(filters) for filters in (Filters(), Filters(consent="news"), Filters(has_orders=True))],
        "found": {name: searching.search(name) for name in ("moreno", "traore", "u-3", "lea@example.com", "kimrua")},
    }


def happened(customer_id: int) -> list[timelines.TimelineFact]:
    found = timelines.timeline(families.family(customer_id).ids, limit=99).facts
    return [fact for fact in found if fact.name not in OURS]


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_undoing_everything_restores_every_read(steps: list[tuple[str, int, int]]) -> None:
    with transaction.atomic():
        ids = cast()
        before = read(ids)
        for step in steps:
            take(step, ids)
            hold_together(ids)
        for merge in Merge.objects.filter(undone_at=None).order_by("?"):
            merges.undo(merge.pk, by=INES)
        assert read(ids) == before
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_an_undo_takes_back_just_that_merge(steps: list[tuple[str, int, int]]) -> None:
    with transaction.atomic():
        ids = cast()
        for step in steps:
            take(step, ids)
        before, shown = read(ids), sorted(set(families.heads(ids).values()))
        if len(shown) > 1:
            merge = merges.merge(shown[0], shown[-1], by=INES)
            assert shown[-1] not in families.heads(ids).values()
            merges.undo(merge.pk, by=INES)
            assert read(ids) == before
        transaction.set_rollback(True)


def take(step: tuple[str, int, int], ids: list[int]) -> None:
    verb, one, other = step
    if verb == "undo":
        standing = list(Merge.objects.filter(undone_at=None).order_by("pk"))
        if standing:
            merges.undo(standing[one % len(standing)].pk, by=INES)
        return
    shown = sorted(set(families.heads(ids).values()))
    kept, merged = shown[one % len(shown)], shown[other % len(shown)]
    if kept != merged:
        merges.merge(kept, merged, by=INES)


def hold_together(ids: list[int]) -> None:
    """At every moment: nobody is merged into somebody merged, nobody is lost, and each is listed once."""
    pointing = dict(Customer.objects.values_list("pk", "merged_into_id"))
    assert all(pointing[head] is None for head in pointing.values() if head)
    shown = [customer_id for customer_id in ids if pointing[customer_id] is None]
    assert sorted(member for head in shown for member in families.family(head).ids) == sorted(ids)
    assert sorted(row.id for row in listing.page(Filters()).rows) == shown
    assert sum(profiles.profile(head).orders.completed for head in shown) == len(ids)


def test_the_cast_is_what_the_test_thinks(db: None) -> None:
    ids = cast()
    assert [profile.name for profile in read(ids)["profiles"]] == list(NAMES)
    assert read(ids)["found"]["kimrua"] == [ids[2]]
    assert AT.tzinfo is not None
