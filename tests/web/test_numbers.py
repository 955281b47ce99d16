"""The Numbers page and the settings of hours and targets."""

import csv
import io
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from regulars.accounts.actions import teams
from regulars.accounts.models import Agent
from regulars.channels.models import Channel
from regulars.customers.models import Customer
from regulars.desk.actions import episodes, field_definitions, policies
from regulars.desk.models import Conversation, Episode
from regulars.desk.models import Policy as Version
from regulars.desk.selectors.numbers import drilling
from regulars.desk.selectors.policies import in_force
from regulars.desk.targets import Target
from regulars.insights import reporting
from regulars.insights.errors import NoSuchReport
from regulars.insights.models import Report
from regulars.kernel import clock, page_settings
from regulars.kernel.actors import SYSTEM
from regulars.web.numbers import reports
from regulars.web.settings.forms import CompanyForm
from regulars.web.tasks import mail_report
from tests.customers.cast import make_customer
from tests.desk.acting import POLICY, answer, asked
from tests.desk.cast import make_agent, make_mailbox
from tests.desk.telling import at
from tests.jobs_waiting import arguments_of

pytestmark = pytest.mark.django_db
MARCH = "since=2026-03-01&until=2026-03-31&time=business"


@pytest.fixture
def ada(db: None) -> Customer:
    return make_customer("Ada Moreno", email="ada@example.com", external="u-1")


@pytest.fixture
def mailbox(db: None) -> Channel:
    return make_mailbox()


def signed_in(client: Client, role: str) -> Agent:
    agent = make_agent(role.title(), role=role)
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    return agent


@pytest.fixture(autouse=True)
def berlin(db: None) -> None:
    """Where the company is."""
    page_settings.change("time_zone", "Europe/Berlin", by=SYSTEM)


@pytest.fixture
def answered(ada: Customer, mailbox: Channel) -> Conversation:
    """Asked on Monday at 10:00 and answered at 10:30 by Ines, with targets; another one still waits."""
    with clock.frozen(at("2026-03-01 12:00")):
        policies.keep(POLICY, seen=0, by=SYSTEM)
    held, waits = asked("10:00", ada, mailbox), asked("2026-03-03 09:00", ada, mailbox)
    answer("10:30", held, make_agent("Ines"))
    episodes.refold([held.pk, waits.pk])
    return held


def test_the_page_says_each_figure_with_its_n(client: Client, answered: Conversation) -> None:
    signed_in(client, "analyst")
    with clock.frozen(at("2026-03-20 12:00")):
        page = client.get(f"/numbers/?{MARCH}")
    first = page.context["lines"][0]
    assert (first.median, first.ninetieth, first.mean, first.n) == ("30 min", "30 min", "30 min", 1)
    assert (first.kept.kept, first.kept.broken, first.kept.open_broken) == (1, 1, 1)
    assert (page.context["volume"].began, page.context["left"]) == (2, 2)
    assert "n = 1" in page.content.decode()


def test_without_conversations_it_says_so(client: Client) -> None:
    signed_in(client, "analyst")
    page = client.get("/numbers/")
    assert page.status_code == 200
    assert "No conversations in these days" in page.content.decode()


def test_the_page_asks_the_database_a_fixed_number_of_times(
    client: Client, answered: Conversation, django_assert_max_num_queries: Any
) -> None:
    signed_in(client, "analyst")
    client.get(f"/numbers/?{MARCH}")
    with django_assert_max_num_queries(40):
        client.get(f"/numbers/?{MARCH}&by=agent")


