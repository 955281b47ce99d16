"""The log of facts."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from regulars.kernel import facts
from regulars.kernel.fact_names import LABEL_ADDED
from regulars.kernel.models import Fact

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def visit(message_id: str, *, customer_id: int = 1) -> facts.NewFact:
    return facts.NewFact(
        customer_id=customer_id, name="Page Viewed", occurred_at=AT, message_id=message_id, properties={"path": "/é"}
    )


@pytest.mark.django_db
def test_a_replay_changes_nothing() -> None:
    batch = facts.as_columns([visit("a"), visit("b")])
    assert facts.append(batch, source_id=1) == 2
    assert facts.append(facts.as_columns([visit("b", customer_id=9), visit("c")]), source_id=1) == 1
    assert list(Fact.objects.order_by("message_id").values_list("message_id", "customer_id")) == [
        ("a", 1),
        ("b", 1),
        ("c", 1),
    ]


@pytest.mark.django_db
def test_the_same_message_twice_in_one_batch_is_one_fact() -> None:
    assert facts.append(facts.as_columns([visit("a"), visit("a")]), source_id=1) == 1


@pytest.mark.django_db
def test_an_unsaid_recording_time_is_assumed_to_be_when_it_happened_and_marked() -> None:
    facts.append(facts.as_columns([visit("a")]), source_id=1, received_at=AT + timedelta(days=3))
    row = Fact.objects.get()
    assert (row.recorded_at, row.is_recorded_assumed, row.received_at) == (AT, True, AT + timedelta(days=3))
    assert row.properties == {"path": "/é"}


@pytest.mark.django_db(transaction=True)
def test_a_fact_outside_a_transaction_is_refused() -> None:
    with pytest.raises(facts.NotATransaction):
        facts.append(facts.as_columns([visit("a")]), source_id=1)
    assert Fact.objects.count() == 0


@pytest.mark.django_db
def test_an_undocumented_product_fact_is_refused() -> None:
    with pytest.raises(facts.UnknownProductFact):
        facts.record("something happened", customer_id=1)
    assert Fact.objects.count() == 0


@pytest.mark.django_db
def test_a_product_fact_is_recorded_with_its_properties() -> None:
    assert facts.record(LABEL_ADDED, customer_id=5, properties={"label": "vip", "by": "agent:1"})
    assert Fact.objects.values_list("customer_id", "name", "source_id", "is_recorded_assumed").get() == (
        5,
        LABEL_ADDED,
        1,
        False,
    )


@pytest.mark.django_db(transaction=True)
def test_facts_carry_their_transaction() -> None:
    with transaction.atomic():
        facts.append(facts.as_columns([visit("a"), visit("b")]), source_id=1)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text::bigint")
            tx = cursor.fetchone()[0]
    assert set(Fact.objects.values_list("epoch", "tx")) == {(1, tx)}
