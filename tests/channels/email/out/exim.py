"""A real mail server (Exim, from the system's packages) on loopback, with a folder of its own."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

CONFIGURATION = """
primary_hostname = mail.test
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
spool_directory = {home}/spool
log_file_path = {home}/log-%s
pid_file_path = {home}/exim.pid
exim_user = {owner}
exim_group = {group}
never_users =
tls_advertise_hosts =
smtputf8_advertise_hosts = *
disable_ipv6
queue_run_in_order
acl_smtp_rcpt = look_at_recipient
begin acl
look_at_recipient:
  deny local_parts = nobody
       message = 5.1.1 There is no such person here
  defer local_parts = later
       message = 4.2.1 Come back later
  accept
begin routers
everybody:
  driver = accept
  transport = box
begin transports
box:
  driver = appendfile
  maildir_format
  directory = {home}/mail
  create_directory
  user = {owner}
  group = {group}
"""


def program() -> str | None:
    """Where Exim is, if it is installed; tests say so where it is not."""
    return shutil.which("exim4") or shutil.which("exim")


def owner() -> pwd.struct_passwd:
    """As whom it works, and to whom the mail it lays down belongs."""
    return pwd.getpwnam("Debian-exim") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


class Exim:
    """A running server."""

    def __init__(self, home: Path, *, configuration: str | None = None) -> None:
        """The configuration may name {home}, {port}, {owner} and {group}."""
        self.home = home
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        keeper = owner()
        for folder in (home, home / "mail", home / "spool"):
            folder.mkdir(exist_ok=True)
            os.chown(folder, keeper.pw_uid, keeper.pw_gid)
        names = {"owner": keeper.pw_name, "group": keeper.pw_gid}
        text = (configuration or CONFIGURATION).format(home=home, port=self.port, **names)
        (home / "exim.conf").write_text(text)
        command = [program() or "exim4", "-C", str(home / "exim.conf"), "-bdf"]
        with (home / "output").open("wb") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output)

    def wait(self) -> None:
        for _ in range(1_200):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as door:
                if door.recv(3) == b"220":
                    return
            time.sleep(0.05)
        raise RuntimeError(f"Exim does not start: {(self.home / 'output').read_text()[-2000:]}")

    def mails(self, count: int) -> list[bytes]:
        """What was delivered since the last look, once there are so many."""
        for _ in range(1_200):
            found = sorted((self.home / "mail").glob("new/*"))
            if len(found) >= count:
                break
            time.sleep(0.05)
        found = sorted((self.home / "mail").glob("new/*"))
        mails = [file.read_bytes() for file in found]
        for file in found:
            file.unlink()
        return mails

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)
