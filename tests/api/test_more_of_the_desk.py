"""What only the API does with the desk's actions: files before their message, pages of a search, figures, customers."""

from typing import Any

import pytest

from regulars.accounts.actions import keys, teams
from regulars.accounts.models import Agent, Key
from regulars.channels.models import Channel
from regulars.customers.models import Consent, Customer
from regulars.desk.actions import episodes, indexing
from regulars.desk.models import Attachment, Conversation, Draft, Macro, Message, View
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM
from tests.api.program import Program
from tests.customers.cast import make_customer, record
from tests.desk.cast import ask

pytestmark = pytest.mark.django_db


def upload(program: Program, content: bytes, name: str, kind: str = "text/plain") -> Any:
    headers = {"Authorization": f"Bearer {program.text}"}
    return program.client.generic("POST", f"/api/v1/files?name={name}", content, kind, headers=headers)


def test_a_file_hangs_on_a_message_and_is_given_out_so_that_nothing_runs(
    program: Program,
    question: Conversation,
) -> None:
    kept = upload(program, b"<script>", "..%2Fpage.html", "text/html; charset=utf-8").json()
    assert (kept["name"], kept["type"], kept["size"]) == ("page.html", "text/html", 8)
    said = program("POST", f"/conversations/{question.pk}/messages", {"kind": "note", "files": [kept["id"]]}).json()
    (file,) = said["files"]
    given = program("GET", f"/files/{file['id']}")
    assert b"".join(given.streaming_content) == b"<script>"
    assert given["Content-Disposition"] == 'attachment; filename="page.html"'
    assert given["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in given["Content-Security-Policy"]


def test_a_file_is_used_by_the_key_it_was_given_to_within_a_day(
    program: Program,
    question: Conversation,
) -> None:
    path, kept = f"/conversations/{question.pk}/messages", upload(program, b"x", "a.txt").json()["id"]
    other = Program(keys.create("api", name="Another", by=SYSTEM))
    for sent in (kept, kept[:-1] + "x", "nonsense"):
        answer = other("POST", path, {"kind": "note", "files": [sent]})
        assert (answer.status_code, answer.json()["code"]) == (422, "not-taken-in")
    assert (upload(program, b"", "a.txt").status_code, upload(program, b"x", "").status_code) == (422, 422)
    assert not Attachment.objects.exists()
    assert program("POST", path, {"kind": "customer"}).json()["code"] == "nothing-written"
    assert Message.objects.count() == 1


def test_a_search_is_read_a_page_at_a_time_each_hit_once(program: Program, ada: Customer, mailbox: Any) -> None:
    made = {ask(ada.pk, mailbox, "A parcel is lost", subject=f"Parcel {number}").pk for number in range(5)}
    indexing.index([*made, ask(ada.pk, mailbox, "A bag is torn").pk])
    seen, cursor = [], ""
    while cursor is not None:
        page = program("GET", f"/conversations?q=parcel+is:open&limit=2&cursor={cursor}").json()
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]
    assert (set(seen), len(seen)) == (made, 5)
    assert program("GET", "/conversations?q=parcel+is:resolved").json()["items"] == []


def test_what_is_a_colleagues_own_is_not_a_programs(program: Program) -> None:
    key_id = Key.objects.get().pk  # a colleague may have the same number
    Agent.objects.filter(pk=key_id).exists() or Agent.objects.create_user("same@shop.example", pk=key_id, name="Same")
    mine = {"agent_id": key_id, "changed_at": clock.now(), "changed_by": "agent"}
    Macro.objects.create(name="Mine", text="x", **mine)
    View.objects.create(name="Mine", agent_id=key_id, created_at=clock.now(), created_by="agent")
    assert program("GET", "/macros").json()["items"] == []
    assert not [one for one in program("GET", "/views").json()["items"] if one["name"] == "Mine"]


def test_an_answer_that_was_taken_back_leaves_no_draft_to_a_colleague(
    program: Program,
    question: Conversation,
    ines: Agent,
) -> None:
    later = {"text": "Later", "due_at": "2100-01-01T00:00:00Z"}
    said = program("POST", f"/conversations/{question.pk}/messages", later).json()
    assert program("GET", f"/conversations/{question.pk}").json()["status"] == "waiting"
    assert program("DELETE", f"/messages/{said['id']}").status_code == 204
    assert program("GET", f"/conversations/{question.pk}").json()["status"] == "open"
    assert not Draft.objects.exists()


def test_a_customer_is_made_once_and_known_by_all_they_go_by(program: Program) -> None:
    new = {"identities": [{"kind": "external", "value": "u-9"}, {"kind": "email", "value": "Eve@Example.com"}],
           "name": "Eve", "attributes": {"plan": "yearly", "seats": 3}}  # fmt: skip
    first, second = program("POST", "/customers", new), program("POST", "/customers", {**new, "name": "Eve Adams"})
    assert first.json()["id"] == second.json()["id"]
    shown = second.json()
    assert (shown["name"], shown["attributes"]) == ("Eve Adams", {"plan": "yearly", "seats": 3})
    assert [(one["kind"], one["value"]) for one in shown["identities"]] == [
        ("external", "u-9"), ("email", "eve@example.com")
    ]  # fmt: skip
    changed = program("PATCH", f"/customers/{shown['id']}", {"attributes": {"seats": None, "plan": "monthly"}})
    assert changed.json()["attributes"] == {"plan": "monthly"}
    wrong = program("POST", "/customers", {"identities": [{"kind": "email", "value": "nobody"}]})
    assert (wrong.status_code, wrong.json()["code"], Customer.objects.count()) == (422, "not-an-identity", 1)


