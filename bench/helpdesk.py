"""The desk beside django-helpdesk: `python -m bench.helpdesk --conversations 1000000`.

django-helpdesk is installed from `requirements/peer-helpdesk.txt` into an environment of its own, gets a database
on the product's own PostgreSQL server and, by COPY from one to the other, the same conversations: a ticket each with
the first message as its description and the others as follow-ups. Two gunicorn processes serve it. The same eight
closed-loop agents then ask both for the same pages, in turn; whoever is slow is asked for no longer than `--seconds`
a page. Before that the answers are compared: which are listed first, how many there are, what is shown of one, and
what an order's number finds. The process ends with 1 when they disagree.

Its list comes in two: a page without rows, then the rows. Whoever opens it waits for both, and so its whole page is
compared with its rows: `with_rows`.
"""

from __future__ import annotations

import argparse
import base64
import html
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench import _desk, desk
from bench._desk_words import COMMON, WORDS, word
from bench._measure import emit
from bench._product import SIGN_IN, Product, connect, free_port, in_product

ROOT = Path(__file__).parent.parent
PINS = ROOT / "requirements" / "peer-helpdesk.txt"
OPEN, RESOLVED, CLOSED = 1, 3, 4  # its numbers; what waits or is put aside is closest to its "resolved"
WHOLE = "list, the whole page"
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
_INTO = {
    "helpdesk_ticket (id, title, created, modified, submitter_email, status, on_hold, description, priority, due_date,"
    " assigned_to_id, queue_id, secret_key)": _TICKETS,
    "helpdesk_followup (id, date, title, comment, public, ticket_id, user_id)": _FOLLOWUPS,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.helpdesk", description=__doc__)
    parser.add_argument("--conversations", type=lambda text: int(float(text)), default=1_000_000)
    parser.add_argument("--requests", type=int, default=1_000, help="of each kind of page")
    parser.add_argument("--seconds", type=float, default=60, help="the longest to ask one of them for one kind of page")
    parser.add_argument("--keep", type=Path, help="use and keep this data directory, filled already or not")
    asked = parser.parse_args()
    data = asked.keep or Path(tempfile.mkdtemp(prefix="bench-helpdesk-"))
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o755)
    try:
        return 0 if run(data, asked) else 1
    finally:
        if asked.keep is None:
            shutil.rmtree(data, ignore_errors=True)


def run(data: Path, asked: argparse.Namespace) -> bool:
    port = free_port()
    with Product(data, port) as product, connect(data) as database:
        product.rest()
        cookie = in_product(data, SIGN_IN).strip()
        _desk.fill(database, asked.conversations)
        peer = Peer(data / "helpdesk", database.info.host)
        peer.prepare()
        seconds = peer.fill(database, asked.conversations)
        emit(bench="helpdesk", phase="fill", conversations=asked.conversations, seconds=round(seconds, 1))
        with peer.served() as there:
            here = Door(port, cookie)
            agreed = [_agree(name, one, other) for name, one, other in compared(here, there, database)]
            rows = 0.0
            for name, (ours, theirs) in pages(asked.conversations, peer.forms(asked.conversations)).items():
                contenders = ((here, "regulars", ours), (there, "django-helpdesk", theirs))
                median = _contend(name, asked, contenders, rows=rows if name == WHOLE else 0.0)
                rows = median if name == "list" else rows
    return all(agreed)


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


def tickets(**asked: Any) -> str:
    """The address its ticket list fetches its rows from."""
    query = {"filtering": {}, "filtering_null": {}, "sorting": "created", "sortreverse": True, "search_string": ""}
    encoded = base64.b64encode(json.dumps(query | asked).encode()).decode()
    return f"/datatables_ticket_list/{encoded}?draw=1&start=0&length=25"


