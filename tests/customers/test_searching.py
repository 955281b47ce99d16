"""Search that forgives typing errors."""

from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from regulars.customers.actions import merges
from regulars.customers.models import Customer
from regulars.customers.selectors.searching import search
from tests.customers.cast import AT, INES, make_customer


@pytest.fixture
def people(ada: Customer, musa: Customer) -> dict[str, Customer]:
    return {
        "ada": ada,
        "musa": musa,
        "lea": make_customer("Lea Steiner", email="lea.steiner@example.com"),
        "adam": make_customer("Adam Moran", email="adam@example.org"),
        "cat": make_customer("Katherine Ng", email="ng@example.com"),
        "jorg": make_customer("Jørgen Łukasz O'Neill", email="jorg@example.net"),
    }


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Ada Moreno", "ada"),
        ("moreno ada", "ada"),
        ("ada@example.com", "ada"),
        ("ADA@EXAMPLE.COM ", "ada"),
        ("u-2", "musa"),
        ("traore", "musa"),
        ("Traoré", "musa"),
        ("mussa", "musa"),
        ("musa traroe", "musa"),
        ("catherina", "cat"),
        ("kathrine", "cat"),
        ("stiener", "lea"),
        ("lea stei", "lea"),
        ("le", "lea"),
        ("l", "lea"),
        ("lea st", "lea"),
        ("jorgen lukas", "jorg"),
        ("oneill", "jorg"),
    ],
)
def test_it_finds_who_was_meant(people: dict[str, Customer], typed: str, first: str) -> None:
    assert search(typed)[:1] == [people[first].pk]


def test_a_beginning_goes_before_what_is_only_similar(people: dict[str, Customer]) -> None:
    assert search("ada moreno")[0] == people["ada"].pk
    assert search("adam")[0] == people["adam"].pk


def test_somebody_merged_is_found_as_whom_they_were_merged_into(people: dict[str, Customer]) -> None:
    merges.merge(people["ada"].pk, people["musa"].pk, by=INES)
    assert search("traore") == [people["ada"].pk]
    assert search("musa@example.com")[0] == people["ada"].pk
    assert search("ada musa@example.com")[0] == people["ada"].pk


@pytest.mark.parametrize("typed", ["", "   ", "zzzzqqq", "%", "_____", "\\"])
def test_it_finds_nobody_where_nobody_was_meant(people: dict[str, Customer], typed: str) -> None:
    assert search(typed) == []


@pytest.mark.django_db
@given(st.text(max_size=80))
def test_whatever_is_typed_is_answered(typed: str) -> None:
    assert search(typed) == []


@pytest.mark.django_db
def test_it_reads_the_index_and_not_the_table() -> None:
    """With enough rows that the planner cares; the plan is asked for what the search really sends."""
    rows = [
        Customer(name=f"{first} {last} {number}", search_text=f"{first} {last} {number}", created_at=AT)
        for number in range(4)
        for first in ("ada", "musa", "lea", "paul", "jun", "ines", "karl", "olga", "tom", "mia")
        for last in (f"{a}{b}{c}son" for a in "bdfgklmn" for b in "aeiou" for c in "rstvwxz")
    ]
    Customer.objects.bulk_create(rows, batch_size=2000)
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('customer_search')")  # as vacuum does, which a test cannot
        cursor.execute("ANALYZE customers_customer")
    plans: list[str] = []

    def explained(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if "search_text" in sql:
            cursor = context["cursor"].cursor
            cursor.execute("EXPLAIN " + sql, params)
            plans.append("\n".join(row[0] for row in cursor.fetchall()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        found = search("olag boxson")
        search("ollgaa bxosonn")
    assert len(plans) == 5  # words, and words with a slip; then these two and similar words
    assert [plan for plan in plans if "Seq Scan" in plan or "on customer_search" not in plan] == []
    assert Customer.objects.get(pk=found[0]).name.startswith("olga boxson")
