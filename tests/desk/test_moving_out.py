"""Moving out: everything there is, at one moment, in forms anybody can read; and nothing that opens a door."""

import hashlib
import json
import mailbox as mailboxes
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.accounts.actions import keys
from regulars.accounts.models import Agent
from regulars.channels.actions import setting_up
from regulars.channels.email.out.headers import one_line
from regulars.channels.email.understanding import understand
from regulars.channels.models import Channel
from regulars.channels.moving_out import RAW
from regulars.customers.models import Customer
from regulars.desk.actions import letting_go, messages
from regulars.desk.actions.messages import Written
from regulars.desk.models import Message
from regulars.desk.moving import formats, mail_files
from regulars.desk.moving.forms import Matter
from regulars.desk.moving_out import running
from regulars.desk.moving_out.mailboxes import entry
from regulars.desk.moving_out.mails import Box, Said, compose
from regulars.kernel import clock, files
from regulars.kernel.actors import SYSTEM
from regulars.kernel.moving_out import kinds
from regulars.kernel.moving_out.folders import FolderNotEmpty, FolderNotOurs
from tests.desk.beside import CARRIER, address_of, ask_carrier
from tests.desk.cast import ask, make_agent
from tests.desk.post import deliver, mail, placed

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "move-out.md"
on_disk = pytest.mark.django_db(transaction=True)

SECRETS = ("a-password-of-hers", "imap-secret-of-ours", "smtp-secret-of-ours")
SAID = "Where is it?\nFrom the depot came nothing.\n>From here neither."


@pytest.fixture
def shop(mailbox: Channel, ada: Customer, ines: Agent) -> Message:
    """A mail with a file, an answer, a note, a carrier asked and answering; and secrets everywhere."""
    ines.set_password(SECRETS[0])
    ines.save()
    setting_up.change(
        mailbox.pk, by=SYSTEM, name="Help", address=mailbox.address, settings={"imap_host": "mx.shop.example"},
        secret={"imap_password": SECRETS[1], "smtp_password": SECRETS[2]},
    )  # fmt: skip
    keys.create("server", name="Shop", by=SYSTEM)
    first = placed(mail(SAID, id="one@example.com", files={"map.pdf": b"a map"}), mailbox)
    sent = messages.reply(first.conversation_id, Written(text="On its way.\nFrom tomorrow on."), by=ines.actor)
    with clock.frozen(clock.now() + messages.TO_UNDO):
        letting_go.let_go(sent.pk)
    messages.note(first.conversation_id, Written(text="Be kind."), by=ines.actor)
    asked = ask_carrier(first.conversation, ines)
    deliver(mail("In Leipzig.", author=CARRIER, to=address_of(asked), files={"proof.png": b"a picture"}), mailbox)
    return first


def lines(place: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (place / f"{name}.jsonl").read_text().splitlines()]


def rows(kind: str) -> int:
    """How many rows the database has of a kind, by the table its definition begins with."""
    table = {
        "messages": "desk_message WHERE kind = 'message'",
        "notes": "desk_message WHERE kind = 'note'",
        "attachments": "(SELECT id FROM desk_attachment UNION ALL SELECT id FROM desk_sidefile) AS f",
    }
    known = {each.name: each.rows.split()[0] for each in kinds()}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table.get(kind) or known[kind]}")
        return cursor.fetchone()[0]


@on_disk
def test_everything_is_there_and_nothing_that_opens_a_door(shop: Message, tmp_path: Path) -> None:
    place = tmp_path / "out"
    running.move_out(place)
    manifest = json.loads((place / "manifest.json").read_text())
    assert manifest["counts"] == {each.name: rows(each.name) for each in kinds()}
    assert manifest["counts"]["messages"] == 2 and manifest["counts"]["side_messages"] == 2
    for said in manifest["files"]:
        content = (place / said["path"]).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (said["sha256"], said["bytes"])
        if said["path"].endswith(".jsonl"):
            assert content.count(b"\n") == said["count"] == manifest["counts"][said["path"].removesuffix(".jsonl")]
    for said in lines(place, "attachments"):
        assert hashlib.sha256((place / said["path"]).read_bytes()).hexdigest() == said["sha256"]
    assert manifest["attachments"] == {"count": 2, "bytes": len(b"a map") + len(b"a picture"), "missing": []}
    everything = b"".join(each.read_bytes() for each in place.rglob("*") if each.is_file())
    with connection.cursor() as cursor:
        cursor.execute("SELECT password FROM accounts_agent")
        hashes = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT secrets, encode(secrets, 'hex') FROM channels_channel")
        sealed, hexed = cursor.fetchone()
    for secret in (*SECRETS, *hashes, hexed):
        assert len(secret) > 8 and secret.encode() not in everything
    assert len(bytes(sealed)) > 8 and bytes(sealed) not in everything
    assert not re.search(rb"argon2|\"password\"|\"secrets?\"|\"digest\"", everything)


