"""The inbox's left half: views, the list, who sees what, and how many queries it takes."""

import json
import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils.html import strip_tags

from regulars.accounts.actions import teams
from regulars.accounts.models import Agent
from regulars.customers.models import Customer
from regulars.desk.actions import assignments, conversations, indexing, labels, states, views
from regulars.desk.models import View
from regulars.desk.selectors import searching
from regulars.desk.selectors.views import saved
from regulars.kernel.actors import SYSTEM
from regulars.web.desk import condition_form
from tests.customers.cast import make_customer
from tests.desk.cast import ask, make_agent, make_mailbox

pytestmark = pytest.mark.django_db
QUERIES = 7  # of a whole page: session with the look at the house, agent, saved views, keys, rows, labels, counts


@pytest.fixture
def ines() -> Agent:
    return make_agent("Ines")


@pytest.fixture
def ada() -> Customer:
    return make_customer("Ada Moreno", email="ada@example.com")


@pytest.fixture
def inbox(client: Client, ines: Agent) -> Client:
    client.force_login(ines)
    return client


def rows(answer: Any) -> list[str]:
    """What the list calls its customers and subjects, in order; without the marks of a search."""
    return [f"{row.called}: {strip_tags(row.subject)}" for row in answer.context["inbox"]["rows"]]


def test_mine_are_the_open_ones_i_have(inbox: Client, ines: Agent, ada: Customer) -> None:
    mailbox = make_mailbox()
    mine, _others = ask(ada.pk, mailbox, subject="Torn bag"), ask(ada.pk, mailbox, subject="Invoice")
    assignments.to_agent(mine.pk, ines.pk, by=ines.actor)
    assert rows(inbox.get("/inbox/")) == ["Ada Moreno: Torn bag"]
    assert rows(inbox.get("/inbox/?view=unassigned")) == ["Ada Moreno: Invoice"]
    assert rows(inbox.get("/inbox/?view=all")) == ["Ada Moreno: Invoice", "Ada Moreno: Torn bag"]


def test_filters_and_sorts_narrow_and_order_the_view(inbox: Client, ines: Agent, ada: Customer) -> None:
    mail, form = make_mailbox(), make_mailbox("orders@shop.example")
    first, second, third = (ask(ada.pk, box, subject=word) for box, word in ((mail, "A"), (form, "B"), (mail, "C")))
    conversations.prioritise(first.pk, 1, by=ines.actor)
    label = labels.put(second.pk, "invoice", by=ines.actor)
    states.resolve(third.pk, by=ines.actor)
    view = "/inbox/?view=unassigned"
    assert rows(inbox.get(view)) == ["Ada Moreno: B", "Ada Moreno: A"]
    assert rows(inbox.get(f"{view}&status=resolved")) == ["Ada Moreno: C"]
    assert rows(inbox.get(f"{view}&status=any&channel={mail.pk}")) == ["Ada Moreno: C", "Ada Moreno: A"]
    assert rows(inbox.get(f"{view}&label={label.pk}")) == ["Ada Moreno: B"]
    assert rows(inbox.get(f"{view}&sort=priority")) == ["Ada Moreno: A", "Ada Moreno: B"]
    assert rows(inbox.get(f"{view}&sort=oldest&status=any")) == ["Ada Moreno: A", "Ada Moreno: B", "Ada Moreno: C"]
    assert rows(inbox.get(f"{view}&priority=9&channel=x&sort=sideways&status=gone")) == rows(inbox.get(view))


@pytest.mark.parametrize("sort", ["newest", "oldest", "waiting", "due", "priority", "created", "stake"])
def test_the_next_page_goes_on_where_the_last_one_ended(inbox: Client, ada: Customer, sort: str) -> None:
    mailbox = make_mailbox()
    every = {ask(ada.pk, mailbox, subject=str(number)).pk for number in range(28)}
    first = inbox.get(f"/inbox/?view=unassigned&sort={sort}").context["inbox"]
    assert len(first["rows"]) == 25
    last = inbox.get(first["more"], headers={"HX-Request": "true"})
    said = last.content.decode()
    assert "inbox-rows" not in said
    assert {row.pk for row in first["rows"]} | {int(pk) for pk in re.findall(r'id="row-(\d+)"', said)} == every
    assert "data-more" not in said