def test_with_htmx_only_the_answer_comes(client: Client, answered: Conversation) -> None:
    signed_in(client, "analyst")
    part = client.get(f"/numbers/?{MARCH}&by=agent", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="answer"')
    assert "Ines" in part


@pytest.mark.parametrize(
    "wrong", ["last=own", "since=2026-03-02&until=2026-03-01", "since=x", "step=hour", "by=mood", "since=1990-01-01"]
)
def test_what_cannot_be_asked_is_said(client: Client, wrong: str) -> None:
    signed_in(client, "analyst")
    assert client.get(f"/numbers/?{wrong}").status_code == 422
    assert client.get(f"/numbers/table.csv?{wrong}").status_code == 422


def test_every_number_leads_to_its_conversations(client: Client, answered: Conversation) -> None:
    agent = signed_in(client, "agent")
    assert agent.role == "agent"
    behind = client.get(f"/numbers/conversations/?{MARCH}&measure=first")
    assert [each["row"].conversation_id for each in behind.context["rows"]] == [answered.pk]
    assert f"/inbox/conversations/{answered.pk}/" in behind.content.decode()
    assert "Where is my order?" in behind.content.decode()
    group = client.get(f"/numbers/conversations/?{MARCH}&measure=first&by=agent&of==")
    assert group.context["n"] == 0
    day = client.get(f"/numbers/conversations/?{MARCH}&measure=began&at=2026-03-02")
    assert day.context["n"] == 1


def test_who_only_sees_figures_sees_no_subjects(client: Client, answered: Conversation) -> None:
    signed_in(client, "analyst")
    text = client.get(f"/numbers/conversations/?{MARCH}&measure=first").content.decode()
    assert f"#{answered.pk}" in text
    assert "Where is my order?" not in text
    assert "/inbox/conversations/" not in text


def test_workload_leads_to_what_somebody_did(client: Client, answered: Conversation) -> None:
    signed_in(client, "analyst")
    page = client.get(f"/numbers/?{MARCH}")
    ines = Agent.objects.get(name="Ines").pk
    assert f"measure=load+answered&amp;of=%3D{ines}" in page.content.decode()
    behind = client.get(f"/numbers/conversations/?{MARCH}&measure=load+answered&of=%3D{ines}")
    assert [each["row"].conversation_id for each in behind.context["rows"]] == [answered.pk]
    assert behind.context["group_name"] == "Ines"


@pytest.mark.parametrize(
    "wrong",
    [
        "measure=load+answered",
        "measure=load+answered&of=%3Dx",
        "measure=guess",
        "measure=first&of==3",
        "measure=began&at=yesterday",
        "",
    ],
)
def test_a_number_that_is_none_is_refused(client: Client, answered: Conversation, wrong: str) -> None:
    signed_in(client, "analyst")
    assert client.get(f"/numbers/conversations/?{MARCH}&{wrong}").status_code == 422


def test_the_table_has_every_figure_in_seconds(client: Client, answered: Conversation) -> None:
    signed_in(client, "analyst")
    with clock.frozen(at("2026-03-20 12:00")):
        text = client.get(f"/numbers/table.csv?{MARCH}&by=priority").content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["part"], row["name"], row["began"], row["first_median_seconds"]) for row in rows] == [
        ("all", "", "2", "1800.0"),
        ("day", "2026-03-02", "1", "1800.0"),
        ("day", "2026-03-03", "1", ""),
        ("priority", "Normal", "2", "1800.0"),
        ("workload", "Ines", "", ""),
    ]
    load = ("load_answered", "load_resolved", "load_open_now")
    assert [rows[-1][name] for name in load] == ["1", "0", "1"]
    assert [rows[0][name] for name in load] == ["", "", ""]
    assert (rows[0]["first_kept"], rows[0]["first_broken"], rows[0]["first_broken_open"]) == ("1", "1", "1")


def test_the_table_has_the_bots_time(client: Client, answered: Conversation) -> None:
    Episode.objects.filter(conversation=answered).update(bot_seconds=90, bot_business_seconds=60)
    signed_in(client, "analyst")
    text = client.get(f"/numbers/table.csv?{MARCH}").content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    figures = ("bot_n", "bot_median_seconds", "bot_p90_seconds", "bot_mean_seconds")
    assert [rows[0][name] for name in figures] == ["1", "60.0", "60.0", "60.0"]
    assert [rows[2][name] for name in figures] == ["0", "", "", ""]


def test_figures_are_narrowed_to_one_kind(client: Client, answered: Conversation) -> None:
    Episode.objects.filter(conversation=answered).update(kind="account")
    signed_in(client, "analyst")
    page = client.get(f"/numbers/?{MARCH}&kind=account")
    assert (page.context["volume"].began, page.context["form"].is_narrowed) == (1, True)
    assert [blank.name for blank in page.context["form"].blanks if blank.name == "kind"] == ["kind"]
    behind = client.get(f"/numbers/conversations/?{MARCH}&kind=account&measure=began")
    assert [each["row"].conversation_id for each in behind.context["rows"]] == [answered.pk]
    assert behind.context["only"] == ["Kind: Account"]
    assert client.get(f"/numbers/?{MARCH}&kind=mood").status_code == 422


