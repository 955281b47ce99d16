"""Open inboxes while messages come in: `python -m bench.streams`.

Two hundred agents have the inbox open on twenty different views (one of them "mine", which is another list for each),
each on a stream of the real server. A process of its own takes fifty messages a second into conversations, as the
product does when a customer writes. Measured is the time from each commit to the moment the patch has been read from
the stream and parsed, once for every stream that is told of the conversation.

A stream has missed a message when its events never got as far as the change's number, or when at the end its list is
not what the database says. A row that was overtaken by a whole page of newer ones before it was painted was not
missed: its place is not on the screen; how often is said. The process ends with 1 when the bar is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bench import _desk
from bench._measure import emit
from bench._product import SIGN_IN, Product, connect, free_port, in_product

BAR_SECONDS = 1.0
SETTLE_SECONDS = 5.0
_AGENTS = """
import json, sys
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from regulars.accounts.models import Agent, Team
from regulars.desk.actions import views
from regulars.desk.models import View
from regulars.desk.selectors.views import views_of
from regulars.kernel.actors import SYSTEM
cookies = []
for number in range(COUNT):
    email = f"agent{number}@shop.example"
    agent = Agent.objects.filter(email=email).first() or Agent.objects.create_user(email, role="agent")
    session = SessionStore()
    session.update({SESSION_KEY: str(agent.pk), HASH_SESSION_KEY: agent.get_session_auth_hash(),
                    BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend"})
    session.create()
    cookies.append([agent.pk, session.session_key])
for team in Team.objects.all():
    team.agents.add(*[pk for pk, _ in cookies])
for number in range(1, 6):
    name = f"Bench {number}"
    if not View.objects.filter(name=name).exists():
        tree = {"all": [{"field": "status", "is": "in", "value": ["open"]},
                        {"field": "priority", "is": "in", "value": [1 + number % 3, 3]},
                        {"not": {"field": "team", "is": "in", "value": [Team.objects.order_by("pk")[number].pk]}}]}
        views.create(name, tree=tree, by=SYSTEM, is_shared=True)
keys = [each.key for each in views_of(Agent.objects.get(pk=cookies[0][0]).actor)]
print(json.dumps({"cookies": cookies, "views": [key for key in keys if key not in ("following", "spam")]}))
"""
_WRITER = """
import json, sys, time
import django; django.setup()
from regulars.desk.actions import messages
from regulars.desk.actions.messages import Written
from regulars.desk.models import Conversation
from regulars.kernel.actors import Actor
from regulars.kernel.models import Change
asked = json.loads(sys.stdin.readline())
whose = dict(Conversation.objects.filter(pk__in=asked["ids"]).values_list("pk", "customer_id"))
began, spent = time.time(), time.process_time()
for place, pk in enumerate(asked["ids"]):
    time.sleep(max(0, began + place / asked["rate"] - time.time()))
    messages.receive(pk, Written(text=f"Is there any news? {place}"), by=Actor("customer", whose[pk]))
    committed = time.time()
    number = Change.objects.filter(subject_id=pk).order_by("-pk").values_list("pk", flat=True).first()
    print(json.dumps([pk, number, committed]), flush=True)
print(json.dumps(time.process_time() - spent), flush=True)
"""
_LISTS = """
import json
from django.http import QueryDict
from regulars.desk.selectors import listing
from regulars.desk.selectors.views import views_of
from regulars.kernel.actors import Actor
found = {}
for agent, view in WANTED:
    by = Actor("agent", agent)
    found[f"{agent} {view}"] = [row.pk for row in listing.page(views_of(by).find(view).wanted(), by=by).rows]
print(json.dumps(found))
"""


@dataclass
class Open:
    """One agent's open inbox, and what it heard: when each row came, and how far it has been told."""

    agent: int
    cookie: str
    view: str
    heard: list[tuple[int, float, frozenset[int]]] = field(default_factory=list)  # number, when, rows in it
    order: list[int] = field(default_factory=list)
    number: int = 0
    bytes_read: int = 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.streams", description=__doc__)
    parser.add_argument("--conversations", type=lambda text: int(float(text)), default=20_000)
    parser.add_argument("--agents", type=int, default=200)
    parser.add_argument("--views", type=int, default=20)
    parser.add_argument("--rate", type=float, default=50, help="messages a second")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--keep", type=Path, help="use and keep this data directory, filled already or not")
    asked = parser.parse_args()
    data = asked.keep or Path(tempfile.mkdtemp(prefix="bench-streams-"))
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
        in_product(data, SIGN_IN)
        _desk.fill(database, asked.conversations)
        database.commit()
        database.autocommit = True
        house = json.loads(in_product(data, _AGENTS.replace("COUNT", str(asked.agents))).splitlines()[-1])
        views = house["views"][: asked.views]
        pages = [Open(pk, key, views[place % len(views)]) for place, (pk, key) in enumerate(house["cookies"])]
        ids = _chosen(database, int(asked.rate * asked.seconds))
        written, shares = asyncio.run(_through(pages, port, data, ids, asked.rate))
        wanted = sorted({(page.agent, page.view) for page in pages})
        there = json.loads(in_product(data, _LISTS.replace("WANTED", json.dumps(wanted))).splitlines()[-1])
    return report(asked, pages, written, there, shares, len(views))


def _chosen(database: Any, count: int) -> list[int]:
    """Conversations to write in, each once, of every state and team, in an order that mixes them."""
    rows = database.execute(
        "SELECT id FROM desk_conversation WHERE spam_at IS NULL ORDER BY hashint8extended(id, 9) LIMIT %s", [count]
    )
    return [row[0] for row in rows.fetchall()]


async def _through(
    pages: list[Open], port: int, data: Path, ids: list[int], rate: float
) -> tuple[list[tuple[int, int, float]], dict[str, float]]:
    """Open every stream, let the writer write, and wait until the last change has come everywhere."""
    reading = [asyncio.ensure_future(_read(page, port)) for page in pages]
    until = time.monotonic() + 60
    while not all(page.bytes_read for page in pages) and time.monotonic() < until:
        await asyncio.sleep(0.2)
    before, began = _processor_seconds(), time.monotonic()
    written, writer = await _write(data, ids, rate)
    after, seconds = _processor_seconds(), time.monotonic() - began
    after["writer"] = writer
    last, until = max(number for _, number, _ in written), time.monotonic() + SETTLE_SECONDS
    while any(page.number < last for page in pages) and time.monotonic() < until:
        await asyncio.sleep(0.1)
    await asyncio.sleep(1)  # whatever else the last ones set off
    for task in reading:
        task.cancel()
    await asyncio.gather(*reading, return_exceptions=True)
    return written, {name: round((after[name] - before.get(name, 0.0)) / seconds, 3) for name in after}


async def _write(data: Path, ids: list[int], rate: float) -> tuple[list[tuple[int, int, float]], float]:
    """What was written, and the writer's processor time, its start left out."""
    environment = {**os.environ, "REGULARS_DATA": str(data), "DJANGO_SETTINGS_MODULE": "regulars.settings"}
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _WRITER, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert writer.stdin is not None
    assert writer.stdout is not None
    writer.stdin.write(json.dumps({"ids": ids, "rate": rate}).encode() + b"\n")
    await writer.stdin.drain()
    *written, spent = [json.loads(line) async for line in writer.stdout]
    await writer.wait()
    return [(pk, number, committed) for pk, number, committed in written], spent


async def _read(page: Open, port: int) -> None:
    """One stream, as a browser reads it; connected again where it left off."""
    while True:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
        since = f"&since={page.number}" if page.number else ""
        writer.write(
            f"GET /live?list={quote('view=' + page.view)}{since} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Cookie: sessionid={page.cookie}\r\nAccept-Language: en\r\n\r\n".encode()
        )
        try:
            await _events(page, reader)
        finally:
            writer.close()


async def _events(page: Open, reader: asyncio.StreamReader) -> None:
    said: dict[str, str] = {}
    while line := await reader.readline():
        page.bytes_read += len(line)
        text = line.decode().rstrip("\r\n")
        if text:
            name, _, value = text.partition(": ")
            said[name] = value
        elif "event" in said:
            _heard(page, said)
            said = {}


def _heard(page: Open, said: dict[str, str]) -> None:
    content = json.loads(said["data"])
    now, page.number = time.time(), max(page.number, int(said.get("id", 0)))
    if said["event"] == "rows":
        page.order = content["order"]
        rows = frozenset(int(pk) for pk in content["rows"]) | frozenset(content["gone"])
        page.heard.append((page.number, now, rows))


def _processor_seconds() -> dict[str, float]:
    """Processor time so far of the product's processes, by what they are, and of this one."""
    parents, commands, spent = {}, {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            commands[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        parents[int(folder.name)] = int(fields[1])
        spent[int(folder.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    shares: dict[str, float] = defaultdict(float)
    for pid in parents:
        line, above = [], pid
        while above in parents:
            line.append(above)
            above = parents[above]
        if os.getpid() in line:
            shares[_kind(commands[pid], is_this=pid == os.getpid())] += spent[pid]
    return dict(shares)


def _kind(command: str, *, is_this: bool) -> str:
    if is_this:
        return "the streams' readers"
    if "postgres" in command:
        return "database"
    if "asked = json.loads" in command:
        return "writer"
    if re.search(r"regulars\S* (web|serve)|uvicorn", command):
        return "web"
    return next((kind for kind in ("worker", "scheduler") if kind in command), "others")


def report(
    asked: argparse.Namespace,
    pages: list[Open],
    written: list[tuple[int, int, float]],
    there: dict[str, list[int]],
    shares: dict[str, float],
    views: int,
) -> bool:
    delays, missed, overtaken = [], 0, 0
    for page in pages:
        came, told = {}, sorted(page.heard)
        for number, at, rows in told:
            for pk in rows:
                came.setdefault(pk, []).append((number, at))
        for pk, number, committed in written:
            shown = [at for heard, at in came.get(pk, ()) if heard >= number]
            if shown:
                delays.append(max(0.0, min(shown) - committed))
            elif page.number < number:
                missed += 1
            else:
                overtaken += 1  # or never on this list at all
    wrong = sum(page.order != there[f"{page.agent} {page.view}"] for page in pages)
    delays.sort()
    within = bool(delays) and delays[int(len(delays) * 0.95)] < BAR_SECONDS and not missed and not wrong
    took = written[-1][2] - written[0][2]
    emit(
        bench="streams", agents=len(pages), views=views, messages=len(written),
        messages_a_second=round((len(written) - 1) / took, 1), patches=len(delays),
        median=round(delays[len(delays) // 2], 3) if delays else None,
        p95=round(delays[int(len(delays) * 0.95)], 3) if delays else None,
        p99=round(delays[int(len(delays) * 0.99)], 3) if delays else None,
        slowest=round(delays[-1], 3) if delays else None, missed=missed, lists_wrong_at_the_end=wrong,
        not_on_the_page=overtaken, megabytes=round(sum(page.bytes_read for page in pages) / 2**20, 1),
        processors=shares, bar=BAR_SECONDS, within=within,
    )  # fmt: skip
    return within


if __name__ == "__main__":
    sys.exit(main())