def pages(conversations: int, forms: dict[int, dict[str, Any]]) -> dict[str, tuple[desk.Page, desk.Page]]:
    """The same pages of both, by name: ours, theirs."""
    ours = desk.pages(conversations)
    there = sorted(forms)
    lists = [
        tickets(filtering={"status__in": [OPEN]}),
        tickets(filtering={"status__in": [OPEN]}, filtering_null={"assigned_to__id__isnull": True}),
        tickets(filtering={"status__in": [RESOLVED]}),
        tickets(filtering={"status__in": [CLOSED]}),
    ]

    def get(address: str) -> tuple[str, str, dict[str, Any]]:
        return "GET", address, {}

    def answer(dice: random.Random) -> tuple[str, str, dict[str, Any]]:
        pk = dice.choice(there)
        return "POST", f"/tickets/{pk}/update/", forms[pk] | {"comment": "On its way.", "public": "1"}

    def looked_for(dice: random.Random) -> str:
        return dice.choice([dice.choice(COMMON), word(dice.randrange(200, WORDS))])

    counts = desk.Page(lambda _dice: get("/inbox/counts/"), is_part=True)
    search = desk.Page(lambda dice: get(f"/inbox/?{urlencode({'q': looked_for(dice)})}"), is_part=True)
    return {
        "list": (ours["list"], desk.Page(lambda dice: get(dice.choice(lists)))),
        WHOLE: (ours[WHOLE], desk.Page(lambda _dice: get("/tickets/"))),
        "open": (
            ours["open"], desk.Page(lambda dice: get(f"/tickets/{dice.choice(there)}/")),
        ),
        "reply": (ours["reply"], desk.Page(answer, expected=302)),
        "search": (search, desk.Page(lambda dice: get(tickets(search_string=looked_for(dice))))),
        "view counts": (counts, desk.Page(lambda _dice: get("/dashboard/"))),
    }  # fmt: skip


def compared(here: Door, there: Door, database: Any) -> Iterator[tuple[str, Any, Any]]:
    """What both were asked, and what each answered."""
    rows = json.loads(there.get(tickets(filtering={"status__in": [OPEN]})))
    yield "listed first", _listed(here.get("/inbox/?view=all")), [row["id"] for row in rows["data"]]
    opened = database.execute(
        "SELECT count(*) FROM desk_conversation WHERE status = 'open' AND spam_at IS NULL AND merged_into_id IS NULL"
    ).fetchone()[0]
    yield "how many are open", opened, rows["recordsTotal"]
    pk = rows["data"][7]["id"]
    said = [row[0] for row in database.execute("SELECT text FROM desk_message WHERE conversation_id = %s", [pk])]
    yield (
        "messages shown of one",
        _shown(said, here.get(f"/inbox/conversations/{pk}/")),
        _shown(said, there.get(f"/tickets/{pk}/")),
    )
    number = f"A{1_000_000 + pk}"
    found = json.loads(there.get(tickets(search_string=number)))["data"]
    yield "found by an order's number", _listed(here.get(f"/inbox/?q={number}")), [row["id"] for row in found]


def _listed(text: str) -> list[int]:
    """The conversations a list of ours shows, in its order."""
    return list(dict.fromkeys(int(pk) for pk in re.findall(r'/inbox/conversations/(\d+)/[?"]', text)))


def _shown(said: list[str], text: str) -> int:
    plain = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())
    return sum(" ".join(one.split()) in plain for one in said)


def _agree(about: str, one: Any, other: Any) -> bool:
    emit(bench="helpdesk", compared=about, regulars=one, helpdesk=other, agrees=one == other)
    return one == other


def _contend(
    name: str, asked: argparse.Namespace, contenders: tuple[tuple[Door, str, desk.Page], ...], *, rows: float
) -> float:
    """Ask both in turn; the median of the second. `rows` is what it takes to fetch the rows its page comes without."""
    medians = []
    for door, contender, page in contenders:
        found = desk.measured(page, door.port, door.cookie, requests=asked.requests, seconds=asked.seconds)
        ordered = sorted(found.seconds)
        medians.append(statistics.median(ordered))
        waited = medians[-1] + (rows if len(medians) > 1 else 0.0)
        emit(
            bench="helpdesk", contender=contender, page=name, conversations=asked.conversations, requests=len(ordered),
            agents=desk.AGENTS, median=round(medians[-1], 4), p95=round(ordered[int(len(ordered) * 0.95)], 4),
            refused=found.refused, times_regulars=round(waited / medians[0], 1),
            **({"with_rows": round(waited, 4)} if waited > medians[-1] else {}),
        )  # fmt: skip
    return medians[-1]


if __name__ == "__main__":
    sys.exit(main())
