"""A program changes labels of conversations as a manager does on the page."""

import pytest

from regulars.accounts.actions import keys
from regulars.desk.actions import labels, rules
from regulars.desk.models import Conversation, Label
from regulars.kernel.actors import SYSTEM
from tests.api.program import Program
from tests.desk.cast import make_agent

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(db: None) -> Program:
    jonas = make_agent("Jonas", role="manager")
    return Program(keys.create("api", name="Jonas", by=SYSTEM, agent_id=jonas.pk, scopes=keys.SCOPES))


def test_a_label_is_read_changed_if_nobody_did_meanwhile_and_removed(manager: Program, question: Conversation) -> None:
    late = labels.put(question.pk, "Late", by=SYSTEM)
    path = f"/labels/{late.pk}"
    read = manager("GET", path)
    assert read.json() == {"id": late.pk, "name": "Late", "hue": late.hue, "conversations": 1}
    changed = manager("PATCH", path, {"name": "Too late", "hue": 30}, if_match=read["ETag"])
    assert changed.json() == {"id": late.pk, "name": "Too late", "hue": 30, "conversations": 1}
    assert manager("PATCH", path, {"name": "Never"}, if_match=read["ETag"]).status_code == 412
    assert manager("GET", f"/conversations/{question.pk}").json()["labels"] == ["Too late"]
    assert manager("DELETE", path).status_code == 204
    assert manager("GET", path).json()["code"] == "no-such-label"
    assert not question.labels.exists()


def test_a_label_is_made_in_a_colour_and_one_that_is_there_keeps_its_own(manager: Program) -> None:
    made = manager("POST", "/labels", {"name": "Late", "hue": 75}).json()
    assert manager("POST", "/labels", {"name": "late", "hue": 30}).json() == made
    assert (Label.objects.get().name, Label.objects.get().hue) == ("Late", 75)


def test_two_labels_become_one_and_a_second_time_nothing_changes(manager: Program, question: Conversation) -> None:
    late, slow = labels.put(question.pk, "Late", by=SYSTEM), labels.find_or_make("Slow")
    for _again in range(2):
        joined = manager("POST", f"/labels/{late.pk}/joining", {"into_id": slow.pk})
        assert joined.json() == {"id": slow.pk, "name": "Slow", "hue": slow.hue, "conversations": 1}
    assert manager("GET", f"/labels/{late.pk}").json()["name"] == "Slow"
    assert [each["name"] for each in manager("GET", "/labels").json()["items"]] == ["Slow"]
    assert manager("PUT", f"/conversations/{question.pk}/labels/late").json()["labels"] == ["Slow"]
    assert [each["id"] for each in manager("GET", "/conversations?label=late").json()["items"]] == [question.pk]
    assert manager("GET", "/conversations?label=none").json()["items"] == []
    assert manager("DELETE", f"/conversations/{question.pk}/labels/late").json()["labels"] == []
    labels.put(question.pk, "Slow", by=SYSTEM)
    assert manager("POST", f"/labels/{slow.pk}/joining", {"into_id": slow.pk}).json()["code"] == "label-joins-itself"
    assert manager("PATCH", f"/labels/{late.pk}", {"name": "Other"}).json()["code"] == "no-such-label"
    assert question.labels.get() == slow


def test_what_cannot_be_done_says_why_and_changes_nothing(manager: Program, question: Conversation) -> None:
    late, _refund = labels.put(question.pk, "Late", by=SYSTEM), labels.find_or_make("Refund")
    rules.write("Parcels", triggers=["started"], tree={}, done=[{"deed": "label", "value": "Late"}], by=SYSTEM)
    path = f"/labels/{late.pk}"
    for method, body, said in (
        ("PATCH", {"name": "refund"}, (409, "label-name-taken")),
        ("PATCH", {"hue": 400}, (422, "invalid")),
        ("DELETE", None, (409, "label-in-use")),
    ):
        answer = manager(method, path, body)
        assert (answer.status_code, answer.json()["code"]) == said
    assert "Parcels" in manager("DELETE", path).json()["detail"]
    assert Label.objects.get(pk=late.pk).name == "Late" and question.labels.get() == late
