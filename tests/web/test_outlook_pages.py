"""At risk, the model card and a customer's outlook: what was learnt, in words a person can use."""

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from regulars.accounts.models import Agent
from regulars.customers.actions import traits
from regulars.customers.models import Customer, Trait
from regulars.insights.models import ScoreRun
from regulars.insights.scoring import running
from regulars.insights.selectors import scores
from regulars.insights.sentences import put_down
from regulars.kernel import clock
from regulars.web.customers.outlook import outlook
from tenure.risk.sentences import note
from tests.insights.shop import NOW, known, open_shop

pytestmark = pytest.mark.django_db(transaction=True)


def signed_in(client: Client, role: str) -> Client:
    agent = Agent.objects.create_user(f"{role}@shop.example", role=role)
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def manager(client: Client) -> Client:
    return signed_in(client, "manager")


def stakes(*amounts: int) -> list[int]:
    """Customers with so much at stake each, in cents."""
    ids = known(len(amounts))
    money = [{"amount": amount, "low": amount - 1, "high": amount + 1, "currency": "EUR"} for amount in amounts]
    rows = [traits.NewTrait(pk, value["amount"], value) for pk, value in zip(ids, money, strict=True)]
    traits.write("stake", rows, as_of=NOW)
    return ids


def said_before() -> None:
    """Three nights of hindsight, two of them in one week; the newest run alarms."""
    newest = ScoreRun.objects.get(kind="risk")
    for night, day in enumerate(("2024-01-01", "2024-01-08", "2024-01-10")):
        auc = {"value": 0.8, "low": 0.7, "high": 0.9} if night else None
        found = {
            "scored_at": f"{day}T03:00:00+00:00", "rows": 400 + night, "predicted": 0.3 + night / 100,
            "happened": 0.25, "low": 0.2, "high": 0.3, "auc": auc,
            "alarms": [put_down(note("too-timid", slope="1.40"))], "notes": [],
        }  # fmt: skip
        as_of = NOW - timedelta(days=2 - night, seconds=1)
        ScoreRun.objects.create(kind="risk", as_of=as_of, model=newest.model, summary={"hindsight": found})
    newest.summary |= {"hindsight": found, "drift": []}
    newest.save()


def test_what_was_learnt_stands_on_three_pages(manager: Client) -> None:
    open_shop()
    with clock.frozen(NOW):
        running.learn()
        listed = manager.get("/retention/at-risk/?who=all")
        worked = manager.get("/retention/at-risk/")
        card = manager.get("/retention/model-card/").content.decode()
        top = listed.context["rows"][0]["customer"]
        profile = manager.get(f"/customers/{top.id}/").content.decode()
        chart = manager.get("/retention/model-card/calibration.json").json()
        nothing_yet = manager.get("/retention/model-card/over-time.json")
        said_before()
        later = manager.get("/retention/model-card/")
        over_time = manager.get("/retention/model-card/over-time.json").json()
    assert nothing_yet.status_code == 404
    assert [(line.rows, line.predicted) for line in later.context["before"]] == [(402, 0.32), (400, 0.3)]
    assert "The risks were too timid (calibration slope 1.40)." in later.content.decode()
    assert over_time["width"] == "container"
    assert "Nothing it learnt from says outright who left." in card
    assert "At risk is who ordered within the 90 days before" in card
    assert listed.context["scored"] == Trait.objects.filter(name="risk").count()
    found = [line["stake"]["amount"].minor for line in listed.context["rows"]]
    assert found == sorted(found, reverse=True)
    assert listed.context["at_stake"].minor == sum(Trait.objects.filter(name="stake").values_list("number", flat=True))
    above = [line["risk"]["probability"] for line in worked.context["rows"]]
    newest = scores.risk()
    assert newest is not None
    assert min(above) >= newest.usual
    assert worked.context["listed"] == Trait.objects.filter(name="risk", number__gte=newest.usual).count()
    assert f"{worked.context['listed']} customers" in worked.content.decode()
    assert "Only how long ago the last order was" in card
    assert "Only when orders came: still a customer?" in card
    assert "in use" in card and "to compare with" in card
    assert "of 100 such pairs the one who left had the higher risk" in card
    assert "The first predictions can be held against what happened from" in card
    assert chart["width"] == "container"
    risk = Trait.objects.get(customer=top.id, name="risk").value
    assert f"about <b>{round(100 * risk['probability'])}</b> place no order" in profile
    assert "likely to leave" in profile
    assert "Estimated from customers who ordered alike" in profile
    assert said_of(Trait.objects.get(customer=top.id, name="survival").value)[0] in profile


