"""Two accounts of one product move in beside each other: both count their conversations from 1."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from regulars.desk.errors import AnotherAccount
from regulars.desk.models import Conversation, Origin
from regulars.desk.moving import chatwoot, formats, freshdesk, helpscout, intercom, zendesk
from regulars.desk.moving.forms import NotAnArchive
from tests.desk.moving.conftest import Mover

ADA = {"id": 1, "role": "end-user", "name": "Ada", "email": "ada@example.com"}
MUSA = {"id": 1, "role": "end-user", "name": "Musa", "email": None}


def export(path: Path, *, account: str = "", who: dict[str, Any] = ADA, hour: int = 10, numbers: int = 1) -> Path:
    """Tickets 1 and up of an account, each begun in this hour."""
    comment = {"id": 2, "author_id": 1, "body": "Hello", "created_at": f"2024-01-01T{hour}:00:00Z"}
    ticket = {"requester_id": 1, "requester": who, "status": "open", "comments": [comment]}
    url = f"https://{account}.zendesk.com/api/v2/tickets/1.json" if account else None
    rows = [who, *({"id": one + 1, "url": url, **ticket} for one in range(numbers))]
    path.mkdir(parents=True, exist_ok=True)
    (path / "export.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    return path


def keys() -> list[str]:
    return sorted(key for key in Conversation.objects.values_list("key", flat=True) if key)


@pytest.mark.django_db
def test_ticket_1_of_two_brands_is_two_conversations_of_two_people(move_in: Mover, tmp_path: Path) -> None:
    first = export(tmp_path / "a", account="Tea", who=MUSA)
    second = export(tmp_path / "b", account="mugs", who=MUSA, hour=11)
    move_in("zendesk", first)
    seen, _ = move_in("zendesk", second, is_dry=True)
    assert (seen.account, seen.conversations, seen.here_already, seen.customers) == ("mugs", 1, 0, 1)
    assert (keys(), Origin.objects.count()) == (["move:zendesk:tea:1"], 1)
    move_in("zendesk", second)
    again, _ = move_in("zendesk", first)
    assert (again.account, again.conversations, again.here_already) == ("tea", 0, 1)
    assert keys() == ["move:zendesk:mugs:1", "move:zendesk:tea:1"]
    assert Conversation.objects.values("customer").distinct().count() == 2


@pytest.mark.django_db
def test_what_came_before_accounts_had_names_is_known_again_and_another_is_not_taken_for_it(
    move_in: Mover, tmp_path: Path
) -> None:
    path = export(tmp_path / "a")
    moved, _ = move_in("zendesk", path)
    assert (moved.account, keys()) == ("", ["move:zendesk:1"])
    moved, _ = move_in("zendesk", export(path, account="tea", numbers=2))
    assert (moved.account, moved.conversations, moved.here_already) == ("tea", 1, 1)
    move_in("zendesk", export(path, account="renamed", numbers=2))
    assert keys() == ["move:zendesk:1", "move:zendesk:2"]
    with pytest.raises(AnotherAccount):
        move_in("zendesk", export(tmp_path / "b", hour=11))
    move_in("zendesk", tmp_path / "b", account="Mugs & more")
    assert keys() == ["move:zendesk:1", "move:zendesk:2", "move:zendesk:mugs-more:1"]
    moved, _ = move_in("zendesk", tmp_path / "b")
    assert (moved.account, moved.here_already) == ("mugs-more", 1)


@pytest.mark.django_db
def test_a_name_that_two_share_is_found_out(move_in: Mover, tmp_path: Path) -> None:
    move_in("zendesk", export(tmp_path / "a", account="tea"))
    with pytest.raises(AnotherAccount):
        move_in("zendesk", export(tmp_path / "b", account="tea", hour=12))
    assert len(keys()) == 1


@pytest.mark.django_db
def test_one_of_another_among_many_is_named(move_in: Mover, tmp_path: Path) -> None:
    path = export(tmp_path / "a", account="tea", numbers=3)
    move_in("zendesk", path)
    rows = [json.loads(line) for line in (path / "export.jsonl").read_text().splitlines()]
    odd = deepcopy(rows[-1])
    odd["comments"][0]["created_at"] = "2019-01-01T00:00:00Z"
    (path / "export.jsonl").write_text("\n".join(json.dumps(row) for row in [*rows[:-1], odd]))
    moved, misfits = move_in("zendesk", path)
    assert (moved.here_already, [(one.where, one.reason) for one in misfits]) == (3, [("ticket 3", "another")])


def test_an_export_of_several_accounts_asks_for_a_name(tmp_path: Path) -> None:
    export(tmp_path / "x" / "a", account="tea")
    export(tmp_path / "x" / "b", account="mugs")
    with pytest.raises(NotAnArchive, match=r"several accounts \(mugs, tea\)"):
        formats.opened("zendesk", tmp_path / "x", is_ours=lambda address: False)
    named = formats.opened("zendesk", tmp_path / "x", is_ours=lambda address: False, account="shop")
    assert named.account == "shop"
    for kind, name in (("mbox", "shop"), ("zendesk", "&&")):
        with pytest.raises(NotAnArchive):
            formats.opened(kind, tmp_path / "x", is_ours=lambda address: False, account=name)


@pytest.mark.parametrize(
    ("says", "record", "account"),
    [
        (zendesk.says, {"url": "https://Tea.zendesk.com/api/v2/tickets/1.json"}, "tea"),
        (zendesk.says, {"url": "https://help.tea.example/api/v2/users/1.json"}, "help.tea.example"),
        (zendesk.says, {"url": "https://elsewhere.example/"}, ""),
        (zendesk.says, {"url": "https://[x/api/v2/"}, ""),
        (freshdesk.says, {"support_email": "Help <help@tea.freshdesk.com>"}, "tea"),
        (freshdesk.says, {"support_email": "help@tea.example"}, ""),
        (intercom.says, {"workspace_id": "ab1"}, "ab1"),
        (intercom.says, {"type": "admin", "app": {"id_code": "ab1"}}, "ab1"),
        (helpscout.says, {"mailboxId": 7}, ""),
        (chatwoot.says, {"account_id": 7}, "7"),
    ],
)
def test_what_a_record_says_of_its_account(says: Any, record: dict[str, Any], account: str) -> None:
    assert says(record) == account
    assert says({}) == ""