def test_an_identity_of_somebody_else_makes_nobody_theirs(program: Program, ada: Customer) -> None:
    before = Customer.objects.count()
    new = {"identities": [{"kind": "external", "value": "u-2"}, {"kind": "email", "value": "ada@example.com"}]}
    answer = program("POST", "/customers", new)
    assert (answer.status_code, answer.json()["code"], Customer.objects.count()) == (409, "somebody-elses", before)


def test_the_same_consent_again_adds_nothing(program: Program, ada: Customer) -> None:
    path, said = f"/customers/{ada.pk}/consents/news", {"is_given": True, "source": "form", "text_version": "1"}
    for _ in range(2):
        shown = program("PUT", path, said).json()
    assert {one["purpose"]: one["is_given"] for one in shown["consents"]}["news"] is True
    assert Consent.objects.count() == 1
    program("PUT", path, {**said, "is_given": False})
    assert [row.is_given for row in Consent.objects.order_by("pk")] == [True, False]
    assert program("PUT", f"/customers/{ada.pk}/consents/other", said).status_code == 422


def test_what_happened_to_a_customer_is_read_to_its_end(program: Program, ada: Customer) -> None:
    for number in range(3):
        record(ada.pk, "Order Completed", order_id=str(number))
    seen, cursor = [], ""
    while cursor is not None:
        page = program("GET", f"/customers/{ada.pk}/facts?kind=orders&limit=2&cursor={cursor}").json()
        seen += [one["properties"]["order_id"] for one in page["items"]]
        cursor = page["next"]
    assert sorted(seen) == ["0", "1", "2"]
    assert program("GET", f"/customers/{ada.pk}/facts?cursor=cG5vbnNlbnNl").status_code == 422


def test_customers_are_listed_the_newest_first(program: Program, ada: Customer) -> None:
    musa = make_customer("Musa", email="musa@example.com")
    first = program("GET", "/customers?limit=1").json()
    rest = program("GET", f"/customers?limit=1&cursor={first['next']}").json()
    assert [one["id"] for one in first["items"] + rest["items"]] == [musa.pk, ada.pk]
    assert rest["next"] is None


def test_what_is_behind_a_figure_goes_on_by_cursor(program: Program, ada: Customer, mailbox: Channel) -> None:
    held = [ask(ada.pk, mailbox).pk for _ in range(3)]
    episodes.refold(held)
    found, cursor = [], ""
    while cursor is not None:
        page = program("GET", f"/numbers/behind?measure=began&limit=2&cursor={cursor}").json()
        assert page["n"] == 3
        found.append([row["conversation_id"] for row in page["items"]])
        cursor = page["next"]
    assert found == [held[:2], held[2:]]
    assert program("GET", "/numbers/behind?measure=began&cursor=x").status_code == 422
    assert program("GET", "/numbers/behind?measure=began&limit=201").status_code == 422


def test_figures_are_asked_as_the_page_asks_them(program: Program, question: Conversation) -> None:
    episodes.refold([question.pk])
    shown = program("GET", "/numbers?by=channel").json()
    assert (shown["whole"]["volume"]["began"], shown["whole"]["first"]["median"]) == (1, None)
    (group,) = shown["groups"]
    assert (group["group"], group["volume"]["began"]) == (str(question.channel_id), 1)
    behind = program("GET", f"/numbers/behind?by=channel&measure=began&group={question.channel_id}").json()
    assert (behind["n"], behind["items"][0]["conversation_id"]) == (1, question.pk)
    assert behind["next"] is None
    for wrong in ("by=nothing", "since=2026-02-01&until=2026-01-01", "since=1900-01-01", "since=soon"):
        assert program("GET", f"/numbers?{wrong}").status_code == 422, wrong
    assert program("GET", "/numbers/behind?measure=luck").json()["code"] == "no-such-number"
    assert program("GET", "/numbers/behind?measure=began&group=1").json()["code"] == "not-asked"


def test_whoever_gives_a_conversation_away_is_told_how_it_stands(program: Program, question: Conversation) -> None:
    bo = Agent.objects.create_user("bo@shop.example", name="Bo", role="agent")
    team = teams.create("Quiet", by=SYSTEM, is_open=False)
    mine = Program(keys.create("api", name="Bo", by=SYSTEM, agent_id=bo.pk))
    given = mine("PUT", f"/conversations/{question.pk}/assignment", {"team_id": team.pk})
    assert (given.status_code, given.json()["team_id"]) == (200, team.pk)
    assert mine("GET", f"/conversations/{question.pk}").status_code == 404