def test_what_is_found_goes_on_where_the_last_page_ended(
    inbox: Client, ada: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "PAGE", 2)
    mailbox = make_mailbox()
    asked = [ask(ada.pk, mailbox, subject=f"Bag {number}") for number in range(3)]
    indexing.index(row.pk for row in asked)
    first = inbox.get("/inbox/?q=bag")
    assert rows(first) == ["Ada Moreno: Bag 2", "Ada Moreno: Bag 1"]
    assert first.context["inbox"]["count"] == 0  # not all that there is
    rest = inbox.get(first.context["inbox"]["more"], headers={"HX-Request": "true"}).content.decode()
    assert re.findall(r'id="row-(\d+)"', rest) == [str(asked[0].pk)]
    assert "data-more" not in rest
    assert rows(inbox.get("/inbox/?q=bag&after=x")) == rows(first)


def test_a_search_changes_the_list_of_the_page_it_is_asked_from(inbox: Client, ada: Customer) -> None:
    found = ask(ada.pk, make_mailbox(), subject="Bag torn")
    indexing.index([found.pk])
    whole = inbox.get("/inbox/?q=bag")
    assert {view["count"] for group in whole.context["inbox"]["groups"] for view in group["views"]} == {0}
    assert 'hx-trigger="load, conversation-changed' in whole.content.decode()  # the views are counted after it
    part = inbox.get("/inbox/?q=bag", headers={"HX-Request": "true", "HX-Target": "inbox-list"})
    said = part.content.decode()
    assert rows(part) == rows(whole) == ["Ada Moreno: Bag torn"]
    assert said.count('id="inbox-name"') == said.count('id="list"') == said.count('id="bulk"') == 1
    assert "<title>Found · Inbox · Regulars</title>" in said
    assert 'id="inbox-back" hx-swap-oob="true" href="/inbox/?q=bag"' in said
    assert "<nav" not in said
    assert "No conversation is open" in said


def test_views_are_counted_for_what_the_page_shows_now(inbox: Client) -> None:
    def current(address: str) -> list[str]:
        headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{address}"}
        said = inbox.get("/inbox/counts/?view=all", headers=headers).content.decode()
        return re.findall(r'view=([a-z]+)" aria-current="page"', said)

    assert current("/inbox/?q=bag") == []
    assert current("/inbox/?view=waiting") == ["waiting"]
    assert current("/elsewhere/?view=waiting") == ["all"]


def test_a_page_that_is_not_there_is_refused_kindly(inbox: Client) -> None:
    answer = inbox.get("/inbox/?after=nonsense")
    assert answer.status_code == 422
    assert "Begin again from the top" in answer.content.decode()


def test_an_unknown_view_is_not_found(inbox: Client) -> None:
    assert inbox.get("/inbox/?view=view-99").status_code == 404


def test_the_list_takes_as_many_queries_for_a_full_page_as_for_one(
    inbox: Client, ada: Customer, django_assert_num_queries: Any
) -> None:
    mailbox = make_mailbox()
    ask(ada.pk, mailbox)
    inbox.get("/inbox/?view=all")
    with django_assert_num_queries(QUERIES):
        inbox.get("/inbox/?view=all")
    for number in range(30):
        ask(ada.pk, mailbox, subject=str(number))
    with django_assert_num_queries(QUERIES):
        inbox.get("/inbox/?view=all")


def test_saved_views_are_counted_after_the_page(inbox: Client, ada: Customer, ines: Agent) -> None:
    views.create("Urgent", tree={"field": "priority", "is": "in", "value": [3]}, by=ines.actor)
    ask(ada.pk, make_mailbox())
    page = inbox.get("/inbox/?view=all")
    assert "load, conversation-changed" in page.content.decode()
    assert {view["name"]: view["count"] for view in page.context["inbox"]["groups"][-1]["views"]} == {"Urgent": 0}
    later = inbox.get("/inbox/counts/?view=all", headers={"HX-Request": "true"})
    assert 'Urgent</span><span class="count">1<' in later.content.decode()
    assert 'id="here-count" hx-swap-oob="true">1</span>' in later.content.decode()
    narrow = inbox.get("/inbox/counts/?view=all&priority=1", headers={"HX-Request": "true"})
    assert 'id="here-count" hx-swap-oob="true"></span>' in narrow.content.decode()
    assert "<nav" not in later.content.decode()


def test_an_analyst_has_no_inbox(client: Client, ada: Customer) -> None:
    ask(ada.pk, make_mailbox())
    client.force_login(make_agent("Kim", role="analyst"))
    for address in ("/inbox/", "/inbox/bulk/", "/inbox/rows/1/", "/inbox/counts/", "/inbox/views/"):
        assert client.get(address).status_code == 403
    assert client.post("/inbox/bulk/begin/", {"deed": "resolve", "ids": ["1"]}).status_code == 403
    assert 'href="/inbox/"' not in client.get("/").content.decode()


def test_nobody_signed_in_sees_nothing(client: Client) -> None:
    assert client.get("/inbox/").status_code == 302