def test_what_is_behind_a_number_goes_on_page_by_page_and_is_whole_as_a_file(
    client: Client, answered: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drilling.Drill.page, "__kwdefaults__", {"after": None, "before": None, "most": 1})
    monkeypatch.setattr(drilling, "AT_ONCE", 1)
    signed_in(client, "analyst")
    address = f"/numbers/conversations/?{MARCH}&measure=began"
    other = Conversation.objects.exclude(pk=answered.pk).get()
    first = client.get(address)
    second = client.get(f"{address}&after={first.context['next']}")
    again = client.get(f"{address}&before={second.context['before']}")
    assert [[each["row"].conversation_id for each in page.context["rows"]] for page in (first, second, again)] == [
        [answered.pk], [other.pk], [answered.pk],
    ]  # fmt: skip
    assert [page.context["n"] for page in (first, second, again)] == [2, 2, 2]
    assert [page.context["before"] is None for page in (first, second, again)] == [True, False, True]
    assert [page.context["next"] is None for page in (first, second, again)] == [False, True, False]
    there = f'href="?{MARCH.replace("&", "&amp;")}&amp;measure=began&amp;after={first.context["next"]}"'
    assert there in first.content.decode()
    assert "2 to 2 of 2" in second.content.decode()
    for wrong in ("-1", "x", "W10", "WzEsMl0", first.context["next"][:-9]):
        assert client.get(f"{address}&after={wrong}").status_code == 422
    kept = client.get(f"/numbers/conversations.csv?{MARCH}&measure=began&after={first.context['next']}")
    rows = list(csv.DictReader(io.StringIO(kept.getvalue().decode())))  # type: ignore[attr-defined]  # it streams
    assert [(row["conversation"], row["episode"], row["seconds"]) for row in rows] == [
        (str(answered.pk), "1", ""), (str(other.pk), "1", ""),
    ]  # fmt: skip


def test_charts_are_drawn_for_the_page_and_as_pictures(client: Client, answered: Conversation) -> None:
    signed_in(client, "analyst")
    drawn = json.loads(client.get(f"/numbers/lasting.json?{MARCH}").content)
    assert drawn["data"]["values"] == [{"step": "2026-03-02", "kind": "First response", "hours": 0.5, "n": 1}]
    volume = json.loads(client.get(f"/numbers/volume.json?{MARCH}").content)
    assert [value["began"] for value in volume["data"]["values"]] == [1, 1]
    assert client.get(f"/numbers/volume.svg?{MARCH}").content.startswith(b"<svg")
    assert client.get(f"/numbers/lasting.png?{MARCH}").content.startswith(b"\x89PNG")
    assert client.get(f"/numbers/other.json?{MARCH}").status_code == 404


HOURS = {
    "name": "Office", "zone": "Europe/Berlin", "country": "DE", "subdivision": "by",
    **{f"day{number}": "09:00-12:30, 13:30-17:00" for number in range(5)},
    "special": "2026-12-24 09:00-12:00: Christmas Eve\n2026-12-31",
}  # fmt: skip


def test_a_manager_sets_hours_then_targets(client: Client, mailbox: Channel) -> None:
    signed_in(client, "manager")
    assert client.get("/settings/targets/new/").url == "/settings/targets/hours/new/"  # type: ignore[attr-defined]
    assert client.post("/settings/targets/hours/new/", HOURS).status_code == 302
    kept = in_force().policy
    assert (kept.usual, kept.hours["Office"].subdivision) == ("Office", "BY")
    assert [(day.on.isoformat(), day.name) for day in kept.hours["Office"].special] == [
        ("2026-12-24", "Christmas Eve"),
        ("2026-12-31", ""),
    ]
    asked = {"name": "Urgent", "hours": "Office", "first": "30 min", "resolution": "1 h 30", "priorities": ["1"],
             "channels": [str(mailbox.pk)], "labels": "VIP, press"}  # fmt: skip
    assert client.post("/settings/targets/new/", asked).status_code == 302
    assert client.post("/settings/targets/new/", {"name": "All", "hours": "Office", "first": "240"}).status_code == 302
    first, second = in_force().policy.targets
    assert (first.seconds, first.priorities, first.labels) == (
        {"first": 1800, "resolution": 5400}, frozenset({1}), frozenset({"VIP", "press"}),
    )  # fmt: skip
    assert second.seconds == {"first": 14_400}
    assert client.post("/settings/targets/1/rise/").status_code == 302
    assert [target.name for target in in_force().policy.targets] == ["All", "Urgent"]
    assert client.post("/settings/targets/0/removal/").status_code == 302
    assert [target.name for target in in_force().policy.targets] == ["Urgent"]
    page = client.get("/settings/targets/").content.decode()
    assert "Urgent" in page and "30 min" in page and "1 h 30 min" in page


