"""`regulars move in`: what it says, and what it writes down of what did not fit."""

import csv
import json
from contextlib import nullcontext
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.conf import settings

from regulars.channels.models import Channel
from regulars.cli import main, move
from regulars.desk.models import Conversation
from regulars.desk.moving.formats import FORMATS
from tests.desk.cast import make_mailbox

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database of the test instead of one of the command's own."""
    monkeypatch.setattr("regulars.cli.move_run.database", nullcontext)
    monkeypatch.setattr("regulars.cli.move_files_run.database", nullcontext)
    monkeypatch.setattr("regulars.cli.running.environment.set_up", lambda *, process: None)


@pytest.fixture
def ticket(tmp_path: Path) -> Path:
    ada = {"id": 1, "role": "end-user", "name": "Ada", "email": "ada@example.com"}
    link = {"id": 3, "file_name": "x", "content_url": "=cmd()"}
    comment = {"id": 2, "author_id": 1, "body": "Hello", "created_at": "2024-01-01T00:00:00Z", "attachments": [link]}
    rows = [ada, {"id": 9, "requester_id": 1, "requester": ada, "status": "open", "comments": [comment]}]
    path = tmp_path / "export.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return path


def run(*said: str) -> Result:
    return CliRunner().invoke(main, ["move", "in", *said])


def reports() -> list[Path]:
    return sorted((Path(settings.DATA) / "imports" / "reports").glob("move-*.csv"))


def test_it_counts_what_moved_and_names_the_report(mailbox: Channel, ticket: Path) -> None:
    answer = run("zendesk", str(ticket))
    assert answer.exit_code == 0, answer.output
    assert "Moved in: 1 conversations, 1 messages, 1 new customers." in answer.output
    (report,) = reports()
    assert report.name in answer.output.replace("\n", "")
    rows = list(csv.reader(report.open()))
    assert rows[0] == ["where", "reason", "what"]
    assert (rows[1][0], rows[1][2]) == ("ticket 9", "'=cmd()")
    again = run("zendesk", str(ticket))
    assert "Moved in: nothing." in again.output
    assert "1 conversations are here already and stay as they are" in again.output


def test_a_dry_run_stores_nothing(mailbox: Channel, ticket: Path) -> None:
    answer = run("zendesk", str(ticket), "--dry-run", "--account", "Tea")
    assert "Would move in: 1 conversations, 1 messages, 1 new customers." in answer.output
    assert "account: tea\n" in answer.output
    assert not Conversation.objects.exists()


def test_it_says_what_lies_elsewhere_and_fetches_it_when_asked(mailbox: Channel, ticket: Path) -> None:
    answer = run("zendesk", str(ticket), "--dry-run")
    assert "1 files lie on the old desk's server: --fetch-files brings them" in answer.output
    answer = run("zendesk", str(ticket), "--fetch-files")
    assert "0 files fetched, 0 bytes" in answer.output
    assert "1 could not be fetched: regulars move files --again tries again" in answer.output
    report = reports()[-1]
    assert [row[::2] for row in csv.reader(report.open())][1:] == [["ticket 9", "'=cmd()"]]
    assert CliRunner().invoke(main, ["move", "files"]).output == "Nothing waits to be fetched.\n"
    answer = CliRunner().invoke(main, ["move", "files", "--again"])
    assert "Zendesk" in answer.output
    assert "1 could not be fetched" in answer.output


def test_the_channel_is_asked_for_where_there_are_several(mailbox: Channel, ticket: Path) -> None:
    other = make_mailbox("orders@shop.example")
    answer = run("zendesk", str(ticket))
    assert answer.exit_code == 1
    assert "--channel ADDRESS" in answer.output
    assert not Conversation.objects.exists()
    assert run("zendesk", str(ticket), "--channel", "Orders@shop.example").exit_code == 0
    assert Conversation.objects.get().channel_id == other.pk


def test_what_is_no_such_archive_is_refused(mailbox: Channel, ticket: Path) -> None:
    answer = run("freshdesk", str(ticket))
    assert answer.exit_code == 1
    assert "holds no conversations as Freshdesk exports them. Nothing was stored." in answer.output


def test_without_a_channel_it_says_what_to_do(db: None, ticket: Path) -> None:
    answer = run("zendesk", str(ticket))
    assert (answer.exit_code, Conversation.objects.count()) == (1, 0)
    assert answer.output.startswith("There is no channel to move into.")


def test_every_format_can_be_asked_for() -> None:
    assert tuple(FORMATS) == move.FORMATS
