"""Value: what a night has learnt of what customers are worth, how far to believe it, and who may see whom."""

import csv
import io
from typing import Any

import pytest
from django.test import Client

from regulars.customers.actions import traits
from regulars.customers.models import Customer, Trait
from regulars.insights.models import ScoreRun
from regulars.insights.scoring import running
from regulars.kernel import clock
from tests.insights.shop import NOW, known, open_shop
from tests.web.test_outlook_pages import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
MODEL: dict[str, Any] = {
    "purchases": {
        "estimates": [0.5, 4.0, 1.0, 3.0], "covariance": [[0.01 * (i == j) for j in range(4)] for i in range(4)],
        "log_likelihood": -1.0, "customers": 4, "unit": "week", "level": 0.95, "notes": [],
    },
    "spend": 25.0, "notes": [],
}  # fmt: skip
HELD = {
    "cut": "2025-08-31", "weeks": 26, "customers": 20, "top_share": 0.4,
    "orders": {"expected": 120.0, "low": 110.0, "high": 130.0, "actual": 100},
    "revenue": {"expected": 2400.0, "low": 2200.0, "high": 2600.0, "actual": 2000.0},
    "tenths": [{"customers": 2, "expected": 30.0, "actual": 28}, {"customers": 18, "expected": 90.0, "actual": 72}],
}  # fmt: skip
SUMMARY = {
    "customers": 4, "total": 1000.5, "low": 900.0, "high": 1100.0, "currency": "EUR", "notes": [],
    "concentration": [{"share": 0.1, "customers": 1, "held": 0.6}],
    "steps": [{"from": None, "to": 50.0, "customers": 3, "held": 0.4},
              {"from": 50.0, "to": None, "customers": 1, "held": 0.6}],
    "held_out": HELD,
}  # fmt: skip


def learnt(**changed: Any) -> None:
    ScoreRun.objects.create(kind="value", as_of=NOW, model=MODEL, summary=SUMMARY | changed)


def worth(*amounts: int) -> list[int]:
    """Customers worth so much each, in cents."""
    ids = known(len(amounts))
    rest = {"alive": 0.9, "orders": 3.5, "spend": 2500, "if_they_stay": 1, "currency": "EUR"}
    found = [{"amount": amount, "low": amount - 1, "high": amount + 1, **rest} for amount in amounts]
    rows = [traits.NewTrait(pk, each["amount"], each) for pk, each in zip(ids, found, strict=True)]
    traits.write("value", rows, as_of=NOW)
    return ids


@pytest.fixture
def manager(client: Client) -> Client:
    return signed_in(client, "manager")


def test_a_night_stands_on_the_page(manager: Client) -> None:
    open_shop()
    with clock.frozen(NOW):
        running.learn()
        page = manager.get("/retention/value/")
        chart = manager.get("/retention/value/steps.json").json()
    run = ScoreRun.objects.get(kind="value")
    assert page.context["total"]["total"].minor == round(100 * run.summary["total"])
    assert sum(step["customers"] for step in page.context["steps"]) == page.context["customers"] == 900
    found = [line["amount"].minor for line in page.context["rows"]]
    assert found == sorted(Trait.objects.filter(name="value").values_list("number", flat=True), reverse=True)[:50]
    held = run.summary["held_out"]["orders"]
    assert page.context["held"]["orders"] == {name: round(count) for name, count in held.items()}
    assert chart["width"] == "container"
    assert sum(row["customers"] for row in chart["data"]["values"]) == 900


def test_the_parameters_are_said_in_words(manager: Client) -> None:
    learnt()
    text = manager.get("/retention/value/").content.decode()
    assert "they order every 8.0 weeks on average" in text
    assert "about 25.0\N{NARROW NO-BREAK SPACE}% leave for good" in text
    assert "A typical order comes to €\N{NARROW NO-BREAK SPACE}25.00" in text
    assert "A tenth of the customers holds 60.0\N{NARROW NO-BREAK SPACE}%" in text