def test_changing_a_target_keeps_which_kind_it_is_for(client: Client) -> None:
    signed_in(client, "manager")
    target = Target("Accounts", "office", {"first": 3600}, kinds=frozenset({"account"}))
    policies.keep(replace(POLICY, targets=(target,)), seen=0, by=SYSTEM)
    assert "Account</span>" in client.get("/settings/targets/").content.decode()
    typed = client.get("/settings/targets/0/").context["form"].initial
    assert client.post("/settings/targets/0/", {**typed, "first": "61 min"}).status_code == 302
    assert in_force().policy.targets == (replace(target, seconds={"first": 3660}),)
    assert client.post("/settings/targets/0/", {**typed, "kinds": ["mood"]}).status_code == 200
    assert in_force().policy.targets == (replace(target, seconds={"first": 3660}),)


def test_changing_a_target_of_a_team_that_was_put_away_does_not_make_it_one_of_everybody(client: Client) -> None:
    signed_in(client, "manager")
    repairs = teams.create("Repairs", by=SYSTEM)
    target = Target("Repairs", "office", {"first": 3600}, teams=frozenset({repairs.pk}))
    policies.keep(replace(POLICY, targets=(target,)), seen=0, by=SYSTEM)
    teams.archive(repairs.pk, by=SYSTEM)
    form = client.get("/settings/targets/0/").context["form"]
    shown = [(box.data["label"], box.data["selected"], box.data["value"]) for box in form["teams"]]
    assert shown == [("one that is gone", True, str(repairs.pk))]
    typed = {**form.initial, "first": "61 min"}
    assert client.post("/settings/targets/0/", typed).status_code == 302
    assert in_force().policy.targets == (replace(target, seconds={"first": 3660}),)
    assert client.post("/settings/targets/0/", {**typed, "teams": []}).status_code == 302
    assert in_force().policy.targets == (replace(target, seconds={"first": 3660}, teams=frozenset()),)


def test_hours_that_something_counts_by_stay(client: Client) -> None:
    signed_in(client, "manager")
    client.post("/settings/targets/hours/new/", HOURS)
    client.post("/settings/targets/new/", {"name": "All", "hours": "Office", "first": "4 h"})
    before = in_force()
    page = client.post("/settings/targets/hours/0/removal/", follow=True)
    assert "A target counts by these hours" in page.content.decode()
    assert in_force() == before


def test_renamed_hours_keep_their_targets(client: Client) -> None:
    signed_in(client, "manager")
    client.post("/settings/targets/hours/new/", HOURS)
    client.post("/settings/targets/new/", {"name": "All", "hours": "Office", "first": "4 h"})
    client.post("/settings/targets/hours/0/", HOURS | {"name": "Shop"})
    now = in_force().policy
    assert (list(now.hours), now.usual, now.targets[0].hours) == (["Shop"], "Shop", "Shop")


def test_the_second_of_two_who_change_at_once_is_told(client: Client) -> None:
    signed_in(client, "manager")
    client.post("/settings/targets/hours/new/", HOURS)
    seen = in_force().number
    client.post("/settings/targets/hours/0/", HOURS | {"day5": "10:00-14:00", "seen": seen})
    late = client.post("/settings/targets/hours/0/", HOURS | {"day6": "10:00-14:00", "seen": seen})
    assert "Somebody changed the hours or targets a moment ago" in late.content.decode()
    assert [len(day) for day in in_force().policy.hours["Office"].week] == [2, 2, 2, 2, 2, 1, 0]


@pytest.mark.parametrize(
    ("field", "typed"),
    [("day0", "nine"), ("zone", "Mars/Base"), ("subdivision", "QQ"), ("special", "Christmas"), ("name", "")],
)
def test_hours_that_cannot_be_read_change_nothing(client: Client, field: str, typed: str) -> None:
    signed_in(client, "manager")
    page = client.post("/settings/targets/hours/new/", HOURS | {field: typed})
    assert list(page.context["form"].errors) == [field]
    assert not Version.objects.exists()