def test_a_closed_teams_conversations_are_in_no_list_and_no_count(inbox: Client, ada: Customer, ines: Agent) -> None:
    bo = make_agent("Bo")
    closed = teams.create("Payroll", by=SYSTEM, is_open=False, agent_ids=[bo.pk])
    hidden = ask(ada.pk, make_mailbox(), subject="Salary")
    assignments.to_team(hidden.pk, closed.pk, by=SYSTEM)
    shown = inbox.get("/inbox/?view=all")
    assert rows(shown) == []
    assert shown.context["inbox"]["count"] == 0
    assert "Payroll" not in str(shown.context["inbox"]["groups"])
    assert inbox.get(f"/inbox/rows/{hidden.pk}/?view=all").content == b""
    inbox.post("/inbox/bulk/begin/", {"deed": "resolve", "ids": [hidden.pk]})
    hidden.refresh_from_db()
    assert hidden.status == "open"
    inbox.force_login(bo)
    assert rows(inbox.get(f"/inbox/?view=team-{closed.pk}")) == ["Ada Moreno: Salary"]


def test_bulk_answers_with_a_way_back(inbox: Client, ada: Customer) -> None:
    mailbox = make_mailbox()
    ids = [ask(ada.pk, mailbox).pk for _ in range(3)]
    htmx = {"HX-Request": "true"}
    answer = inbox.post("/inbox/bulk/begin/", {"deed": "resolve", "ids": ids[:2]}, headers=htmx)
    told = json.loads(answer["HX-Trigger"])
    assert told["conversation-changed"] == {"ids": ids[:2]}
    assert told["toast"]["text"] == "Resolved: 2 conversations."
    assert len(rows(inbox.get("/inbox/?view=all"))) == 1
    back = json.loads(inbox.post(told["toast"]["act"]["url"], headers=htmx)["HX-Trigger"])
    assert back["toast"] == {"text": "Taken back in 2 conversations.", "tone": "good"}
    assert len(rows(inbox.get("/inbox/?view=all"))) == 3


def test_everything_in_the_list_means_the_list_with_its_filters(inbox: Client, ada: Customer, ines: Agent) -> None:
    mailbox = make_mailbox()
    first, second = ask(ada.pk, mailbox), ask(ada.pk, mailbox)
    conversations.prioritise(first.pk, 1, by=ines.actor)
    said = {"deed": "label:courier", "all": "1", "query": "view=all&priority=1"}
    answer = inbox.post("/inbox/bulk/begin/", said)
    page = inbox.get(answer["Location"]).content.decode()
    assert "Labelled “courier”: 1 conversation." in page
    assert (first.labels.count(), second.labels.count()) == (1, 0)
    assert "Labelled “courier”" in inbox.get("/inbox/bulk/").content.decode()


def test_one_row_is_given_as_it_stands_or_not_at_all(inbox: Client, ada: Customer, ines: Agent) -> None:
    asked = ask(ada.pk, make_mailbox(), subject="Torn bag")
    assert "Torn bag" in inbox.get(f"/inbox/rows/{asked.pk}/?view=unassigned").content.decode()
    states.resolve(asked.pk, by=ines.actor)
    assert inbox.get(f"/inbox/rows/{asked.pk}/?view=unassigned").content == b""


@pytest.mark.parametrize(
    ("view", "says"),
    [
        ("mine", "You have answered everybody"),
        ("unassigned", "Everything has somebody"),
        ("following", "Nobody mentions you"),
        ("snoozed", "Nothing is put aside"),
        ("spam", "No spam"),
        ("all&amp;priority=1", "Nothing here fits the filter"),
    ],
)
def test_an_empty_view_says_what_to_do_next(inbox: Client, view: str, says: str) -> None:
    make_mailbox()
    assert says in inbox.get(f"/inbox/?view={view.replace('&amp;', '&')}").content.decode()


def test_where_nothing_can_come_in_yet_a_mailbox_comes_first(inbox: Client, ines: Agent) -> None:
    page = inbox.get("/inbox/?view=mine").content.decode()
    assert "Somebody who manages the desk connects a mailbox first." in page
    assert "/settings/channels/new/" not in page
    Agent.objects.filter(pk=ines.pk).update(role="manager")
    assert "/settings/channels/new/" in inbox.get("/inbox/?view=mine").content.decode()
    make_mailbox()
    assert "You have answered everybody" in inbox.get("/inbox/?view=mine").content.decode()


