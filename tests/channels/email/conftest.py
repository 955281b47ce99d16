"""A mailbox on a real server, and a channel that reads it."""

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from regulars.channels.actions import setting_up
from regulars.channels.models import Channel
from regulars.kernel.actors import SYSTEM
from tests.channels.email import dovecot
from tests.channels.email.dovecot import PASSWORD, Dovecot


@pytest.fixture(scope="session")
def imap_server() -> Iterator[Dovecot]:
    if not dovecot.is_installed():
        pytest.skip("Dovecot is not installed (apt-get install dovecot-imapd)")
    home = Path(tempfile.mkdtemp(prefix="regulars-dovecot-"))  # where the server's own user can reach it
    server = Dovecot(home)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def owner() -> str:
    """The name of a mailbox nobody used before."""
    return f"help-{uuid.uuid4().hex[:8]}@shop.example"


@pytest.fixture
def channel(db: None, imap_server: Dovecot, owner: str) -> Channel:
    """A channel that fetches its mail from the server."""
    settings = {"imap_host": "127.0.0.1", "imap_port": imap_server.port, "imap_security": "none", "imap_user": owner}
    secret = {"imap_password": PASSWORD}
    return setting_up.create("email", "Help", by=SYSTEM, address="help@shop.example", settings=settings, secret=secret)
