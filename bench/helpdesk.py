"""The desk beside django-helpdesk: `python -m bench.helpdesk --conversations 1000000`.

django-helpdesk is installed from `requirements/peer-helpdesk.txt` into an environment of its own, gets a database
on the product's own PostgreSQL server and, by COPY from one to the other, the same conversations: a ticket each with
the first message as its description and the others as follow-ups. Two gunicorn processes serve it. The same eight
closed-loop agents then ask both for the same pages, in turn; whoever is slow is asked for no longer than `--seconds`
a page. Before that the answers are compared: which are listed first, how many there are, what is shown of one, and
what an order's number finds. The process ends with 1 when they disagree.

An answer is measured in two ways. "reply" is one form sent: theirs ends with a redirect, ours, asked without
scripts, too. What an agent waits for is to see the answer in the conversation: "reply, until the agent sees it" is
our form as the page sends it, which brings what changed, and theirs with the page that its redirect leads to. What
is answered here is taken away again, before and after, on both sides.

Its list comes in two: a page without rows, then the rows. Whoever opens it waits for both, and so its whole page is
compared with its rows: `with_rows`.
"""

from __future__ import annotations

import argparse
import base64
import html
import json
import random
import re
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench import _desk, _desk_restored, desk
from bench._desk_words import COMMON, WORDS, word
from bench._helpdesk_peer import CLOSED, OPEN, RESOLVED, Door, Peer
from bench._measure import emit
from bench._product import SIGN_IN, Product, connect, free_port, in_product

WHOLE = "list, the whole page"
SEEN = "reply, until the agent sees it"


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
        _restore(database, peer, asked.conversations)
        with peer.served() as there:
            here = Door(port, cookie)
            agreed = [_agree(name, one, other) for name, one, other in compared(here, there, database)]
            rows = 0.0
            for name, (ours, theirs) in pages(asked.conversations, peer.forms(asked.conversations)).items():
                contenders = ((here, "regulars", ours), (there, "django-helpdesk", theirs))
                median = _contend(name, asked, contenders, rows=rows if name == WHOLE else 0.0)
                rows = median if name == "list" else rows
        product.rest()
        _restore(database, peer, asked.conversations)
    return all(agreed)


def _restore(database: Any, peer: Peer, count: int) -> None:
    """Both as they were seeded, whatever was answered in them: so they agree however often this runs."""
    taken = _desk_restored.restore(database, count)
    peer.restore(count)
    emit(bench="helpdesk", phase="restore", conversations=count, answers_taken_away=taken)


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
        SEEN: (ours["reply, and what is shown then"], desk.Page(answer, follows=True)),
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
