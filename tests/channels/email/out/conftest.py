"""A mail server, and a channel whose mail leaves through it."""

from collections.abc import Iterator

import pytest

from regulars.channels.actions import setting_up
from regulars.channels.email.out import servers
from regulars.channels.email.out.servers import Patience
from regulars.channels.models import Channel
from regulars.kernel.actors import SYSTEM
from tests.channels.email.out.mail_server import MailServer, running

HASTY = Patience(connecting=2, answer=1, after_the_end=1, altogether=4)


@pytest.fixture
def mail_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server, and little patience with it."""
    monkeypatch.setattr(servers.Server, "__init__", _hasty(servers.Server.__init__))
    with running() as server:
        yield server


def _hasty(init: object) -> object:
    def hasty(self: servers.Server, **given: object) -> None:
        init(self, **{"patience": HASTY, **given})  # type: ignore[operator]

    return hasty


@pytest.fixture
def sending(db: None, mail_server: MailServer) -> Channel:
    """The shop's mailbox, with its own way out."""
    return make_sending(mail_server)


def make_sending(mail_server: MailServer, **settings: object) -> Channel:
    """A channel for mail that leaves through this server."""
    out = {"smtp_host": "127.0.0.1", "smtp_port": mail_server.port, "smtp_security": "none", **settings}
    return setting_up.create("email", "Help", by=SYSTEM, address="help@shop.example", settings=out)
