"""Survival: who counts as gone, who is only known to have been there, and who is too new to tell."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from regulars.accounts.models import Agent
from regulars.customers.models import Customer
from regulars.kernel import clock
from tests.insights.shop import happened, known, order

START = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
# Days with an order; the last day of all is day 100, so with 30 days of silence the cut is day 70.
DAYS = {
    "once": [0],  # gone at once: stayed 0 days
    "left": [0, 20, 40],  # silent for 60 days: gone after 40
    "edge": [10, 70],  # silent for just 30 days: gone after 60
    "stays": [0, 50, 100],  # still there: known for 70 days
    "late": [60, 71],  # silent for 29 days only: known for 10 days
    "new": [71, 90],  # began after the cut
}
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop() -> dict[str, int]:
    ids = dict(zip(DAYS, known(len(DAYS)), strict=True))
    happened([order(ids[name], START + timedelta(days=day)) for name, days in DAYS.items() for day in days])
    return ids


@pytest.fixture
def analyst(client: Client) -> Client:
    agent = Agent.objects.create_user("ana@shop.example", role="analyst")
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_hand_worked_curve(analyst: Client, shop: dict[str, int]) -> None:
    """5 followed; 0: 1 of 5 gone; 10: one censored; 40: 1 of 3; 60: 1 of 2; 70: one censored."""
    found = analyst.get("/retention/survival/?days=30").context["answer"]
    curve = found.curves.curve
    assert [round(30.4375 * time) for time in curve.time] == [0, 10, 40, 60, 70]
    assert curve.at_risk.tolist() == [5, 4, 3, 2, 1]
    assert curve.lost_at.tolist() == [1, 0, 1, 1, 0]
    assert curve.censored_at.tolist() == [0, 1, 0, 0, 1]
    assert [round(float(share), 6) for share in curve.survival] == [0.8, 0.8, 0.533333, 0.266667, 0.266667]
    assert (found.customers, found.gone, found.too_new, found.once) == (5, 3, 1, 1)
    assert round(30.4375 * curve.median) == 60
    assert found.cut.isoformat() == "2026-03-12"


def test_how_often_the_definition_would_have_erred(analyst: Client, shop: dict[str, int]) -> None:
    """The pauses are 20, 20, 60, 50, 50, 11 and 19 days; three are longer than 30."""
    found = analyst.get("/retention/survival/?days=30").context["answer"]
    assert (found.pauses, found.longer_pauses) == (7, 3)


def test_a_merged_customer_is_one_person(analyst: Client, shop: dict[str, int]) -> None:
    Customer.objects.filter(pk=shop["once"]).update(merged_into=shop["new"])
    curve = analyst.get("/retention/survival/?days=30").context["answer"].curves.curve
    assert curve.customers == 5
    assert curve.lost == 2


def test_groups_stand_side_by_side_and_are_tested(analyst: Client, shop: dict[str, int]) -> None:
    for name, plan in (("once", "a"), ("left", "a"), ("edge", "a"), ("stays", "b"), ("late", "b"), ("new", "b")):
        Customer.objects.filter(pk=shop[name]).update(attributes={"plan": plan})
    answer = analyst.get("/retention/survival/?days=30&by=attribute:plan")
    assert [(group["name"], group["customers"], group["gone"]) for group in answer.context["groups"]] == [
        ("a", 3, 3),
        ("b", 2, 0),
    ]
    assert answer.context["answer"].test.observed.tolist() == [3, 0]
    assert "no more than chance allows" in answer.content.decode()


def test_the_address_restores_the_view_and_htmx_gets_the_answer_alone(analyst: Client, shop: dict[str, int]) -> None:
    whole = analyst.get("/retention/survival/?days=45").content.decode()
    assert 'value="45"' in whole
    part = analyst.get("/retention/survival/?days=45", headers={"HX-Request": "true"}).content.decode()
    assert 'id="answer"' in part
    assert "<html" not in part


def test_the_files_hold_the_curve(analyst: Client, shop: dict[str, int]) -> None:
    lines = list(csv.DictReader(io.StringIO(analyst.get("/retention/survival/table.csv?days=30").content.decode())))
    assert [line["at_risk"] for line in lines] == ["5", "4", "3", "2", "1"]
    assert analyst.get("/retention/survival/curves.json?days=30").json()["width"] == "container"
    assert analyst.get("/retention/survival/curves.svg?days=30").content.startswith(b"<svg")
    assert analyst.get("/retention/survival/curves.png?days=30").content.startswith(b"\x89PNG")


def test_what_cannot_be_asked_is_refused_in_words(analyst: Client, shop: dict[str, int]) -> None:
    nobody = analyst.get("/retention/survival/?days=365").content.decode()
    assert "Choose fewer days of silence" in nobody
    assert analyst.get("/retention/survival/?days=0").status_code == 422
    assert analyst.get("/retention/survival/table.csv?days=365").status_code == 422


def test_an_empty_log_says_what_to_do(analyst: Client) -> None:
    assert "Nobody to follow yet" in analyst.get("/retention/survival/").content.decode()


def test_nobody_reads_it_without_signing_in(client: Client) -> None:
    for path in ("", "curves.json", "table.csv", "curves.svg", "curves.png"):
        assert client.get(f"/retention/survival/{path}").status_code == 302


def test_the_page_asks_the_database_equally_often_however_many_there_are(
    analyst: Client, shop: dict[str, int], django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    with clock.frozen(START + timedelta(days=101)), django_assert_max_num_queries(18):  # type: ignore[operator]
        analyst.get("/retention/survival/?days=30")
