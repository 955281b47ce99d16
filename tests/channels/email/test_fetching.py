"""Mail is fetched from a real IMAP server: nothing is missed, nothing comes twice, nothing is changed there."""

from datetime import UTC, datetime, timedelta

import pytest

from regulars.channels.actions import fetching, setting_up
from regulars.channels.email import imap
from regulars.channels.models import Channel, Incoming, Mailbox
from regulars.kernel.actors import SYSTEM
from tests.channels.email.cutting import CuttingLine
from tests.channels.email.dovecot import Dovecot

NOW = datetime.now(UTC)


def letter(number: int, *, size: int = 100) -> bytes:
    head = f"From: ada@example.com\r\nSubject: {number}\r\nMessage-ID: <{number}@example.com>\r\n\r\n"
    return head.encode() + b"x" * size + b"\r\n"


def bring(server: Dovecot, owner: str, *numbers: int, at: datetime | None = None, size: int = 100) -> None:
    with server.client(owner) as client:
        for number in numbers:
            client.append("INBOX", letter(number, size=size), msg_time=at)


def stored(channel: Channel) -> list[tuple[str, bool]]:
    rows = Incoming.objects.filter(channel=channel).order_by("pk")
    return [(bytes(row.raw).split(b"\r\n")[1].decode(), row.is_history) for row in rows]


def again(channel: Channel) -> int:
    """Look once more, at once."""
    Mailbox.objects.update(next_try_at=None)
    return fetching.fetch(channel.pk)


def change(channel: Channel, **settings: object) -> None:
    Channel.objects.filter(pk=channel.pk).update(settings={**channel.settings, **settings})


def test_the_first_look_brings_history_and_the_next_what_is_new(
    channel: Channel, imap_server: Dovecot, owner: str
) -> None:
    bring(imap_server, owner, 1, 2)
    assert fetching.fetch(channel.pk) == 2
    bring(imap_server, owner, 3)
    assert fetching.fetch(channel.pk) == 1
    assert fetching.fetch(channel.pk) == 0
    assert stored(channel) == [("Subject: 1", True), ("Subject: 2", True), ("Subject: 3", False)]
    channel.refresh_from_db()
    assert channel.trouble == "" and channel.worked_at is not None and channel.synced_at is not None


def test_mail_that_somebody_read_elsewhere_comes_too_and_nothing_is_marked(
    channel: Channel, imap_server: Dovecot, owner: str
) -> None:
    fetching.fetch(channel.pk)
    bring(imap_server, owner, 1, 2)
    with imap_server.client(owner) as client:
        client.select_folder("INBOX")
        client.add_flags([1], [b"\\Seen"])
    assert fetching.fetch(channel.pk) == 2
    with imap_server.client(owner) as client:
        client.select_folder("INBOX")
        assert [len(client.search(f"UID {uid} UNSEEN")) for uid in (1, 2)] == [0, 1]


def test_history_goes_back_as_far_as_asked_and_a_dry_run_says_how_far(
    channel: Channel, imap_server: Dovecot, owner: str
) -> None:
    bring(imap_server, owner, 1, at=NOW - timedelta(days=400))
    bring(imap_server, owner, 2, at=NOW - timedelta(days=3))
    server = imap.way_in(channel.settings, setting_up.secrets_of(channel))
    assert server is not None
    foreseen = fetching.foresee(server, since_days=30)
    assert (foreseen.there, foreseen.brought, foreseen.folders) == (2, 1, ["INBOX"])
    assert fetching.foresee(server, since_days=None).brought == 2
    assert fetching.foresee(server, since_days=0).brought == 0
    assert not Incoming.objects.exists()
    change(channel, imap_since_days=30)
    assert fetching.fetch(channel.pk) == 1
    assert stored(channel) == [("Subject: 2", True)]
    bring(imap_server, owner, 3, at=NOW - timedelta(days=400))  # moved here by somebody, it is new to us
    assert fetching.fetch(channel.pk) == 1


