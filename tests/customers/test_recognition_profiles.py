"""What is known about customers, written many at a time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from regulars.customers.actions import profiles, recognition
from regulars.customers.actions.profiles import Traits
from regulars.customers.models import Company, Customer

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def customer(external_id: str) -> int:
    way = ("external", external_id)
    with transaction.atomic():
        return recognition.recognise([way], source_id=2, at=AT, is_known=True, is_verified=True)[way]


@pytest.mark.django_db
def test_later_traits_stand_over_earlier_and_what_is_not_said_stays() -> None:
    ada = customer("Ada-1")
    profiles.apply_traits(
        [
            Traits(ada, name="Ada", email="ada@example.com", attributes={"plan": "free", "seats": 2}),
            Traits(ada, name="Ada Łovelace", attributes={"plan": "pro", "seats": None}),
        ]
    )
    row = Customer.objects.get()
    assert (row.name, row.email, row.attributes) == ("Ada Łovelace", "ada@example.com", {"plan": "pro"})
    assert row.search_text == "ada lovelace ada@example.com ada-1"


@pytest.mark.django_db
def test_saying_the_same_again_changes_nobody() -> None:
    said = [Traits(customer("a"), name="Ada", attributes={"plan": "pro"})]
    assert (profiles.apply_traits(said), profiles.apply_traits(said)) == (1, 0)


@pytest.mark.django_db
def test_a_company_is_made_once_and_joined() -> None:
    ada, musa = customer("a"), customer("m")
    profiles.apply_traits([Traits(ada, company="acme"), Traits(musa, company="acme")])
    assert set(Customer.objects.values_list("company__external_id", flat=True)) == {"acme"}
    assert Company.objects.count() == 1


@pytest.mark.django_db
def test_what_is_said_of_a_merged_customer_is_said_of_whom_they_were_merged_into() -> None:
    ada, old = customer("a"), customer("old")
    Customer.objects.filter(pk=old).update(merged_into=ada)
    profiles.apply_traits([Traits(old, name="Ada")])
    assert dict(Customer.objects.values_list("pk", "name")) == {ada: "Ada", old: ""}
    assert Customer.objects.get(pk=ada).search_text == "ada a old"


@pytest.mark.django_db
def test_text_that_cannot_be_stored_is_stored_without_what_is_wrong() -> None:
    profiles.apply_traits([Traits(customer("a"), name="A\x00da\ud800")])
    assert Customer.objects.get().name == "Ada"


YEARS_AGO = datetime(2019, 5, 4, tzinfo=UTC)


@pytest.mark.django_db
def test_since_when_somebody_is_known_only_moves_back() -> None:
    ada, musa = customer("a"), customer("m")
    later = AT.replace(year=2027)
    assert profiles.apply_traits([Traits(ada, known_since=later)]) == 0
    said = [Traits(ada, known_since=AT.replace(year=2020)), Traits(ada, known_since=YEARS_AGO), Traits(musa, name="M")]
    assert (profiles.apply_traits(said), profiles.apply_traits(said)) == (2, 0)
    assert list(Customer.objects.order_by("pk").values_list("known_at", "created_at", "name")) == [
        (YEARS_AGO, YEARS_AGO, ""),
        (AT, AT, "M"),
    ]


@pytest.mark.django_db
def test_a_visitor_stays_one_and_a_merged_customer_speaks_for_whom_they_were_merged_into() -> None:
    visitor = Customer.objects.create(created_at=AT)
    kept, merged = customer("k"), customer("m")
    Customer.objects.filter(pk=merged).update(merged_into=kept)
    profiles.apply_traits([Traits(visitor.pk, known_since=YEARS_AGO), Traits(merged, known_since=YEARS_AGO)])
    assert list(Customer.objects.order_by("pk").values_list("known_at", "created_at")) == [
        (None, YEARS_AGO),
        (YEARS_AGO, YEARS_AGO),
        (AT, AT),
    ]


@pytest.mark.django_db
def test_the_earliest_moment_counts_whatever_the_order_it_is_said_in() -> None:
    moments = [AT - timedelta(days=days) for days in (3, 900, 1, 41)]
    for place in range(len(moments)):
        ada = customer(f"a{place}")
        for at in moments[place:] + moments[:place]:
            profiles.apply_traits([Traits(ada, known_since=at)])
        assert Customer.objects.get(pk=ada).known_at == AT - timedelta(days=900)
