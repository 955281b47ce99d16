"""Servers that say when mail came are listened to; what breaks, breaks into looking every while."""

import os
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from regulars.channels import watching
from regulars.channels.actions import fetching, pausing, understanding
from regulars.channels.email.imap import idling
from regulars.channels.models import Channel, Incoming
from regulars.channels.watching import Watcher
from regulars.desk.models import Message
from regulars.kernel import following
from regulars.kernel.actors import SYSTEM
from tests.channels.email.dovecot import Dovecot
from tests.channels.email.test_fetching import bring

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The mailboxes that were to be looked into."""
    found: list[int] = []
    monkeypatch.setattr(fetching, "soon", found.append)
    return found


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    made = Watcher()
    yield made
    made.close()


def turns(watcher: Watcher, until: Callable[[], object], *, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not until() and time.monotonic() < deadline:
        watcher.turn()
    assert until()


def test_a_worker_watches_mailboxes() -> None:
    assert "watch mailboxes" in following.LOOPS


def test_mail_is_at_the_desk_moments_after_it_came(
    channel: Channel, imap_server: Dovecot, owner: str, watcher: Watcher, asked: list[int]
) -> None:
    bring(imap_server, owner, 1)
    fetching.fetch(channel.pk)
    turns(watcher, lambda: watcher.lines)
    assert asked == [channel.pk]  # for what came before the line stood
    bring(imap_server, owner, 2)
    began = time.monotonic()
    turns(watcher, lambda: len(asked) > 1)
    fetching.fetch(channel.pk)
    understanding.drain(channel.pk)
    assert time.monotonic() - began < 5  # about half a second on a machine with nothing else to do
    assert Message.objects.count() == 2 == Incoming.objects.count()


def test_before_the_first_look_and_while_paused_nobody_listens(
    channel: Channel, watcher: Watcher, asked: list[int]
) -> None:
    watcher.turn()
    assert watcher.lines == {}
    fetching.fetch(channel.pk)
    watcher.looked_at = -1e9
    watcher.turn()
    assert list(watcher.lines) == [channel.pk]
    pausing.pause(channel.pk, by=SYSTEM)
    watcher.looked_at = -1e9
    watcher.turn()
    assert watcher.lines == {}


def test_a_line_that_is_cut_rests_and_then_stands_again(channel: Channel, watcher: Watcher, asked: list[int]) -> None:
    fetching.fetch(channel.pk)
    turns(watcher, lambda: watcher.lines)
    socket.socket(fileno=os.dup(watcher.lines[channel.pk].fileno())).shutdown(socket.SHUT_RDWR)
    turns(watcher, lambda: not watcher.lines)
    assert watcher.rests[channel.pk] > time.monotonic() + 60
    watcher.rests.clear()
    watcher.looked_at = -1e9
    turns(watcher, lambda: watcher.lines)


def test_a_line_is_renewed_before_the_server_ends_it(
    channel: Channel, imap_server: Dovecot, owner: str, watcher: Watcher, asked: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    fetching.fetch(channel.pk)
    turns(watcher, lambda: watcher.lines)
    monkeypatch.setattr(idling, "RENEW_SECONDS", 0)
    line = watcher.lines[channel.pk]
    assert line.heard(is_readable=False)
    monkeypatch.setattr(idling, "RENEW_SECONDS", 1_000)
    bring(imap_server, owner, 1)
    turns(watcher, lambda: len(asked) > 1)


def test_a_server_that_does_not_offer_it_is_left_alone_for_an_hour(
    channel: Channel, watcher: Watcher, asked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imapclient.IMAPClient.has_capability", lambda client, name: False)
    fetching.fetch(channel.pk)
    watcher.turn()
    assert watcher.lines == {} and watcher.rests[channel.pk] > time.monotonic() + watching.NOT_OFFERED_SECONDS - 60
