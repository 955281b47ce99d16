"""The Retention page asks what its address says and shows what the library answers."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client

from regulars.accounts.models import Agent
from regulars.insights.mirror.names import CONSUMER
from regulars.kernel import facts, tail

START = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
ACTIVE = {1: [0, 1, 2, 3, 5, 7, 9], 2: [0, 1, 4, 10], 3: [0, 1, 2], 4: [0, 3], 5: [0]}
EXAMPLE = "/retention/?period=day&zone=UTC&as_of=2026-02-01&n=3&bracket_from=2"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def example() -> None:
    new = [
        facts.NewFact(
            customer_id=customer,
            name="Order Completed",
            occurred_at=START + timedelta(days=day),
            message_id=f"{customer}-{day}",
            properties={"channel": "web" if customer < 3 else "=cmd()", "total": 10 * customer},
        )
        for customer, days in ACTIVE.items()
        for day in days
    ]
    with transaction.atomic():
        facts.append(facts.as_columns(new), source_id=1)
    tail.catch_up(CONSUMER)


@pytest.fixture
def analyst(client: Client) -> Client:
    client.force_login(
        Agent.objects.create_user("ana@shop.example", role="analyst"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def test_the_five_kinds_of_the_worked_example_stand_side_by_side(analyst: Client, example: None) -> None:
    answer = analyst.get(EXAMPLE)
    assert {figure.kind: figure.rate for figure in answer.context["figures"]} == {
        "full": 0.2,
        "classic": 0.4,
        "rolling": 0.6,
        "return": 0.8,
        "bracket": 0.6,
    }


def test_one_cohort_can_be_looked_at_alone(analyst: Client, example: None) -> None:
    answer = analyst.get(EXAMPLE + "&cohort=2026-01-05")
    assert (answer.context["customers"], answer.context["cohort_name"]) == (5, "5 Jan 2026")
    nobody = analyst.get(EXAMPLE + "&cohort=2026-01-06")
    assert "No answer to this question" in nobody.content.decode()


def test_with_htmx_only_the_answer_comes(analyst: Client, example: None) -> None:
    part = analyst.get(EXAMPLE, headers={"HX-Request": "true"}).content.decode()
    assert 'id="answer"' in part
    assert "<html" not in part


def test_a_breakdown_shows_a_row_for_each_group(analyst: Client, example: None) -> None:
    answer = analyst.get(EXAMPLE + "&by=property:channel")
    assert [(row.name, row.size) for row in answer.context["segments"]] == [("=cmd()", 3), ("web", 2)]


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        ("zone=Mars/Olympus", "There is no such time zone"),
        ("since=2026-02-01&until=2026-01-01", "This ends before it begins"),
        ("begin=Never+Seen", "Select a valid choice"),
        ("begin_property=total&begin_operator=at+least&begin_value=many", "is not a number"),
        ("n=0", "greater than or equal to 1"),
        ("as_of=2999-01-01", "This day has not come yet"),
        ("begin_property_3=total&begin_operator_3=at+most&begin_value_3=few", "is not a number"),
        ("back_property_2=total&back_operator_2=at+most&back_value_2=few", "is not a number"),
    ],
)
def test_a_blank_that_cannot_be_used_says_why(analyst: Client, example: None, choice: str, says: str) -> None:
    answer = analyst.get("/retention/?" + choice)
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_a_question_that_contradicts_itself_is_refused_in_words(analyst: Client, example: None) -> None:
    answer = analyst.get("/retention/?as_of=1999-01-01")
    assert answer.status_code == 200
    assert "nothing had happened yet" in answer.content.decode()


def test_the_download_has_every_cell_and_runs_nothing(analyst: Client, example: None) -> None:
    lines = analyst.get("/retention/table.csv" + EXAMPLE[11:] + "&by=property:channel").content.decode().splitlines()
    assert lines[0].replace('"', "") == "kind,cohort,segment,period,at_risk,retained,rate,low,high,provisional"
    assert lines[1] == '"full",2026-01-05,"\'=cmd()",0,3,3,1,1,1,false'
    assert len(lines) > 100


def test_the_curves_come_as_a_specification_in_colour_roles(analyst: Client, example: None) -> None:
    spec = json.loads(analyst.get("/retention/curves.json" + EXAMPLE[11:]).content)
    assert spec["width"] == "container"
    assert "var(--color-classic)" in json.dumps(spec)


@pytest.mark.parametrize(("name", "begins"), [("curves.svg", b"<svg"), ("curves.png", b"\x89PNG")])
def test_the_curves_come_as_a_picture(analyst: Client, example: None, name: str, begins: bytes) -> None:
    answer = analyst.get(f"/retention/{name}" + EXAMPLE[11:])
    assert answer.content.startswith(begins)
    assert answer["Content-Disposition"].startswith("attachment")


def test_the_repeat_rate_is_told_by_orders_and_by_days(analyst: Client, example: None) -> None:
    with transaction.atomic():
        again = facts.NewFact(
            customer_id=5, name="Order Completed", occurred_at=START + timedelta(hours=2), message_id="again"
        )
        facts.append(facts.as_columns([again]), source_id=1)
    tail.catch_up(CONSUMER)
    answer = analyst.get("/retention/again/?zone=UTC")
    assert [(each.again, each.customers) for each in (answer.context["by_orders"], answer.context["by_days"])] == [
        (5, 5),
        (4, 5),
    ]


def test_an_empty_log_says_what_to_do(analyst: Client) -> None:
    assert "Nobody to follow yet" in analyst.get("/retention/").content.decode()


def test_nobody_reads_it_without_signing_in(client: Client, example: None) -> None:
    for path in ("", "again/", "curves.json", "table.csv", "curves.svg", "curves.png"):
        answer = client.get(f"/retention/{path}")
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/login/")


@pytest.mark.parametrize(
    ("joined", "conditions", "customers"),
    [
        ("and", ["total/at least/20", "total/at most/40"], 3),
        ("and", ["total/at least/20", "total/at most/40", "channel/is not/web"], 2),
        ("and", ["total/at least/20", "total/at most/40", "channel/is not/web", "total/is/40"], 1),
        ("or", ["channel/is/web", "total/at least/50"], 3),
        ("and", ["channel/is/web", "total/at least/50"], 0),
    ],
)
def test_up_to_four_conditions_narrow_what_begins(
    analyst: Client, example: None, joined: str, conditions: list[str], customers: int
) -> None:
    given = {"joined": joined}
    for end, said in zip(("", "_2", "_3", "_4"), conditions, strict=False):
        parts = dict(zip(("begin_property", "begin_operator", "begin_value"), said.split("/"), strict=True))
        given |= {name + end: part for name, part in parts.items()}
    answer = analyst.get(EXAMPLE, given | {"period": "day", "zone": "UTC", "as_of": "2026-02-01"})
    assert answer.context.get("customers", 0) == customers
    assert ("No answer to this question" in answer.content.decode()) == (customers == 0)


@pytest.mark.parametrize(
    ("narrowed", "full", "classic", "rolling", "back", "bracket"),
    [
        ("&back_property=total&back_operator=at+least&back_value=20", 0, 0.2, 0.4, 0.6, 0.4),
        ("&back_property=total&back_operator=at+least&back_value=20&back_property_2=channel&back_value_2=web"
         "&back_joined=and", 0, 0, 0.2, 0.2, 0),
        ("&back_property=total&back_value=10&back_property_2=total&back_value_2=40&back_joined=or",
         0.2, 0.4, 0.4, 0.4, 0.4),
        ("&back=Order+Completed&back_property=channel&back_operator=is+not&back_value=web", 0, 0.2, 0.2, 0.4, 0.4),
    ],
)  # fmt: skip
def test_conditions_narrow_what_counts_as_coming_back_and_not_who_began(
    analyst: Client,
    example: None,
    narrowed: str,
    full: float,
    classic: float,
    rolling: float,
    back: float,
    bracket: float,
) -> None:
    answer = analyst.get(EXAMPLE + narrowed)
    assert answer.context["customers"] == 5
    assert [figure.rate for figure in answer.context["figures"]] == [full, classic, rolling, back, bracket]


def test_windows_of_24_hours_are_told_apart_by_group_too(analyst: Client, example: None) -> None:
    calendar, personal = (
        {
            row.name: (row.size, [cell.rate for cell in row.cells][:5])
            for row in analyst.get("/retention/", {"period": period, "zone": "UTC", "as_of": "2026-02-01",
                                                   "by": "property:channel"}).context["segments"]
        }
        for period in ("day", "personal day")
    )  # fmt: skip
    assert calendar == personal  # everything in the example happens at noon
    assert set(personal) == {"=cmd()", "web"}


def test_many_groups_are_gathered_under_words(analyst: Client) -> None:
    new = [
        facts.NewFact(number, "Order Completed", START, f"{number}", {"source": f"s{number % 9}"} if number else {})
        for number in range(30)
    ]
    with transaction.atomic():
        facts.append(facts.as_columns(new), source_id=1)
    tail.catch_up(CONSUMER)
    rows = analyst.get("/retention/?period=day&zone=UTC&as_of=2026-02-01&by=property:source").context["segments"]
    assert sum(row.size for row in rows) == 30
    assert "all others" in {row.name for row in rows}
