"""mbox and Maildir move in: threads by their ids, as they were, once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from regulars.accounts.models import Agent
from regulars.channels.models import Channel
from regulars.customers.models import Customer
from regulars.desk.models import Attachment, Conversation, Message, Step
from regulars.desk.moving import mail_files
from regulars.desk.moving.forms import NotAnArchive
from regulars.kernel import files, people
from regulars.kernel.models import Fact
from tests.desk.moving.conftest import Mover

pytestmark = pytest.mark.django_db


def mail(who: str, to: str, text: str, *, own: str, day: int = 3, answers: str = "", subject: str = "Tea") -> str:
    lines = [f"From: {who}", f"To: {to}", f"Subject: {subject}", f"Message-ID: <{own}>"]
    lines += [f"Date: Mon, {day} Mar 2025 10:00:00 +0000", "Content-Type: text/plain; charset=utf-8"]
    lines += [f"In-Reply-To: <{answers}>"] if answers else []
    return "\n".join([*lines, "", text, ""])


ASKED = mail("Ada Moreno <ada@example.com>", "help@shop.example", "Where is my tea?", own="a1")
ANSWERED = mail("Ines <ines@shop.example>", "ada@example.com", "It left today.", own="i1", day=4, answers="a1")
THANKED = mail("ada@example.com", "help@shop.example", "Thank you!", own="a2", day=5, answers="i1")


def mbox(folder: Path, *mails: str, name: str = "mail.mbox") -> Path:
    path = folder / name
    parts = [f"From x@y Tue Mar 04 03:33:2{number % 10} 2025\n{each}\n" for number, each in enumerate(mails)]
    path.write_text("".join(parts))
    return path


def test_a_thread_is_one_conversation_with_its_times_and_people(
    move_in: Mover, tmp_path: Path, ines: Agent, mailbox: Channel
) -> None:
    moved, misfits = move_in("mbox", mbox(tmp_path, THANKED, ASKED, ANSWERED))
    assert (moved.conversations, moved.messages, moved.customers, misfits) == (1, 3, 1, [])
    held = Conversation.objects.get()
    at = datetime(2025, 3, 3, 10, tzinfo=UTC)
    assert (held.subject, held.status, held.created_at, held.is_history) == ("Tea", "resolved", at, True)
    assert (held.channel_id, held.resolved_at) == (mailbox.pk, at.replace(day=5))
    ada = Customer.objects.get()
    assert (ada.name, ada.email, ada.known_at) == ("Ada Moreno", "ada@example.com", at)
    said = list(Message.objects.order_by("pk").values_list("author_kind", "author_id", "text", "external_id"))
    assert said == [
        ("customer", ada.pk, "Where is my tea?", "a1"),
        ("agent", ines.pk, "It left today.", "i1"),
        ("customer", ada.pk, "Thank you!", "a2"),
    ]
    verbs = list(Step.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["started", "waited", "opened", "resolved"]


def test_a_second_run_adds_nothing(move_in: Mover, tmp_path: Path, ines: Agent) -> None:
    path = mbox(tmp_path, ASKED, ANSWERED)
    move_in("mbox", path)
    before = (Conversation.objects.count(), Message.objects.count(), Fact.objects.count(), Customer.objects.count())
    moved, misfits = move_in("mbox", path)
    assert (moved.conversations, moved.here_already, moved.customers, misfits) == (0, 1, 0, [])
    after = (Conversation.objects.count(), Message.objects.count(), Fact.objects.count(), Customer.objects.count())
    assert after == before == (1, 2, before[2], 1)


def test_a_run_that_was_cut_short_goes_on(move_in: Mover, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [mail(f"c{n}@example.com", "help@shop.example", f"Question {n}", own=f"q{n}") for n in range(5)]
    path = mbox(tmp_path, *asked)
    monkeypatch.setattr("regulars.desk.actions.moving.BATCH", 2)

    def stop(done: float, count: int) -> None:
        if count == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move_in("mbox", path, progress=stop)
    assert Conversation.objects.count() == 4
    moved, _ = move_in("mbox", path)
    assert (moved.conversations, moved.here_already) == (1, 4)
    assert sorted(Message.objects.values_list("text", flat=True)) == [f"Question {n}" for n in range(5)]


def test_a_dry_run_says_the_same_and_stores_nothing(move_in: Mover, tmp_path: Path, ines: Agent) -> None:
    path = mbox(tmp_path, ASKED, ANSWERED, mail("musa@example.com", "help@shop.example", "And mine?", own="m1"))
    would, _ = move_in("mbox", path, is_dry=True)
    assert (Conversation.objects.count(), Customer.objects.count(), Fact.objects.count()) == (0, 0, 0)
    did, _ = move_in("mbox", path)
    assert would == did
    assert (did.conversations, did.messages, did.customers) == (2, 3, 2)


def test_who_was_erased_stays_out(move_in: Mover, tmp_path: Path) -> None:
    people.suppress([("email", "ada@example.com"), ("email", "kim@example.com")])  # of Kim there is no mail
    others = mail("musa@example.com", "help@shop.example, ada@example.com, Kim@example.com", "And mine?", own="m1")
    joined = mail("Ada <ada@example.com>", "musa@example.com", "Me too", own="a9", answers="m1", day=4)
    moved, misfits = move_in("mbox", mbox(tmp_path, ASKED, others, joined))
    assert [one.reason for one in misfits] == ["erased", "author erased"]
    assert all("ada" not in f"{one.where} {one.what}".lower() for one in misfits)
    assert (moved.conversations, list(Customer.objects.values_list("email", flat=True))) == (1, ["musa@example.com"])
    message = Message.objects.get()
    assert message.recipients["to"] == [{"name": "", "address": "help@shop.example"}]


def test_mail_that_is_here_already_is_not_doubled_and_what_came_since_is_named(move_in: Mover, tmp_path: Path) -> None:
    move_in("mbox", mbox(tmp_path, ASKED))
    moved, misfits = move_in("mbox", mbox(tmp_path, ASKED, ANSWERED, name="more.mbox"))
    assert (moved.conversations, moved.here_already, Message.objects.count()) == (0, 1, 1)
    assert [(one.reason, one.what) for one in misfits] == [("joins another", "i1")]


def test_answers_to_a_newsletter_that_is_not_here_are_matters_of_their_own(move_in: Mover, tmp_path: Path) -> None:
    answers = [
        mail(f"c{n}@example.com", "help@shop.example", "Yes please", own=f"r{n}", answers="news") for n in range(3)
    ]
    again = mail("c1@example.com", "help@shop.example", "Well, no", own="r9", answers="news", day=5)
    moved, _ = move_in("mbox", mbox(tmp_path, *answers, again))
    assert (moved.conversations, moved.messages) == (3, 4)


def test_a_maildir_brings_its_files(move_in: Mover, tmp_path: Path) -> None:
    for name in ("cur", "new", "tmp"):
        (tmp_path / "box" / name).mkdir(parents=True)
    raw = (
        "From: ada@example.com\nTo: help@shop.example\nDate: Mon, 3 Mar 2025 10:00:00 +0000\n"
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nLook\n--b\n"
        'Content-Type: text/csv; name="../tea.csv"\nContent-Disposition: attachment\n\na,b\n--b--\n'
    )
    (tmp_path / "box" / "cur" / "1.mail:2,S").write_text(raw)
    (tmp_path / "box" / "tmp" / "2.mail").write_text(raw.replace("Look", "Half"))
    moved, _ = move_in("maildir", tmp_path / "box")
    assert (moved.conversations, moved.files) == (1, 1)
    file = Attachment.objects.get()
    assert (file.name, file.type, files.read(file.digest).strip()) == ("tea.csv", "text/csv", b"a,b")


def test_from_inside_a_text_begins_no_mail_and_quoted_from_is_unquoted(tmp_path: Path) -> None:
    text = mail("ada@example.com", "help@shop.example", "Hello\n\nFrom now on I drink tea.\n>From here too.", own="x")
    (place,) = mail_files.mboxes(mbox(tmp_path, text))
    assert place.read().decode().count("\nFrom here too.") == 1
    assert b"From now on" in place.read()


def test_a_folder_without_mail_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing of the kind\n")
    with pytest.raises(NotAnArchive):
        list(mail_files.mboxes(tmp_path))
    with pytest.raises(NotAnArchive):
        list(mail_files.maildirs(tmp_path))


def test_real_mailboxes_move_in_whole(move_in: Mover, shared_data: Path) -> None:
    path = shared_data / "imports" / "mbox" / "lkml-210.mbox"
    if not path.exists():
        pytest.skip("the real mailboxes are not here (imports/mbox)")
    moved, misfits = move_in("mbox", path)
    assert moved.messages == Message.objects.count()
    assert moved.messages + sum(one.reason == "no time" for one in misfits) + copies(path) == 210
    assert moved.conversations == Conversation.objects.count() > 1
    again, _ = move_in("mbox", path)
    assert (again.conversations, again.here_already) == (0, moved.conversations)


def copies(path: Path) -> int:
    """Mails that the archive holds twice, to the letter."""
    raws = [place.read() for place in mail_files.mboxes(path)]
    return len(raws) - len(set(raws))