@pytest.mark.parametrize("typed", [{"first": "soon"}, {}, {"first": "10000 h"}, {"first": "4 h", "hours": "Night"}])
def test_targets_that_cannot_be_kept_change_nothing(client: Client, typed: dict[str, str]) -> None:
    signed_in(client, "manager")
    client.post("/settings/targets/hours/new/", HOURS)
    page = client.post("/settings/targets/new/", {"name": "All", "hours": "Office", **typed})
    assert page.status_code == 200
    assert page.context["form"].errors
    assert in_force().policy.targets == ()


def test_agents_do_not_change_what_is_promised(client: Client) -> None:
    signed_in(client, "agent")
    for address in ("/settings/targets/", "/settings/targets/new/", "/settings/targets/hours/new/"):
        assert client.get(address).status_code == 403
    assert client.post("/settings/targets/hours/new/", HOURS).status_code == 403
    assert not Version.objects.exists()


def test_a_report_comes_every_monday_about_the_days_before(
    client: Client, answered: Conversation, mailoutbox: list[Any]
) -> None:
    analyst = signed_in(client, "analyst")
    with clock.frozen(at("2026-03-04 12:00")):
        assert client.post("/numbers/reports/", {"question": "last=7&by=priority", "every": "week"}).status_code == 302
    report = Report.objects.get()
    assert (report.agent_id, report.next_at) == (analyst.pk, at("2026-03-09 07:00"))
    with clock.frozen(at("2026-03-09 06:59")):
        assert reporting.send_due() == 0
    with clock.frozen(at("2026-03-09 07:01")):
        assert [reporting.send_due(), reporting.send_due()] == [1, 0]
        asked = arguments_of(reporting.MAIL)[-1]
        mail_report(**asked)
        mail_report(**asked)  # a job may run twice
    report.refresh_from_db()
    assert report.next_at == at("2026-03-16 07:00")
    (letter,) = mailoutbox
    assert letter.to == [analyst.email]
    assert letter.subject == "Regulars: the figures from March 2, 2026 to March 8, 2026"
    assert "First response: median 30 min, one in ten over 30 min, mean 30 min, n = 1" in letter.body
    assert "in target 50.0" in letter.body
    assert "Normal: 2 began; first response 30 min" in letter.body
    assert "/numbers/?last=7&by=priority" in letter.body


def test_a_report_is_stopped_by_whom_it_goes_to_alone(client: Client) -> None:
    signed_in(client, "analyst")
    client.post("/numbers/reports/", {"question": "last=7", "every": "day"})
    client.post("/numbers/reports/", {"question": "last=7", "every": "month"})
    report = Report.objects.get()
    assert report.every == "month"
    signed_in(client, "manager")
    assert client.post(f"/numbers/reports/{report.pk}/removal/").status_code == 404
    with pytest.raises(NoSuchReport):
        reporting.stop(report.pk, by=SYSTEM)
    client.force_login(report.agent, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(f"/numbers/reports/{report.pk}/removal/").status_code == 302
    assert not Report.objects.exists()


def test_who_may_not_see_figures_any_more_gets_no_report(client: Client, mailoutbox: list[Any]) -> None:
    analyst = signed_in(client, "analyst")
    client.post("/numbers/reports/", {"question": "last=7", "every": "day"})
    Agent.objects.filter(pk=analyst.pk).update(deactivated_at=clock.now())
    assert not reports.mail(Report.objects.get().pk)
    assert mailoutbox == []


@pytest.mark.parametrize("wrong", [{"question": "step=hour", "every": "day"}, {"question": "", "every": "hour"}])
def test_a_report_that_makes_no_sense_is_refused(client: Client, wrong: dict[str, str]) -> None:
    signed_in(client, "analyst")
    assert client.post("/numbers/reports/", wrong).status_code == 422
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("every", "after", "then"),
    [
        ("day", "2026-03-28 07:00", "2026-03-29 07:00"),
        ("day", "2026-03-29 06:59", "2026-03-29 07:00"),
        ("week", "2026-03-30 07:00", "2026-04-06 07:00"),
        ("month", "2026-03-01 07:00", "2026-04-01 07:00"),
        ("month", "2026-12-31 23:00", "2027-01-01 07:00"),
    ],
)
def test_a_report_is_due_in_the_companys_morning(every: str, after: str, then: str) -> None:
    assert reporting.next_time(every, after=at(after)) == at(then)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-20T12:00Z", "2026-12-01T07:00-08:00"),  # not the evening before, and once more in the morning
        ("2026-11-30T18:30Z", "2027-01-01T07:00+13:00"),  # it came half an hour ago, on the old morning
    ],
)
def test_a_report_keeps_to_the_morning_where_the_company_moved_to(now: str, then: str, client: Client) -> None:
    page_settings.change("time_zone", "Pacific/Auckland", by=SYSTEM)
    with clock.frozen(datetime.fromisoformat(now)):
        report = reporting.wish("numbers", "", every="month", by=signed_in(client, "owner").actor)
        zone = {**page_settings.values(*CompanyForm.base_fields), "time_zone": "America/Los_Angeles"}
        assert client.post("/settings/company/", zone).status_code == 302
    report.refresh_from_db()
    assert report.next_at == datetime.fromisoformat(then)


