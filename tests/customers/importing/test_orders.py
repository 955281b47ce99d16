"""Orders out of lines."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from regulars.customers.importing import imports, places, selectors
from regulars.customers.importing.errors import CannotMap, Unsure
from regulars.customers.importing.models import Import
from regulars.customers.models import Customer, Identity
from regulars.kernel import people
from regulars.kernel.models import Fact

pytestmark = pytest.mark.django_db

HEADING = "Order ID,Customer ID,Date,SKU,Quantity,Price\n"
Bring = Callable[..., Import]


def facts() -> list[tuple[str, str, str, Any]]:
    """Name, order, total and who, in order."""
    names = dict(Identity.objects.values_list("customer_id", "value"))
    found = Fact.objects.order_by("occurred_at", "message_id")
    return [
        (fact.name, fact.properties["order_id"], str(fact.properties.get("total")), names[fact.customer_id])
        for fact in found
    ]


def report(imported: Import) -> list[list[str]]:
    import csv

    with places.report_of(imported.pk).open(newline="") as file:
        return list(csv.reader(file))


def test_lines_of_one_order_make_one_fact_wherever_they_stand(bring: Bring) -> None:
    imported = bring(HEADING + "1,ada,2026-01-01,a,2,1.10\n2,musa,2026-01-02,b,1,5\n1,ada,2026-01-01,c,3,0.10\n")
    assert facts() == [("Order Completed", "1", "2.5", "ada"), ("Order Completed", "2", "5.0", "musa")]
    assert Fact.objects.get(message_id="order:1:completed").properties == {
        "order_id": "1",
        "total": 2.5,
        "currency": "EUR",
        "line_count": 2,
        "products": [
            {"product_id": "a", "quantity": 2, "price": 1.1},
            {"product_id": "c", "quantity": 3, "price": 0.1},
        ],
    }
    assert (imported.state, imported.counts["facts_new"]) == ("done", 2)


def test_who_ordered_years_ago_has_been_known_since(bring: Bring) -> None:
    heading = "Order ID,Customer ID,Email,Date,Quantity,Price\n"
    content = heading + (
        "1,ada,ada@shop.example,2024-02-01,1,5\n2,ada,ada@shop.example,2023-03-04,1,5\n3,musa,,2025-05-06,1,5\n"
    )
    bring(content)

    def since() -> list[tuple[str, datetime | None, datetime]]:
        return list(Customer.objects.order_by("email").values_list("email", "known_at", "created_at"))

    ada, musa = datetime(2023, 3, 4, tzinfo=UTC), datetime(2025, 5, 6, tzinfo=UTC)
    assert since() == [("", musa, musa), ("ada@shop.example", ada, ada)]
    bring(content)
    bring(HEADING + "4,ada,2025-12-24,a,1,5\n")
    assert since() == [("", musa, musa), ("ada@shop.example", ada, ada)]
    bring(HEADING + "5,musa,2022-12-24,a,1,5\n")
    assert since()[0][1] == datetime(2022, 12, 24, tzinfo=UTC)


def test_a_second_run_adds_nothing(bring: Bring) -> None:
    content = HEADING + "1,ada,2026-01-01,a,2,1.10\n2,musa,2026-01-02,b,1,5\n"
    bring(content)
    before = facts(), Customer.objects.count()
    again = bring(content)
    assert (facts(), Customer.objects.count()) == before
    assert (again.counts.get("facts_new"), again.counts["facts_there"]) == (None, 2)


def test_refunds_are_told_by_number_quantity_or_status(bring: Bring) -> None:
    bring(
        "Order ID,Customer ID,Date,Quantity,Price,Status\n"
        "1,ada,2026-01-01,2,10,paid\n1,ada,2026-01-02,-1,10,paid\nC7,ada,2026-01-03,-2,10,\n"
        "8,ada,2026-01-04,1,3,refunded\n9,ada,2026-01-05,1,3,pending\n"
    )
    assert facts() == [
        ("Order Completed", "1", "20.0", "ada"),
        ("Order Refunded", "1", "10.0", "ada"),
        ("Order Refunded", "C7", "20.0", "ada"),
        ("Order Refunded", "8", "3.0", "ada"),
    ]


def test_what_is_no_sale_and_nobody_s_is_named_with_line_and_reason(bring: Bring) -> None:
    imported = bring(
        HEADING + "1,ada,2026-01-01,a,1,0\n2,,2026-01-01,a,1,2\n3,bo,2026-01-01,=1+1,1,-2\n4,bo,1969-01-01,a,1,2\n"
        "5,bo,2999-01-01,a,1,2\n6,bo,never,a,1,2\n7,bo,2026-01-01,a,x,2\n,bo,2026-01-01,a,1,2\n8,bo,2026-01-01,a,1,2\n"
        "8,ada,2026-01-01,a,1,2\n"
    )
    assert facts() == [("Order Completed", "8", "2.0", "bo")]
    assert {(row[0], row[1]) for row in report(imported)[1:]} == {
        ("2", "Nothing was bought, or nothing was to pay."),
        ("3", "No customer is named."),
        ("4", "A price is negative."),
        ("5", "The time lies before 1970."),
        ("6", "The time lies more than a day in the future."),
        ("7", "The time cannot be read."),
        ("8", "A number cannot be read."),
        ("9", "The order has no number."),
        ("11", "The order belongs to another customer."),
    }
    formula = next(row for row in report(imported) if row[0] == "4")
    assert formula[4:] == ["3", "bo", "2026-01-01", "'=1+1", "1", "-2"]
    assert selectors.rejected_counts(imported)["no_customer"] == 1


def test_what_stands_on_one_line_of_an_order_counts_for_all_of_it(bring: Bring) -> None:
    bring(
        "Name,Email,Created at,Total,Currency,Lineitem name,Lineitem quantity,Lineitem price\n"
        "#1001,ada@shop.example,2026-01-01 10:00:00 +0100,19.90,USD,Tea,1,9.90\n#1001,,,,,Cup,2,5.00\n",
        mapped=(("order", "Name"),),
    )
    fact = Fact.objects.get()
    assert (fact.properties["total"], fact.properties["currency"]) == (19.9, "USD")
    assert [product["name"] for product in fact.properties["products"]] == ["Tea", "Cup"]
    assert Identity.objects.get(customer_id=fact.customer_id).value == "ada@shop.example"


def test_money_is_exact_and_rounded_once_at_the_end(bring: Bring) -> None:
    bring(HEADING + "1,ada,2026-01-01,a,3,0.335\n2,ada,2026-01-01,a,0.5,0.01\n3,ada,2026-01-01,a,10,0.1\n")
    totals = {fact.properties["order_id"]: str(fact.properties["total"]) for fact in Fact.objects.all()}
    assert totals == {"1": "1.0", "2": "0.0", "3": "1.0"}  # 1.005 and 0.005 are halves: to even


def test_an_erased_customer_does_not_come_back(bring: Bring) -> None:
    people.suppress([("external", "ada")])
    imported = bring(HEADING + "1,ada,2026-01-01,a,1,2\n2,bo,2026-01-01,a,1,2\n")
    assert facts() == [("Order Completed", "2", "2.0", "bo")]
    assert not Identity.objects.filter(value="ada").exists()
    assert imported.counts["rejected"] == {"erased": 1}
    assert [row[0] for row in report(imported)[1:]] == ["2"]


def test_rows_of_a_report_that_were_mended_come_in_as_they_were(bring: Bring) -> None:
    said = bring(HEADING + "1,=ada,never,=1+1,1,2\n2,bo,2026-01-01,'-x,1,2\n")
    text = places.report_of(said.pk).read_text()
    assert "'=ada" in text and "'=1+1" in text, "no spreadsheet runs it"
    bring(text.replace("never", "2026-01-02"))
    assert [(order, who) for _name, order, _total, who in facts()] == [("2", "bo"), ("1", "=ada")]
    assert Fact.objects.get(properties__order_id="1").properties["products"][0]["product_id"] == "=1+1"


def test_an_erasure_takes_the_reports_with_it(bring: Bring) -> None:
    imported = bring(HEADING + "1,ada,2026-01-01,a,1,2\n2,,2026-01-01,a,1,2\n")
    assert places.report_of(imported.pk).exists()
    keeper = next(keeper for keeper in people.keepers() if keeper.name == "imports")
    assert keeper.erase([1]) == 1
    assert not places.report_of(imported.pk).exists()
    assert keeper.erase([1]) == 0


def test_an_order_names_at_most_a_hundred_products(bring: Bring) -> None:
    bring(HEADING + "".join(f"1,ada,2026-01-01,sku{number},1,1\n" for number in range(130)))
    properties = Fact.objects.get().properties
    assert (len(properties["products"]), properties["line_count"], properties["total"]) == (100, 130, 130)


def test_dates_of_either_order_are_asked_about_and_nothing_is_imported(bring: Bring) -> None:
    with pytest.raises(Unsure) as doubt:
        bring(HEADING + "1,ada,01/02/2026,a,1,2\n")
    assert (doubt.value.option, doubt.value.choices) == ("date_order", ("dmy", "mdy"))
    assert Fact.objects.count() == 0
    bring(HEADING + "1,ada,01/02/2026,a,1,2\n", date_order="dmy")
    assert Fact.objects.get().occurred_at.isoformat() == "2026-02-01T00:00:00+00:00"


def test_a_file_without_a_needed_column_is_refused(bring: Bring) -> None:
    with pytest.raises(CannotMap, match="order number"):
        bring("Customer ID,Date\nada,2026-01-01\n")


def test_times_without_a_zone_are_in_the_zone_said(bring: Bring) -> None:
    bring(HEADING + "1,ada,2026-07-01 00:30,a,1,2\n", zone="Europe/Berlin")
    assert Fact.objects.get().occurred_at.isoformat() == "2026-06-30T22:30:00+00:00"


def test_a_cancelled_import_stops_and_keeps_what_stands(bring: Bring, written: Callable[..., Path]) -> None:
    from regulars.customers.importing.errors import Cancelled
    from regulars.kernel.actors import SYSTEM

    path = written(HEADING + "1,ada,2026-01-01,a,1,2\n")
    with path.open("rb") as source:
        imported = imports.receive(source, name="f.csv", kind="orders", by=SYSTEM)
    from regulars.customers.importing import mapping, running

    imports.keep(imported, imports.decide(imported, mapping.guess(imports.opened(imported), "orders").columns))
    imports.start(imported, by=SYSTEM)
    imports.cancel(imported.pk, by=SYSTEM)
    with pytest.raises(Cancelled):
        running.run(imported)
    assert Fact.objects.count() == 0


@pytest.mark.django_db
def test_online_retail_comes_in_whole(bring: Bring, shared_data: Path) -> None:
    imported = bring(shared_data / "online_retail" / "online_retail.parquet", currency="GBP")
    assert {name: imported.counts[name] for name in ("orders", "refunds", "lines_sold", "lines_refunded")} == {
        "orders": 18_532,
        "refunds": 3_654,
        "lines_sold": 397_884,
        "lines_refunded": 8_905,
    }
    assert selectors.rejected_counts(imported) == {"no_customer": 135_080, "no_sale": 40}
    bought = Fact.objects.filter(name="Order Completed").values_list("customer_id", "message_id")
    per_customer: dict[int, set[str]] = {}
    for customer_id, order in bought:
        per_customer.setdefault(customer_id, set()).add(order)
    assert (sum(len(orders) >= 2 for orders in per_customer.values()), len(per_customer)) == (2_845, 4_338)
    assert sum(1 for _ in places.report_of(imported.pk).open()) >= 135_121
