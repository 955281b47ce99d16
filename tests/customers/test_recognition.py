"""Recognising people, whoever sees them first."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from regulars.customers.actions import recognition
from regulars.customers.models import Customer, Identity
from regulars.kernel import people

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
ADA, MUSA, VISITOR = ("external", "ada"), ("email", "musa@example.com"), ("anonymous", "a-1")


def recognise(
    *ways: recognition.Way, at: datetime = AT, is_known: bool = True, is_verified: bool = True
) -> dict[recognition.Way, int]:
    with transaction.atomic():
        return recognition.recognise(ways, source_id=2, at=at, is_known=is_known, is_verified=is_verified)


@pytest.mark.django_db
def test_each_new_way_makes_a_customer_and_is_recognised_from_then_on() -> None:
    first = recognise(ADA, MUSA, VISITOR, ADA)
    assert sorted(first) == sorted([ADA, MUSA, VISITOR])
    assert recognise(VISITOR, MUSA, ADA, at=LATER) == first
    rows = Customer.objects.order_by("search_text").values_list("email", "known_at", "search_text")
    assert list(rows) == [("", None, ""), ("", AT, "ada"), ("musa@example.com", AT, "musa@example.com")]
    assert set(Identity.objects.values_list("verified_at", "created_at")) == {(AT, AT)}


@pytest.mark.django_db
def test_a_trusted_source_turns_a_claim_into_a_verified_way_once() -> None:
    recognise(ADA, is_verified=False)
    assert Identity.objects.get().verified_at is None
    recognise(ADA, at=LATER)
    recognise(ADA, at=AT)
    assert Identity.objects.get().verified_at == LATER


@pytest.mark.django_db
def test_an_erased_way_is_left_out_and_makes_nobody() -> None:
    people.suppress([ADA])
    assert list(recognise(ADA, MUSA)) == [MUSA]
    assert Customer.objects.count() == 1


@pytest.mark.django_db
def test_a_further_way_is_given_only_where_nobody_has_it() -> None:
    ids = recognise(ADA, MUSA)
    people.suppress([("phone", "+4930123456")])
    with transaction.atomic():
        owners = recognition.attach(
            [(ids[ADA], *MUSA), (ids[ADA], "email", "ada@example.com"), (ids[ADA], "phone", "+4930123456")],
            source_id=2,
            at=AT,
            is_verified=True,
        )
    assert owners == {MUSA: ids[MUSA], ("email", "ada@example.com"): ids[ADA]}
    assert Identity.objects.count() == 3


@pytest.mark.django_db
def test_the_end_of_a_chain_of_merges_is_who_is_shown() -> None:
    a, b, c = (Customer.objects.create(created_at=AT) for _ in range(3))
    Customer.objects.filter(pk=a.pk).update(merged_into=b)
    Customer.objects.filter(pk=b.pk).update(merged_into=c)
    assert recognition.heads([a.pk, c.pk]) == {a.pk: c.pk, c.pk: c.pk}


@pytest.mark.django_db(transaction=True)
def test_eight_who_see_the_same_new_people_at_once_make_one_customer_each() -> None:
    ways = [("external", f"u-{number}") for number in range(40)]
    answers: list[dict[recognition.Way, int]] = []
    start = threading.Barrier(8)

    def see(turn: int) -> None:
        start.wait()
        answers.append(recognise(*(ways[turn:] + ways[:turn])))
        connection.close()

    threads = [threading.Thread(target=see, args=(turn * 5,)) for turn in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert all(answer == answers[0] for answer in answers)
    assert (Customer.objects.count(), Identity.objects.count()) == (40, 40)