@on_disk
def test_the_lines_say_what_the_database_says(shop: Message, ines: Agent, tmp_path: Path) -> None:
    running.move_out(tmp_path / "out", form="jsonl")
    (customer,) = [one for one in lines(tmp_path / "out", "customers") if one["email"] == "ada@example.com"]
    assert {(one["kind"], one["value"]) for one in customer["identities"]} >= {("email", "ada@example.com")}
    said = {one["id"]: one for one in lines(tmp_path / "out", "messages")}
    for message in Message.objects.filter(kind="message"):
        one = said[message.pk]
        assert (one["text"], one["external_id"], one["state"]) == (message.text, message.external_id, message.state)
        assert datetime.fromisoformat(one["at"]) == message.at
    assert [one["text"] for one in lines(tmp_path / "out", "notes")] == ["Be kind."]
    assert [one["author_kind"] for one in lines(tmp_path / "out", "side_messages")] == ["agent", "outside"]
    (conversation,) = lines(tmp_path / "out", "conversations")
    assert (conversation["assignee_id"], conversation["customer_id"]) == (ines.pk, customer["id"])
    assert not (tmp_path / "out" / "mail").exists()
    read = formats.opened("regulars", tmp_path / "out", is_ours=lambda address: False).matters()
    (matter,) = [one for one in read if isinstance(one, Matter)]
    assert matter.customer.email == "ada@example.com"
    assert [turn.text for turn in matter.turns if turn.is_note] == ["Be kind."]
    assert [turn.text for turn in matter.turns if not turn.is_note] == [one["text"] for one in said.values()]
    assert matter.turns[0].files[0].path and matter.turns[0].files[0].path.read_bytes() == b"a map"


@on_disk
def test_any_mail_program_opens_the_mailbox_and_so_do_we(shop: Message, mailbox: Channel, tmp_path: Path) -> None:
    running.move_out(tmp_path / "out", form="mbox")
    box = tmp_path / "out" / "mail" / "help@shop.example.mbox"
    theirs = list(mailboxes.mbox(box, create=False))
    ids = [f"<{each}>" for each in Message.objects.filter(kind="message").values_list("external_id", flat=True)]
    assert sorted(one["Message-ID"] for one in theirs) == sorted(ids)
    read = [understand(each.read()) for each in mail_files.mboxes(box)]
    assert read[0].text.strip() == SAID and [one.name for one in read[0].attachments] == ["map.pdf"]
    assert read[1].text.strip() == "On its way.\nFrom tomorrow on."
    assert read[1].in_reply_to == ("one@example.com",) and read[1].author and read[1].author.name == "Ines"
    archive = formats.opened("mbox", box, is_ours=lambda address: address == mailbox.address)
    (matter,) = archive.matters()
    assert isinstance(matter, Matter)
    assert [turn.text.strip() for turn in matter.turns] == [SAID, "On its way.\nFrom tomorrow on."]
    assert matter.customer.email == "ada@example.com" and archive.total == 1


@on_disk
def test_it_is_one_moment_whatever_happens_meanwhile(shop: Message, mailbox: Channel, tmp_path: Path) -> None:
    begun: list[int] = []

    def meanwhile(done: float, what: str) -> None:
        if not begun:
            begun.append(ask(shop.conversation.customer_id, mailbox, "Too late").pk)

    manifest = running.move_out(tmp_path / "out", progress=meanwhile)
    assert begun and manifest["counts"]["conversations"] == 1 and manifest["mails"] == 2
    assert "Too late" not in (tmp_path / "out" / "messages.jsonl").read_text()


@on_disk
def test_only_what_is_new_and_without_files_when_asked_so(shop: Message, tmp_path: Path) -> None:
    files.remove(next(iter(files.stored()))[0])
    assert len(running.move_out(tmp_path / "all")["attachments"]["missing"]) == 1
    later = running.move_out(tmp_path / "later", since=clock.now(), with_files=False)
    assert (later["counts"]["conversations"], later["counts"]["messages"], later["mails"]) == (0, 0, 0)
    assert later["counts"]["side_messages"] == later["counts"]["attachments"] == 0
    assert later["counts"]["customers"] and "attachments" not in later
    assert not (tmp_path / "later" / "attachments").exists()


