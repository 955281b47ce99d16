"""How mail travels between Ada and the shop in a story: by real servers, else carried by hand.

Where Exim and Dovecot are installed, Ada's mail goes by SMTP to Exim, which lays it into the shop's mailbox;
the product's own jobs fetch it from there (IMAP, Dovecot), and hand what is written to Exim, which lays it into
Ada's. Nobody waits for a while: whoever waits, waits for a mail to be there.
"""

import shutil
import smtplib
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol, cast

from django.db import connection
from django.utils import timezone

from regulars.channels.actions import carrying, setting_up
from regulars.channels.models import Channel, Delivery
from regulars.desk.actions import letting_go
from regulars.desk.actions.messages import LET_GO
from regulars.desk.models import Message
from regulars.kernel import jobs
from regulars.kernel.actors import SYSTEM
from tests.channels.email import dovecot
from tests.channels.email.dovecot import PASSWORD, USER, Dovecot
from tests.channels.email.out import exim
from tests.channels.email.out.conftest import make_sending
from tests.channels.email.out.exim import Exim
from tests.channels.email.out.mail_server import MailServer, running
from tests.desk.post import deliver
from tests.stories.working import work

OURS = """
begin routers
ours:
  driver = accept
  domains = shop.example
  transport = shop
"""
SHOP = """
begin transports
shop:
  driver = appendfile
  maildir_format
  directory = {mailbox}
  create_directory
  return_path_add
  envelope_to_add
  user = {owner}
  group = {group}
"""


class PostOffice(Protocol):
    """What a story does with mail."""

    channel: Channel

    def comes_in(self, raw: bytes, *, to: str = USER) -> None:
        """A customer sends a mail; it is in the product when this returns."""
        ...

    def leaves(self) -> EmailMessage:
        """What was written leaves, its ten seconds over; the one mail that arrived."""
        ...


@contextmanager
def opened() -> Iterator[PostOffice]:
    """Real servers where they are installed, else one that the story plays."""
    with ExitStack() as stack:
        if dovecot.is_installed() and exim.program():
            yield RealPost(*stack.enter_context(_servers()))
        else:
            yield ByHand(stack.enter_context(running()))


class RealPost:
    """Exim and Dovecot, and the product's own jobs."""

    def __init__(self, server: Exim, box: Dovecot) -> None:
        self.server, self.box = server, box
        own = {"security": "none", "host": "127.0.0.1"}
        settings = {f"{way}_{name}": value for way in ("imap", "smtp") for name, value in own.items()}
        settings |= {"imap_port": box.port, "imap_user": USER, "smtp_port": server.port}
        self.channel = setting_up.create(
            "email", "Help", by=SYSTEM, address=USER, settings=settings, secret={"imap_password": PASSWORD}
        )
        self._look()  # the first look is for what lies there from before: nothing

    def comes_in(self, raw: bytes, *, to: str = USER) -> None:
        there = self._lying()
        with smtplib.SMTP("127.0.0.1", self.server.port, timeout=60) as client:
            client.sendmail("ada@example.com", [to], raw)
        give_up_at = time.monotonic() + 60
        while self._lying() == there:
            assert time.monotonic() < give_up_at, (self.server.home / "log-main").read_text()
            time.sleep(0.02)
        self._look()

    def leaves(self) -> EmailMessage:
        Message.objects.filter(state=Message.QUEUED).update(due_at=timezone.now())
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE task_name = %s", [LET_GO])
        work(ticks=False)
        (raw,) = self.server.mails(1)
        return _read(raw)

    def _look(self) -> None:
        """What the timetable asks for every 20 seconds, and all that comes of it."""
        jobs.defer("channels.fetch_all", timestamp=0)
        work(ticks=False)

    def _lying(self) -> int:
        """How many mails lie in the shop's mailbox."""
        return sum(1 for folder in ("new", "cur") for _ in (self.box.home / "mail" / USER / folder).glob("*"))


class ByHand:
    """Mail is stored as a source stores it, and carried to a server the story plays."""

    def __init__(self, server: MailServer) -> None:
        self.server, self.channel = server, make_sending(server)

    def comes_in(self, raw: bytes, *, to: str = USER) -> None:
        deliver(raw, self.channel)

    def leaves(self) -> EmailMessage:
        for message in Message.objects.filter(state=Message.QUEUED):
            Message.objects.filter(pk=message.pk).update(due_at=timezone.now())
            letting_go.let_go(message.pk)
        for delivery in Delivery.objects.filter(state=Delivery.QUEUED):
            carrying.deliver(delivery.pk)
        (sent,) = self.server.mails
        return sent


@contextmanager
def _servers() -> Iterator[tuple[Exim, Dovecot]]:
    home = Path(tempfile.mkdtemp(prefix="regulars-post-"))  # where the servers' own users can reach it
    home.chmod(0o755)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        box = Dovecot(home / "dovecot", keeper=exim.owner())  # who lays mail into it
        stack.callback(box.stop)
        box.start()
        server = Exim(_made(home / "exim"), configuration=_configuration(box))
        stack.callback(server.stop)
        server.wait()
        yield server, box


def _configuration(box: Dovecot) -> str:
    """Exim's, with the shop's mailbox before everybody else's."""
    shop = SHOP.replace("{mailbox}", str(box.home / "mail" / USER))
    return exim.CONFIGURATION.replace("\nbegin routers\n", OURS).replace("\nbegin transports\n", shop)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _read(raw: bytes) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(raw, EmailMessage, policy=policy.default))
