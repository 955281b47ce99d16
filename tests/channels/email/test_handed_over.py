"""A real mail server (Exim) hands mail over by SMTP and by LMTP, and sends again what could not be stored."""

import shutil
import smtplib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import OperationalError

from regulars.channels.actions import incoming
from regulars.channels.models import Channel, Incoming
from tests.channels.email.out import exim
from tests.channels.email.test_receiver import listening
from tests.desk.cast import make_mailbox
from tests.desk.post import mail

PASSED_ON = """
begin routers
ours:
  driver = manualroute
  route_list = * 127.0.0.1
  self = send
  transport = over
begin transports
over:
  driver = smtp
  protocol = {protocol}
  port = {door}
  allow_localhost
begin retry
*  *  F,1h,1s
"""


@pytest.fixture
def mailbox(transactional_db: None) -> Channel:
    return make_mailbox()


@contextmanager
def passing_on(door: int, protocol: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[exim.Exim]:
    """An Exim that hands everything over at this door."""
    if exim.program() is None:
        pytest.skip("Exim is not installed (apt-get install exim4-daemon-light)")
    head = exim.CONFIGURATION.partition("begin routers")[0]
    monkeypatch.setattr(
        exim, "CONFIGURATION", head + PASSED_ON.replace("{protocol}", protocol).replace("{door}", str(door))
    )
    home = Path(tempfile.mkdtemp(prefix="regulars-exim-"))
    home.chmod(0o755)
    server = exim.Exim(home)
    try:
        server.wait()
        yield server
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


def come(count: int) -> int:
    """How many are stored, once there are so many."""
    for _ in range(200):
        if Incoming.objects.count() >= count:
            break
        time.sleep(0.1)
    return Incoming.objects.count()


@pytest.mark.parametrize("protocol", ["smtp", "lmtp"])
def test_a_mail_server_hands_over_all_it_has(protocol: str, mailbox: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(is_lmtp=protocol == "lmtp") as door, passing_on(door, protocol, monkeypatch) as server:
        with smtplib.SMTP("127.0.0.1", server.port, timeout=20) as client:
            for number in range(8):
                to = ["help@shop.example", "help+c1.x@shop.example"][: 1 + number % 2]
                client.sendmail("ada@example.com", to, mail(f"Mail {number}", id=f"{number}@t"))
        assert come(8) == 8
    said = [row.envelope["to"] for row in Incoming.objects.order_by("pk")]
    assert sorted(len(to) for to in said) == [1, 1, 1, 1, 2, 2, 2, 2]
    assert all(b"Message-ID" in bytes(row.raw) for row in Incoming.objects.all())


def test_what_could_not_be_stored_is_sent_again_and_stored_once(
    mailbox: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, refused = incoming.store_all, [0]

    def away_at_first(came: list[incoming.Came]) -> list[int]:
        refused[0] += 1
        if refused[0] <= 2:  # the batch, and then the mail alone
            raise OperationalError("the database is away")
        return store(came)

    monkeypatch.setattr(incoming, "store_all", away_at_first)
    with listening() as door, passing_on(door, "smtp", monkeypatch) as server:
        with smtplib.SMTP("127.0.0.1", server.port, timeout=20) as client:
            client.sendmail("ada@example.com", ["help@shop.example"], mail("Only once", id="once@t"))
        for _ in range(100):
            if refused[0] >= 2:
                break
            time.sleep(0.1)
        assert Incoming.objects.count() == 0
        time.sleep(1.5)
        program = exim.program() or "exim4"
        subprocess.run([program, "-C", str(server.home / "exim.conf"), "-qff"], timeout=60, check=False)
        assert come(1) == 1