@on_disk
def test_nothing_is_in_its_place_before_all_of_it_is(tmp_path: Path) -> None:
    make_agent("Ines")
    place = tmp_path / "out"
    place.mkdir()
    (place / "mine.txt").write_text("keep")
    with pytest.raises(FolderNotEmpty):
        running.move_out(place)
    assert [each.name for each in tmp_path.rglob("*")] == ["out", "mine.txt"]
    (place / "mine.txt").unlink()

    def broken(done: float, what: str) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        running.move_out(place, progress=broken)
    assert list(place.iterdir()) == [] and (tmp_path / "out.partial" / "incomplete").exists()
    running.move_out(place)
    assert (place / "manifest.json").exists() and not (tmp_path / "out.partial").exists()
    (tmp_path / "other.partial").mkdir()
    with pytest.raises(FolderNotOurs):
        running.move_out(tmp_path / "other")


WORDS = st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" \n>"), max_size=300)
LINES = st.lists(WORDS | st.sampled_from(["From me", ">From you", "--=_regulars-7-a", "x" * 1_500, "."]), max_size=6)


@settings(max_examples=30, deadline=None)
@given(name=WORDS, subject=WORDS, lines_=LINES, html=WORDS)
def test_whatever_was_written_is_read_back_from_the_mailbox(
    name: str, subject: str, lines_: list[str], html: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = "\n".join(lines_)
    people = {
        "from": [{"name": name, "address": "ada@example.com"}],
        "to": [{"name": name, "address": "b@example.com"}],
    }
    at = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)
    said = Said(7, 1, 3, "customer", name, subject, text, html if text.strip() else "", people, at, "", None, "", "")
    box = tmp_path_factory.mktemp("box") / "help.mbox"
    one = entry(
        compose(said, Box("help.mbox", "Help", "help@shop.example"), before=["a@b.c"], with_files=True),
        sender="ada@example.com",
        at=at,
    )
    box.write_bytes(one + one)
    assert len(list(mailboxes.mbox(box, create=False))) == 2
    for place in mail_files.mboxes(box):
        read = understand(place.read())
        assert read.text.split() == text.split()
        assert (read.subject or "").split() == one_line(subject).split()
        assert read.author and read.author.address == "ada@example.com" and place.came_at == at
        assert [each.address for each in read.to] == ["b@example.com"]
        assert (read.message_id, read.in_reply_to) == ("message-7@shop.example", ("a@b.c",))


# What does not leave, and why; whatever is new belongs into a kind of its own or in here.
STAYS = {
    "lets somebody in": {
        "accounts_invitation", "accounts_key", "accounts_onetimelink", "api_webhook", "customers_portallink",
        "customers_portalsession",
    },
    "is worked out from the rest": {
        "desk_clock", "desk_episode", "desk_episodemark", "desk_searched", "desk_turn", "desk_word",
        "insights_factcount", "insights_mirrorfile", "insights_mirrorstate", "insights_scorerun",
    },
    "is under way, or how this installation works": {
        "api_call", "api_notice", "channels_mailbox", "customers_appliedmessage", "customers_claimedlink",
        "customers_erasure", "customers_import", "customers_pendingcall", "customers_rejectedmessage", "desk_awaited",
        "desk_bulk", "desk_draft", "desk_export", "desk_farfile", "desk_firstdraft", "desk_house", "desk_origin",
        "desk_presence", "insights_report", "kernel_change", "kernel_cursor", "kernel_handled", "kernel_logepoch",
        "kernel_suppression",
    },
}  # fmt: skip


def test_every_table_is_taken_along_or_stays_for_a_reason() -> None:
    said = " ".join([*(kind.query() for kind in kinds()), RAW])
    ours = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_config.name.startswith("regulars.")
    }
    taken = {table for table in ours if re.search(rf"\b{table}\b", said)}
    assert ours - taken == set().union(*STAYS.values())


def test_the_reference_says_every_field() -> None:
    documented: dict[str, tuple[str, dict[str, str]]] = {}
    for section in re.split(r"^### ", REFERENCE.read_text(), flags=re.MULTILINE)[1:]:
        heading, _, body = section.partition("\n")
        sentence = next(line for line in body.splitlines() if line.strip())
        documented[heading.strip("` ").removesuffix(".jsonl")] = (
            sentence, dict(re.findall(r"^- `(.+?)`: (.+)$", body, flags=re.MULTILINE)),
        )  # fmt: skip
    assert documented == {
        each.name: (each.sentence, {name: meaning for name, (_sql, meaning) in each.fields.items()}) for each in kinds()
    }
