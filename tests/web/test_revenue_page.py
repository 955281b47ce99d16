"""Revenue: what is kept of a period's money in the next, in one currency, and what is left out."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from regulars.accounts.models import Agent
from regulars.customers.models import Company, Customer
from regulars.insights import keeping_ready, reduced_revenue
from regulars.kernel import clock
from tests.insights.shop import happened, known, order

NAMES: list[str] = ["stays", "less", "more", "left", "new", "back"]
# January's revenue is 10,000: 400 churn, 100 contraction, 800 expansion, as in the worked example.
ORDERS = [
    ("back", 2025, 12, "70.00"),
    ("stays", 2026, 1, "9000.00"), ("less", 2026, 1, "300.00"),
    ("more", 2026, 1, "300.00"), ("left", 2026, 1, "400.00"),
    ("stays", 2026, 2, "9000.00"), ("less", 2026, 2, "200.00"), ("more", 2026, 2, "1100.00"), ("new", 2026, 2, "55.50"),
    ("back", 2026, 2, "44.50"),
    ("stays", 2026, 3, "1.00"),
]  # fmt: skip
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop() -> dict[str, int]:
    ids = dict(zip(NAMES, known(len(NAMES)), strict=True))
    happened([order(ids[name], datetime(year, month, 10, tzinfo=UTC), total) for name, year, month, total in ORDERS])
    return ids


@pytest.fixture
def analyst(client: Client) -> Client:
    agent = Agent.objects.create_user("ana@shop.example", role="analyst")
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_worked_example(analyst: Client, shop: dict[str, int]) -> None:
    line = analyst.get("/retention/revenue/?period=month").context["latest"]
    assert (line.opening, line.churned, line.contraction, line.expansion) == (10_000, 400, 100, 800)
    assert (line.new, line.reactivated, line.closing) == (55.5, 44.5, 10_400)
    assert (line.gross_retention.value, line.net_retention.value) == (0.95, 1.03)
    assert (line.accounts, line.lost_accounts) == (4, 1)


def test_a_period_that_has_not_ended_is_compared_with_nothing(analyst: Client, shop: dict[str, int]) -> None:
    rows = analyst.get("/retention/revenue/?period=month").context["rows"]
    assert [(row["first"], row["then"]) for row in rows] == [("Jan 2026", "Feb 2026"), ("Dec 2025", "Jan 2026")]


def test_other_currencies_are_counted_and_never_added(analyst: Client, shop: dict[str, int]) -> None:
    at = datetime(2026, 2, 11, tzinfo=UTC)
    happened([order(shop["stays"], at, "9999", "USD"), order(shop["less"], at, "a lot"), order(shop["more"], at, "-5")])
    answer = analyst.get("/retention/revenue/?period=month")
    assert answer.context["latest"].closing == 10_400
    assert (answer.context["kept"].other, answer.context["kept"].unpriced, answer.context["kept"].orders) == (1, 2, 11)
    assert "currencies are never added" in answer.content.decode()


def test_orders_that_come_in_later_are_merged_into_the_form(analyst: Client, shop: dict[str, int]) -> None:
    before = analyst.get("/retention/revenue/?period=month").context["latest"].churned
    happened([order(shop["left"], datetime(2026, 2, 12, tzinfo=UTC), "100.00")])
    after = analyst.get("/retention/revenue/?period=month").context["latest"]
    assert (before, after.churned, after.contraction, after.closing) == (400, 0, 400, 10_500)
    form = reduced_revenue.revenue(zone="UTC", currency="EUR")
    assert (form.orders, int(form.minor.sum())) == (12, 2_057_100)


def test_a_kept_answer_is_the_answer(analyst: Client, shop: dict[str, int]) -> None:
    from regulars.insights.selectors import revenue

    first = analyst.get("/retention/revenue/?period=month").context["kept"]
    revenue._answers.clear()
    again = analyst.get("/retention/revenue/?period=month").context["kept"]
    assert again.found.lines == first.found.lines
    assert again is not first


def test_the_form_is_made_before_anybody_asks(shop: dict[str, int], settings: Any) -> None:
    kept = settings.DATA / "derived"
    assert keeping_ready.keep_ready() == 1  # the usual answer first, alone, and the rest right after it
    assert not list(kept.glob("*/revenue-*.revenue"))
    keeping_ready.keep_ready()
    made = sorted(path.name for path in kept.glob("*/revenue-*.revenue"))
    assert len(made) == 1
    happened([order(shop["left"], datetime(2026, 2, 12, tzinfo=UTC), "100.00")])
    keeping_ready.keep_ready()
    assert sorted(path.name for path in kept.glob("*/revenue-*.revenue")) == made
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        keeping_ready.keep_ready()
    assert sorted(path.name for path in kept.glob("*/revenue-*.revenue")) != made


def test_people_of_one_company_are_one_account(analyst: Client, shop: dict[str, int]) -> None:
    acme = Company.objects.create(name="Acme", created_at=clock.now())
    Customer.objects.filter(pk__in=[shop["left"], shop["more"]]).update(company=acme)
    answer = analyst.get("/retention/revenue/?period=month&accounts=company")
    line = answer.context["latest"]
    assert (line.accounts, line.lost_accounts, line.churned, line.expansion) == (3, 0, 0, 400)
    assert answer.context["kept"].alone == 4


def test_merged_customers_are_one_account(analyst: Client, shop: dict[str, int]) -> None:
    Customer.objects.filter(pk=shop["left"]).update(merged_into=shop["new"])
    line = analyst.get("/retention/revenue/?period=month").context["latest"]
    assert (line.churned, line.contraction, line.new) == (0, 444.5, 0)


def test_a_month_says_what_churned_means_and_offers_longer_ones(analyst: Client, shop: dict[str, int]) -> None:
    text = analyst.get("/retention/revenue/?period=month").content.decode()
    assert "no order in that month" in text
    assert "period=year" in text


def test_the_files_hold_the_periods(analyst: Client, shop: dict[str, int]) -> None:
    lines = list(csv.DictReader(io.StringIO(analyst.get("/retention/revenue/table.csv?period=month").content.decode())))
    assert [(line["start"], float(line["opening"]), float(line["gross_retention"])) for line in lines] == [
        ("2025-12-01", 70, 0),
        ("2026-01-01", 10_000, 0.95),
    ]
    for form in ("kept", "movements"):
        assert analyst.get(f"/retention/revenue/{form}.json?period=month").json()["width"] == "container"
    assert analyst.get("/retention/revenue/kept.svg?period=month").content.startswith(b"<svg")
    assert analyst.get("/retention/revenue/kept.png?period=month").content.startswith(b"\x89PNG")


def test_what_cannot_be_answered_says_why(analyst: Client, shop: dict[str, int]) -> None:
    assert "No answer to this question" in analyst.get("/retention/revenue/?period=year").content.decode()
    assert analyst.get("/retention/revenue/?period=century").status_code == 422
    assert analyst.get("/retention/revenue/table.csv?period=century").status_code == 422


def test_without_orders_the_page_says_what_to_do(analyst: Client) -> None:
    assert "No revenue to follow yet" in analyst.get("/retention/revenue/").content.decode()


def test_nobody_reads_it_without_signing_in(client: Client) -> None:
    for path in ("", "kept.json", "table.csv", "kept.svg", "kept.png"):
        assert client.get(f"/retention/revenue/{path}").status_code == 302


def test_the_page_asks_the_database_equally_often_however_much_there_is(
    analyst: Client, shop: dict[str, int], django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    with django_assert_max_num_queries(15):  # type: ignore[operator]  # a fixture that is a function
        analyst.get("/retention/revenue/?period=month")