def test_the_companys_own_choices_tell_conversations_apart(client: Client, answered: Conversation) -> None:
    choices = [{"label": "Came late"}, {"label": "Never came"}]
    reason = field_definitions.define("Reason", "choice", choices=choices, by=SYSTEM)
    late = reason.choices[0]["key"]
    field_definitions.define("Notes", "long text", by=SYSTEM)
    Conversation.objects.filter(pk=answered.pk).update(fields={reason.key: late})
    signed_in(client, "analyst")
    page = client.get(f"/numbers/?{MARCH}&by=field+{reason.key}")
    assert [(row.name, row.volume.began) for row in page.context["groups"]] == [("Came late", 1), ("none", 1)]
    assert "By Reason" in page.content.decode()
    assert client.get(f"/numbers/?{MARCH}&by=field+notes").status_code == 422
    behind = client.get(f"/numbers/conversations/?{MARCH}&by=field+{reason.key}&measure=first&of=={late}")
    assert [each["row"].conversation_id for each in behind.context["rows"]] == [answered.pk]
    assert behind.context["group_name"] == "Came late"
    rows = list(
        csv.reader(io.StringIO(client.get(f"/numbers/table.csv?{MARCH}&by=field+{reason.key}").content.decode()))
    )
    assert [row[:3] for row in rows[-3:-1]] == [
        [f"field {reason.key}", "none", "1"],
        [f"field {reason.key}", "Came late", "1"],
    ]


def test_figures_are_narrowed_to_one_choice_of_a_field_in_every_form(
    client: Client, answered: Conversation, mailoutbox: list[Any]
) -> None:
    reason = field_definitions.define("Reason", "choice", choices=[{"label": "Came late"}], by=SYSTEM)
    late = reason.choices[0]["key"]
    Conversation.objects.filter(pk=answered.pk).update(fields={reason.key: late})
    analyst = signed_in(client, "analyst")
    address = f"{MARCH}&field_{reason.key}={late}"
    page = client.get(f"/numbers/?{address}")
    assert (page.context["volume"].began, page.context["form"].is_narrowed) == (1, True)
    assert f"field_{reason.key}={late}&amp;measure=began" in page.content.decode()
    behind = client.get(f"/numbers/conversations/?{address}&measure=began")
    assert [each["row"].conversation_id for each in behind.context["rows"]] == [answered.pk]
    assert "Reason: Came late" in behind.content.decode()
    rows = list(csv.reader(io.StringIO(client.get(f"/numbers/table.csv?{address}").content.decode())))
    assert rows[1][:3] == ["all", "", "1"]
    client.post("/numbers/reports/", {"question": address, "every": "week"})
    (report,) = reporting.wished_by(analyst.pk, page="numbers")
    assert "Reason: Came late" in client.get("/numbers/").content.decode()
    assert reports.mail(report.pk)
    assert "Only Reason: Came late." in mailoutbox[0].body
    field_definitions.retire(reason.pk, is_retired=True, by=SYSTEM)
    assert client.get(f"/numbers/?{address}").status_code == 422  # not the figures of everything
    assert not reports.mail(report.pk)
    assert "there no more" in client.get("/numbers/").content.decode()