def test_what_one_looks_at_is_saved_as_a_view(inbox: Client, ada: Customer, ines: Agent) -> None:
    first, second = (ask(ada.pk, make_mailbox(f"{word}@shop.example"), subject=word) for word in ("a", "b"))
    conversations.prioritise(first.pk, 1, by=ines.actor)
    states.resolve(second.pk, by=ines.actor)
    page = inbox.get("/inbox/views/new/?view=unassigned&priority=1&sort=due")
    assert page.context["count"] == 1
    assert page.context["sort"] == "due"
    said = {**_fields(page.context["group"]), "name": "Urgent", "sort": "due", "do": "save"}
    kept = inbox.post("/inbox/views/new/", said)
    assert kept.status_code == 302
    assert rows(inbox.get(kept["Location"])) == ["Ada Moreno: a"]
    assert "Urgent" in inbox.get("/inbox/views/").content.decode()


def test_conditions_are_added_removed_and_nested_without_scripts(inbox: Client, ada: Customer) -> None:
    ask(ada.pk, make_mailbox(), subject="Torn bag")
    said = {"c.match": "all", "name": "", "sort": "newest"}
    for deed in ("add:c", "group:c", "add:c.1"):
        said |= _fields(inbox.post("/inbox/views/new/", {**said, "do": deed}).context["group"])
    assert [name for name in said if name.endswith((".asked", ".match"))] == [
        "c.match", "c.0.asked", "c.1.match", "c.1.0.asked", "c.1.1.asked",
    ]  # fmt: skip
    said |= {"c.0.asked": "subject.contains", "c.1.match": "none"}
    shown = inbox.post("/inbox/views/new/", {**said, "do": "remove:c.1.1"})
    said = _fields(shown.context["group"])
    assert "c.1.1.asked" not in said
    assert shown.context["count"] is None
    refused = inbox.post("/inbox/views/new/", {**said, "name": "Torn", "do": "save"})
    assert refused.status_code == 422
    said |= {"c.0.value": "torn", "c.1.0.value": ["resolved", "snoozed"], "name": "Torn", "sort": "newest"}
    kept = inbox.post("/inbox/views/new/", {**said, "do": "save"})
    assert rows(inbox.get(kept["Location"])) == ["Ada Moreno: Torn bag"]


def test_a_colleagues_own_view_cannot_be_opened(inbox: Client) -> None:
    theirs = views.create("Theirs", tree={}, by=make_agent("Bo").actor)
    for address in (f"/inbox/?view=view-{theirs.pk}", f"/inbox/views/{theirs.pk}/"):
        assert inbox.get(address).status_code == 404
    assert inbox.post(f"/inbox/views/{theirs.pk}/delete/").status_code == 404
    assert View.objects.get().name == "Theirs"


def test_views_are_moved_edited_and_deleted_on_their_page(inbox: Client, ines: Agent) -> None:
    one, two = (views.create(name, tree={}, by=ines.actor) for name in ("One", "Two"))
    inbox.post(f"/inbox/views/{two.pk}/move/", {"to": "up"})
    assert [each.name for each in saved(ines.actor)] == ["Two", "One"]
    said = {"c.match": "all", "name": "First", "sort": "oldest", "do": "save"}
    assert inbox.post(f"/inbox/views/{one.pk}/", said).status_code == 302
    inbox.post(f"/inbox/views/{two.pk}/delete/")
    assert [(each.name, each.sort) for each in saved(ines.actor)] == [("First", "oldest")]


@pytest.mark.parametrize(
    "tree",
    [
        {"all": [{"field": "customer stake", "is": "at least", "value": 12000.0}]},
        {"any": [{"field": "created", "is": "after", "value": "2026-03-02T12:30:00+00:00"}]},
        {"not": {"any": [{"field": "due", "is": "over"}, {"field": "attachments", "is": "is", "value": False}]}},
        {"all": [{"field": "assignee", "is": "in", "value": ["me", "nobody", 7]}]},
        {"all": [{"field": "custom:size", "is": "is", "value": "XL"}, {"any": []}]},
        {"all": [{"field": "language", "is": "not in", "value": ["en", "de"]}]},
    ],
)
def test_a_tree_comes_out_of_the_form_as_it_went_in(tree: dict[str, Any]) -> None:
    scale = condition_form.Scale(100, ZoneInfo("UTC"))
    assert condition_form.tree(condition_form.drawn(tree, scale), scale) == tree


def _fields(group: Any) -> dict[str, Any]:
    """What a browser would send for a group as it is drawn."""
    said: dict[str, Any] = {f"{group.path}.match": group.match}
    for item in group.items:
        if item.is_group:
            said |= _fields(item)
        else:
            said |= {
                f"{item.path}.asked": item.asked,
                f"{item.path}.was": item.asked,
                f"{item.path}.value": item.values,
            }
    return said
