"""A real IMAP server (Dovecot, from the system's packages) on loopback, with a folder of its own."""

import grp
import os
import pwd
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from imapclient import IMAPClient

USER, PASSWORD = "help@shop.example", "open-sesame"
CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
default_internal_user = {login}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 0
mail_location = maildir:{home}/mail/%u
mail_max_userip_connections = 100
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={home}/home/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
  chroot =
  user = {login}
}}
service anvil {{
  chroot =
  user = {login}
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
"""


def is_installed() -> bool:
    """Whether there is a Dovecot; tests say so where there is none."""
    return shutil.which("dovecot") is not None


class Dovecot:
    """A running server; `user` of a test is its own mailbox."""

    def __init__(self, home: Path, *, keeper: pwd.struct_passwd | None = None) -> None:
        """The mail on disk is the keeper's: ours, or nobody's where we are root."""
        self.home = home
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None
        for name in ("run", "state", "mail", "home"):
            (home / name).mkdir(parents=True, exist_ok=True)
        usual = pwd.getpwuid(os.geteuid()) if os.geteuid() else pwd.getpwnam("nobody")
        keeper = keeper or usual
        for folder in (home, home / "mail", home / "home"):
            folder.chmod(0o777)
        text = CONFIGURATION.format(
            home=home,
            port=self.port,
            login=keeper.pw_name,
            owner=keeper.pw_name,
            group=grp.getgrgid(keeper.pw_gid).gr_name,
            password=PASSWORD,
        )
        (home / "dovecot.conf").write_text(text)

    def start(self) -> None:
        command = ["dovecot", "-F", "-c", str(self.home / "dovecot.conf")]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(1_200):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as door:
                if door.recv(4) == b"* OK":
                    return
            time.sleep(0.05)
        log = (self.home / "log").read_text() if (self.home / "log").exists() else ""
        raise RuntimeError(f"Dovecot does not start: {log[-2000:]}")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)
            self.process = None

    def renumber(self, user: str) -> None:
        """Lose the numbers of a mailbox, as a restore does: it gets another UIDVALIDITY."""
        time.sleep(1.1)  # which is the second it is made in
        for name in ("dovecot-uidlist", "dovecot.index", "dovecot.index.log", "dovecot.index.cache"):
            (self.home / "mail" / user / name).unlink(missing_ok=True)

    def client(self, user: str) -> IMAPClient:
        """A client of the mailbox's owner, who puts mail there and moves it about."""
        client = IMAPClient("127.0.0.1", self.port, ssl=False, timeout=10)
        client.login(user, PASSWORD)
        return client


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