def test_no_history_is_brought_where_none_is_wanted(channel: Channel, imap_server: Dovecot, owner: str) -> None:
    change(channel, imap_since_days=0)
    bring(imap_server, owner, 1)
    assert fetching.fetch(channel.pk) == 0
    bring(imap_server, owner, 2)
    assert fetching.fetch(channel.pk) == 1
    assert stored(channel) == [("Subject: 2", False)]


def test_other_numbers_than_before_lose_nothing(channel: Channel, imap_server: Dovecot, owner: str) -> None:
    bring(imap_server, owner, 1)
    fetching.fetch(channel.pk)
    bring(imap_server, owner, 2)
    fetching.fetch(channel.pk)
    imap_server.renumber(owner)
    bring(imap_server, owner, 3)
    assert fetching.fetch(channel.pk) == 3  # the first two are known by their ids, when they are placed
    assert {subject for subject, _ in stored(channel)} == {"Subject: 1", "Subject: 2", "Subject: 3"}
    assert ("Subject: 3", False) in stored(channel)
    assert fetching.fetch(channel.pk) == 0


def test_a_line_that_is_cut_again_and_again_brings_everything_once(
    channel: Channel, imap_server: Dovecot, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(imap_server, owner, *range(1, 31), size=3000)
    line = CuttingLine(imap_server.port, bytes_each=25_000)
    change(channel, imap_port=line.port)
    monkeypatch.setattr(fetching, "BATCH", 4)
    brought = [again(channel)]
    channel.refresh_from_db()
    assert "was cut" in channel.trouble and "What came is kept" in channel.trouble
    while channel.trouble and len(brought) < 30:
        brought.append(again(channel))
        channel.refresh_from_db()
    line.close()
    assert line.cuts >= 3
    assert sorted(int(subject.split()[1]) for subject, _ in stored(channel)) == list(range(1, 31))


def test_a_wrong_password_is_said_and_waits_longer_each_time(channel: Channel) -> None:
    setting_up.change(
        channel.pk,
        by=SYSTEM,
        name=channel.name,
        address=channel.address,
        settings=channel.settings,
        secret={"imap_password": "wrong"},
    )
    assert fetching.fetch(channel.pk) == 0
    channel.refresh_from_db()
    assert "refused the sign-in of help-" in channel.trouble
    since, mailbox = channel.trouble_at, Mailbox.objects.get()
    assert mailbox.next_try_at and mailbox.next_try_at > datetime.now(UTC) + timedelta(minutes=4)
    fetching.fetch(channel.pk)
    assert Mailbox.objects.get().failures == 1  # it rests
    again(channel)
    channel.refresh_from_db()
    assert (Mailbox.objects.get().failures, channel.trouble_at) == (2, since)


def test_a_folder_that_is_not_there_is_said_with_those_that_are(channel: Channel) -> None:
    change(channel, imap_folder="Help")
    fetching.fetch(channel.pk)
    channel.refresh_from_db()
    assert channel.trouble == "There is no folder “Help” on 127.0.0.1. There are: INBOX."


def test_what_is_missing_here_is_noticed_by_counting_and_brought(
    channel: Channel, imap_server: Dovecot, owner: str
) -> None:
    bring(imap_server, owner, 1, 2, 3)
    fetching.fetch(channel.pk)
    Incoming.objects.filter(source_key__endswith=":2").delete()
    assert fetching.fetch(channel.pk) == 0
    Mailbox.objects.update(counted_at=NOW - timedelta(hours=2))
    assert fetching.fetch(channel.pk) == 1
    mailbox = Mailbox.objects.get()
    assert (mailbox.on_server, mailbox.stored) == (3, 3)


def test_a_mail_that_is_too_large_leaves_its_header(
    channel: Channel, imap_server: Dovecot, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "LARGEST", 5_000)
    bring(imap_server, owner, 1, size=9_000)
    fetching.fetch(channel.pk)
    row = Incoming.objects.get()
    assert row.envelope["left_on_server_bytes"] > 9_000
    assert b"Message-ID: <1@example.com>" in bytes(row.raw) and len(row.raw) < 500
