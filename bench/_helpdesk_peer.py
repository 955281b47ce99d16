"""django-helpdesk as `bench.helpdesk` runs it: an environment of its own, filled by COPY, served by gunicorn."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import _desk
from bench._product import free_port

ROOT = Path(__file__).parent.parent
PINS = ROOT / "requirements" / "peer-helpdesk.txt"
OPEN, RESOLVED, CLOSED = 1, 3, 4  # its numbers; what waits or is put aside is closest to its "resolved"
RECENT = 20_000  # conversations; the product's pages are drawn from as many
_SIGN_IN_THERE = """
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
agent = User.objects.filter(username="bench").first() or User.objects.create_superuser("bench", "bench@shop.example")
client = Client()
client.force_login(agent)
print(client.cookies[settings.SESSION_COOKIE_NAME].value)
"""
_QUEUES = """
SELECT id, name, 'team-' || id, false, false, false, true, 'helpdesk.queue_access_team-' || id
FROM accounts_team
"""
_QUEUE_COLUMNS = (
    "helpdesk_queue (id, title, slug, allow_public_submission, allow_email_submission, email_box_ssl,"
    " enable_notifications_on_email_events, permission_name)"
)
_TICKETS = f"""
SELECT c.id, left(c.subject, 200), c.created_at, c.last_at, customer.email,
       CASE c.status WHEN 'open' THEN {OPEN} WHEN 'resolved' THEN {CLOSED} ELSE {RESOLVED} END, c.status = 'snoozed',
       m.text, c.priority, c.due_at, CASE WHEN c.assignee_id IS NOT NULL THEN %(agent)s END, c.team_id, md5(c.id::text)
FROM desk_conversation c JOIN customers_customer customer ON customer.id = c.customer_id
JOIN LATERAL (SELECT text FROM desk_message WHERE conversation_id = c.id ORDER BY id LIMIT 1) AS m ON true
WHERE c.spam_at IS NULL AND c.id BETWEEN %(begin)s AND %(end)s ORDER BY c.id
"""
_FOLLOWUPS = """
SELECT m.id, m.at, '', m.text, true, m.conversation_id, CASE WHEN m.author_kind = 'agent' THEN %(agent)s END
FROM desk_message m JOIN desk_conversation c ON c.id = m.conversation_id
WHERE c.spam_at IS NULL AND c.id BETWEEN %(begin)s AND %(end)s
  AND m.id > (SELECT min(id) FROM desk_message WHERE conversation_id = c.id) ORDER BY m.id
"""
_STANDING = f"""
UPDATE helpdesk_ticket SET status = seeded.status
FROM (SELECT id, CASE {_desk.STATUS} WHEN 'open' THEN {OPEN} WHEN 'resolved' THEN {CLOSED} ELSE {RESOLVED} END AS status
        FROM helpdesk_ticket WHERE id >= %(count)s * 0.9) AS seeded
WHERE helpdesk_ticket.id = seeded.id AND helpdesk_ticket.status <> seeded.status
"""
_INTO = {
    "helpdesk_ticket (id, title, created, modified, submitter_email, status, on_hold, description, priority, due_date,"
    " assigned_to_id, queue_id, secret_key)": _TICKETS,
    "helpdesk_followup (id, date, title, comment, public, ticket_id, user_id)": _FOLLOWUPS,
}


class Door:
    """Where one of the two is asked, and as whom."""

    def __init__(self, port: int, cookie: str) -> None:
        self.port, self.cookie = port, cookie

    def get(self, address: str) -> str:
        """One page's text, asked for as a click does."""
        import http.client

        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        headers = {"Cookie": f"sessionid={self.cookie}", "Accept-Language": "en", "HX-Request": "true"}
        connection.request("GET", address, headers=headers)
        answer = connection.getresponse()
        if answer.status != 200:
            raise RuntimeError(f"{address} answered {answer.status}")
        return answer.read().decode()