def test_how_long_people_like_this_one_stay_is_said_without_statistics() -> None:
    line = {"by": "channel", "group": "web", "step": 15, "n": 90, "ahead": 12, "share": 0.624, "low": 0.55,
            "high": 0.684, "median": 20.4}  # fmt: skip
    assert said_of(line) == [
        "Of 100 customers who stayed at least 14 months (channel of the first order: web), about 62 are still customers"
        " a year later (55 to 68).",
        "Half of them stay at least another 20 months.",
    ]
    assert said_of(line | {"by": None, "group": None, "step": 0, "ahead": 3, "median": None}) == [
        "Of 100 customers after their first order, about 62 are still customers 3 months later (55 to 68)."
    ]
    assert said_of({"gone_since": "2025-05-03", "silence": 90}) == [
        "No order since May 3, 2025. After 90 days without one, somebody counts as gone here."
    ]


def said_of(value: dict[str, Any]) -> list[str]:
    found = outlook([Trait(name="survival", value=value, as_of=NOW)])
    assert found is not None
    return found["stays"]


def test_the_list_goes_on_where_it_ended_and_names_nobody_twice(manager: Client) -> None:
    ids = stakes(*([500] * 30), *range(1000, 1040))
    ScoreRun.objects.create(kind="risk", as_of=NOW, refusal="Not yet.")
    first = manager.get("/retention/at-risk/?sort=stake")
    more = re.search(r"after=([^\"&]+)", first.context["more"])
    assert more is not None
    rest = manager.get(f"/retention/at-risk/?sort=stake&after={more[1]}", headers={"HX-Request": "true"})
    shown = [line["customer"].id for line in first.context["rows"]]
    shown += [int(pk) for pk in re.findall(r'class="named" href="/customers/(\d+)/"', rest.content.decode())]
    assert sorted(shown) == sorted(ids)
    assert "data-more" not in rest.content.decode()


@pytest.mark.parametrize("after", ["x", "1~", "~", "1e999~x"])
def test_a_place_in_the_list_that_makes_no_sense_is_refused(manager: Client, after: str) -> None:
    assert manager.get(f"/retention/at-risk/?after={after}").status_code == 422


def test_the_list_and_its_file_can_be_asked_for_the_likelier_half(
    manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, musa, ines = known(3)
    for pk, risk in ((ada, 0.2), (musa, 0.45), (ines, 0.8)):
        traits.write("risk", [traits.NewTrait(pk, risk, {"probability": risk, "usual": 0.4})], as_of=NOW)
    ScoreRun.objects.create(kind="risk", as_of=NOW, model={"card": {}})
    monkeypatch.setattr(scores.Learnt, "usual", property(lambda learnt: 0.4))
    for who, shown in (("above", [ines, musa]), ("half", [ines]), ("all", [ines, musa, ada]), ("", [ines, musa, ada])):
        file = manager.get(f"/retention/at-risk/table.csv?sort=risk&who={who}").content.decode()
        assert [int(line["customer_id"]) for line in csv.DictReader(io.StringIO(file))] == shown


def test_where_nothing_could_be_learnt_the_pages_say_why(manager: Client) -> None:
    for path in ("/retention/at-risk/", "/retention/model-card/"):
        assert "Nothing learnt yet" in manager.get(path).content.decode()
    ScoreRun.objects.create(kind="risk", as_of=NOW, refusal="The facts reach over 3 days.")
    for path in ("/retention/at-risk/", "/retention/model-card/"):
        assert "The facts reach over 3 days." in manager.get(path).content.decode()
    assert manager.get("/retention/model-card/lift.json").status_code == 404


def test_the_file_holds_everybody_and_runs_nothing(manager: Client) -> None:
    ada, _ = stakes(500, 700)
    Customer.objects.filter(pk=ada).update(name="=cmd()")
    lines = list(csv.DictReader(io.StringIO(manager.get("/retention/at-risk/table.csv").content.decode())))
    assert [(line["name"], line["stake"]) for line in lines] == [("c1", "7.00"), ("'=cmd()", "5.00")]


@pytest.mark.parametrize(("role", "status"), [("agent", 200), ("analyst", 403)])
def test_numbers_about_persons_are_for_those_who_may_see_persons(client: Client, role: str, status: int) -> None:
    assert signed_in(client, role).get("/retention/at-risk/").status_code == status
    assert client.get("/retention/at-risk/table.csv").status_code == 403


def test_the_list_asks_the_database_equally_often_however_long_it_is(
    manager: Client, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    stakes(*range(100, 150))
    with django_assert_max_num_queries(14):  # type: ignore[operator]  # a fixture that is a function
        manager.get("/retention/at-risk/?sort=stake")
