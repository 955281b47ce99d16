"""A full disk: mail waits until there is room again, and a person is told before anything is half done."""

import errno
import os
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from regulars.accounts.models import Agent
from regulars.channels.actions import understanding
from regulars.channels.models import Channel, Incoming
from regulars.desk.models import Attachment, Conversation
from regulars.kernel.errors import NoRoom
from tests.desk.post import counts, mail, store

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Nothing more can be written for good until it is undone."""

    def refuse(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", refuse)
        yield disk


def test_mail_with_a_file_waits_for_room_however_long_and_comes_once(
    full: pytest.MonkeyPatch, mailbox: Channel
) -> None:
    row = store(mail("See the picture.", files={"bag.png": b"torn"}), mailbox)
    for _ in range(understanding.MOST_ATTEMPTS + 2):
        with pytest.raises(NoRoom):
            understanding.drain(mailbox.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts, counts()) == (Incoming.STORED, 0, (0, 0))
    full.undo()
    understanding.drain(mailbox.pk)
    row.refresh_from_db()
    assert (row.state, counts()) == (Incoming.PLACED, (1, 1))
    assert Attachment.objects.get().name == "bag.png"


def test_a_file_for_an_answer_is_refused_and_says_why(
    full: pytest.MonkeyPatch, question: Conversation, ines: Agent, client: Client
) -> None:
    client.force_login(ines)
    sent = {"upload": SimpleUploadedFile("label.pdf", b"%PDF")}
    answer = client.post(reverse("desk:files", args=[question.pk]), sent)
    assert answer.status_code == 507
    assert "The disk is full" in answer.content.decode()
    assert not Attachment.objects.exists()
