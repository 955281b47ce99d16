"""Two customers who are one person."""

import pytest

from regulars.accounts.models import AuditEntry
from regulars.customers.actions import labels, merges
from regulars.customers.errors import AlreadyMerged, CannotMergeWithItself, MergeAlreadyUndone, NoSuchCustomer
from regulars.customers.models import Customer, Identity, Merge
from regulars.customers.selectors import families
from regulars.kernel import people
from regulars.kernel.models import Fact
from tests.customers.cast import INES, make_customer, record


def shown() -> dict[int, int | None]:
    return dict(Customer.objects.values_list("pk", "merged_into_id"))


def test_a_merged_customer_is_shown_as_the_other(ada: Customer, musa: Customer) -> None:
    merges.merge(ada.pk, musa.pk, by=INES, why="same person")
    assert families.family(musa.pk).head == ada
    assert families.family(musa.pk).ids == [ada.pk, musa.pk]
    assert families.heads([ada.pk, musa.pk]) == {ada.pk: ada.pk, musa.pk: ada.pk}
    assert families.merged_pairs() == [(musa.pk, ada.pk)]


def test_nothing_moves_when_two_are_merged(ada: Customer, musa: Customer) -> None:
    record(musa.pk, "Page Viewed")
    before = list(Identity.objects.order_by("pk").values_list("customer_id", "kind", "value"))
    merges.merge(ada.pk, musa.pk, by=INES)
    assert list(Identity.objects.order_by("pk").values_list("customer_id", "kind", "value")) == before
    assert Fact.objects.get(name="Page Viewed").customer_id == musa.pk


def test_a_merge_is_a_fact_a_row_and_an_audit_entry(ada: Customer, musa: Customer) -> None:
    merges.merge(ada.pk, musa.pk, by=INES)
    fact = Fact.objects.get(name="customers merged")
    assert (fact.customer_id, fact.properties) == (ada.pk, {"merged_id": musa.pk, "by": "agent:1"})
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.subject, entry.details) == (
        "customers merged",
        f"customer:{ada.pk}",
        {"merged_id": musa.pk},
    )


def test_nobody_is_merged_with_themselves(ada: Customer) -> None:
    with pytest.raises(CannotMergeWithItself):
        merges.merge(ada.pk, ada.pk, by=INES)
    assert shown() == {ada.pk: None}


@pytest.mark.parametrize("the_merged_one_is", ["kept", "merged"])
def test_a_merged_customer_takes_no_part_in_another_merge(
    ada: Customer, musa: Customer, the_merged_one_is: str
) -> None:
    third = make_customer("Jun")
    merges.merge(ada.pk, musa.pk, by=INES)
    before = shown()
    with pytest.raises(AlreadyMerged):
        if the_merged_one_is == "kept":
            merges.merge(musa.pk, third.pk, by=INES)
        else:
            merges.merge(third.pk, musa.pk, by=INES)
    assert (shown(), Merge.objects.count()) == (before, 1)


def test_merging_somebody_who_is_not_there_is_refused(ada: Customer) -> None:
    with pytest.raises(NoSuchCustomer):
        merges.merge(ada.pk, 10**9, by=INES)
    assert Merge.objects.count() == 0


def test_those_merged_before_come_along_and_go_back_to_whom_they_belonged(ada: Customer, musa: Customer) -> None:
    jun = make_customer("Jun")
    merges.merge(musa.pk, jun.pk, by=INES)
    outer = merges.merge(ada.pk, musa.pk, by=INES)
    assert shown() == {ada.pk: None, musa.pk: ada.pk, jun.pk: ada.pk}
    merges.undo(outer.pk, by=INES)
    assert shown() == {ada.pk: None, musa.pk: None, jun.pk: musa.pk}


def test_an_inner_merge_may_be_undone_first(ada: Customer, musa: Customer) -> None:
    jun = make_customer("Jun")
    inner = merges.merge(musa.pk, jun.pk, by=INES)
    merges.merge(ada.pk, musa.pk, by=INES)
    merges.undo(inner.pk, by=INES)
    assert shown() == {ada.pk: None, musa.pk: ada.pk, jun.pk: None}
    assert Fact.objects.get(name="merge undone").customer_id == ada.pk


def test_a_merge_is_undone_once(ada: Customer, musa: Customer) -> None:
    row = merges.merge(ada.pk, musa.pk, by=INES)
    merges.undo(row.pk, by=INES)
    with pytest.raises(MergeAlreadyUndone):
        merges.undo(row.pk, by=INES)
    assert Fact.objects.filter(name="merge undone").count() == 1


def test_what_is_said_after_a_merge_stays_with_the_one_that_is_shown(ada: Customer, musa: Customer) -> None:
    row = merges.merge(ada.pk, musa.pk, by=INES)
    labels.put(musa.pk, "VIP", by=INES)
    merges.undo(row.pk, by=INES)
    assert [customer.name for customer in Customer.objects.filter(labels__name="VIP")] == ["Ada Moreno"]


def test_contexts_settle_within_the_merge(ada: Customer, musa: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, int, int]] = []
    keeper = people.Keeper(
        "test", (), export=lambda ids: {}, erase=lambda ids: 0,
        merged=lambda kept, merged: told.append(("merged", kept, merged)),
        unmerged=lambda kept, merged: told.append(("unmerged", kept, merged)),
    )  # fmt: skip
    monkeypatch.setitem(people._keepers, "test", keeper)
    row = merges.merge(ada.pk, musa.pk, by=INES)
    merges.undo(row.pk, by=INES)
    assert told == [("merged", ada.pk, musa.pk), ("unmerged", ada.pk, musa.pk)]