class Peer:
    """django-helpdesk in a folder: its environment, its files; its database is on the product's server."""

    def __init__(self, folder: Path, database_host: str) -> None:
        self.folder, self.python = folder, folder / "env" / "bin" / "python"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("REGULARS", "DJANGO"))},
            "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "bench._helpdesk_settings",
            "HELPDESK_FOLDER": str(folder), "HELPDESK_DATABASE_HOST": database_host,
        }  # fmt: skip
        self.database = {"host": database_host, "user": "postgres", "autocommit": True}

    def prepare(self) -> None:
        """The environment and an empty, migrated database, unless they are there."""
        import psycopg

        self.folder.mkdir(exist_ok=True)
        installed = self.folder / "env" / "installed"
        if not installed.exists():
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(self.folder / "env")], check=True)
            self._run("-m", "pip", "install", "--disable-pip-version-check", "-q", "--require-hashes", "-r", str(PINS))
            installed.touch()
        with psycopg.connect(dbname="postgres", **self.database) as server:
            if not server.execute("SELECT 1 FROM pg_database WHERE datname = 'helpdesk'").fetchone():
                server.execute("CREATE DATABASE helpdesk")
        self._run("-m", "django", "migrate", "-v0")
        self._run("-m", "django", "collectstatic", "--noinput", "-v0")

    def fill(self, source: Any, count: int) -> float:
        """The product's conversations as tickets; returns the seconds it took, 0 when they are there."""
        import psycopg

        with psycopg.connect(dbname="helpdesk", **self.database) as target:
            if (target.execute("SELECT count(*) FROM helpdesk_ticket").fetchone() or (0,))[0] >= count * 0.9:
                return 0.0
            self._run("-c", f"import django; django.setup()\n{_SIGN_IN_THERE}")
            agent = (target.execute("SELECT min(id) FROM auth_user").fetchone() or (0,))[0]
            source.commit()
            source.autocommit = True
            target.execute("TRUNCATE helpdesk_queue CASCADE")  # a filling that was broken off begins anew
            began = time.perf_counter()
            _desk.copied(source, _QUEUES, {}, target, _QUEUE_COLUMNS)
            for into, made in _INTO.items():
                for begin in range(1, count + 1, _desk.SLICE):
                    part = {"begin": begin, "end": begin + _desk.SLICE - 1, "agent": agent}
                    _desk.copied(source, made, part, target, into)
            for table in ("helpdesk_queue", "helpdesk_ticket", "helpdesk_followup"):
                target.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
            target.execute("VACUUM ANALYZE")
            return time.perf_counter() - began

    def restore(self, count: int) -> None:
        """Take away what was answered in it, and let each ticket stand as its conversation was seeded.

        Every follow-up was a message of the seeded conversations; a desk that was answered in before the tickets
        were copied from it left some of them standing otherwise.
        """
        import psycopg

        with psycopg.connect(dbname="helpdesk", **self.database) as target:
            written = f"SELECT id FROM helpdesk_followup WHERE id > {count * _desk.MESSAGES}"
            for table in ("helpdesk_ticketchange", "helpdesk_followupattachment"):
                target.execute(f"DELETE FROM {table} WHERE followup_id IN ({written})")  # type: ignore[arg-type]  # made here
            target.execute("DELETE FROM helpdesk_followup WHERE id > %s", [count * _desk.MESSAGES])
            target.execute(_STANDING, {"count": count})

    def forms(self, conversations: int) -> dict[int, dict[str, Any]]:
        """What the form of each recent ticket is filled with when it is opened: an answer sends it along, unchanged."""
        import psycopg

        with psycopg.connect(dbname="helpdesk", **self.database) as target:
            rows = target.execute(
                "SELECT id, title, coalesce(assigned_to_id, 0), priority, queue_id FROM helpdesk_ticket WHERE id >= %s",
                [conversations - RECENT],
            )
            names = ("title", "owner", "priority", "queue")
            return {pk: dict(zip(names, values, strict=True)) for pk, *values in rows.fetchall()}

    @contextmanager
    def served(self) -> Iterator[Door]:
        """Two processes of gunicorn, until the block ends."""
        cookie = self._run("-c", f"import django; django.setup()\n{_SIGN_IN_THERE}").strip()
        port = free_port()
        command = [str(self.python), "-m", "gunicorn", "--workers", "2", "--timeout", "600", "--keep-alive", "60"]
        command += ["--worker-class", "gthread", "--threads", "8", "--bind", f"127.0.0.1:{port}"]
        with (self.folder / "gunicorn.log").open("ab") as log:
            process = subprocess.Popen(
                [*command, "django.core.wsgi:get_wsgi_application()"], env=self.environment, stdout=log, stderr=log
            )
        try:
            yield self._door(port, cookie)
        finally:
            process.terminate()
            process.wait(30)

    def _door(self, port: int, cookie: str) -> Door:
        door, until = Door(port, cookie), time.monotonic() + 60
        while True:
            try:
                door.get("/tickets/1/")
                return door
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.3)

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [str(self.python), *arguments], env=self.environment, cwd=self.folder, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        return done.stdout