@pytest.mark.parametrize(
    ("actual", "says"),
    [(100, "expected 20.0\N{NARROW NO-BREAK SPACE}% too much"), (160, "25.0\N{NARROW NO-BREAK SPACE}% too little"),
     (118, "came close"), (0, "cannot be believed")],
)  # fmt: skip
def test_the_verdict_follows_from_what_came(manager: Client, actual: int, says: str) -> None:
    learnt(held_out=HELD | {"orders": HELD["orders"] | {"actual": actual}})  # type: ignore[operator]  # a dict
    page = manager.get("/retention/value/")
    assert says in page.content.decode()
    assert [tenth["expected"] for tenth in page.context["held"]["tenths"]] == [15.0, 5.0]


def test_where_there_is_nothing_yet_the_page_says_why(manager: Client) -> None:
    assert "Nothing learnt yet" in manager.get("/retention/value/").content.decode()
    assert manager.get("/retention/value/steps.json").status_code == 404
    ScoreRun.objects.create(kind="value", as_of=NOW, refusal="Nobody has ordered twice.")
    assert "Nobody has ordered twice." in manager.get("/retention/value/").content.decode()


def test_what_could_not_be_held_back_says_why(manager: Client) -> None:
    learnt(held_out={"refusal": "All orders are later."})
    assert "All orders are later." in manager.get("/retention/value/").content.decode()


def test_a_run_from_before_the_check_is_no_fault(manager: Client) -> None:
    said = {name: SUMMARY[name] for name in ("customers", "total", "low", "high", "currency", "notes")}
    ScoreRun.objects.create(kind="value", as_of=NOW, model=MODEL, summary=said)
    assert "in the coming night" in manager.get("/retention/value/").content.decode()


def test_an_analyst_sees_the_numbers_and_nobody_by_name(client: Client) -> None:
    learnt()
    worth(500, 700)
    analyst = signed_in(client, "analyst")
    page = analyst.get("/retention/value/")
    assert "rows" not in page.context
    assert "The most valuable" not in page.content.decode()
    assert analyst.get("/retention/value/steps.csv").status_code == 200
    assert analyst.get("/retention/value/table.csv").status_code == 403


def test_an_agent_sees_the_list_and_takes_no_file_of_it(client: Client) -> None:
    learnt()
    worth(500)
    agent = signed_in(client, "agent")
    assert len(agent.get("/retention/value/").context["rows"]) == 1
    assert agent.get("/retention/value/table.csv").status_code == 403


def test_the_files_hold_the_steps_and_everybody(manager: Client) -> None:
    learnt()
    ada, _ = worth(500, 700)
    Customer.objects.filter(pk=ada).update(name="=cmd()")
    lines = list(csv.DictReader(io.StringIO(manager.get("/retention/value/table.csv").content.decode())))
    assert [(line["name"], line["value"], line["spend_per_order"]) for line in lines] == [
        ("c1", "7.00", "25.00"),
        ("'=cmd()", "5.00", "25.00"),
    ]
    steps = manager.get("/retention/value/steps.csv").content.decode().splitlines()
    assert steps == ["from,to,customers,share_of_value,currency", ",50.0,3,0.4,EUR", "50.0,,1,0.6,EUR"]
    assert manager.get("/retention/value/steps.svg").content.startswith(b"<svg")
    assert manager.get("/retention/value/steps.png").content.startswith(b"\x89PNG")


def test_nobody_reads_it_without_signing_in(client: Client) -> None:
    for path in ("", "steps.json", "steps.csv", "table.csv", "steps.svg", "steps.png"):
        assert client.get(f"/retention/value/{path}").status_code == 302


def test_the_list_goes_on_and_the_database_is_asked_equally_often(
    manager: Client, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    learnt()
    worth(*range(100, 160))
    with django_assert_max_num_queries(12):  # type: ignore[operator]  # a fixture that is a function
        first = manager.get("/retention/value/")
    more = manager.get("/retention/value/" + first.context["more"], headers={"HX-Request": "true"})
    assert (len(first.context["rows"]), more.content.count(b"named"), b"after=" in more.content) == (50, 10, False)
    assert manager.get("/retention/value/?after=x").status_code == 422
