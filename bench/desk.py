"""The desk with a million conversations: `python -m bench.desk --conversations 1000000`.

Everything is the product's own: `regulars up` on a fresh data directory, its tables filled on the server with
ten messages a conversation, its search written, its statistics gathered. Then eight agents, each asking for
the next page as soon as the last one came, use it as agents do: lists of several views, their next pages,
opening, answering, searching, counting. What is printed is what an agent waits, over a kept connection on
this machine; what the server itself says it took, the wait for one of its threads included; and the processor
time of one answer, of the web processes, the database, everything else of the product, and of asking.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench import _desk
from bench._door import Door
from bench._measure import emit
from bench._product import SIGN_IN, Product, connect, free_port, in_product

AGENTS = 8
FIRST = 3  # answers of each agent that are not counted
WARM = 25  # of them where all is measured, so that what comes first is measured as the rest: pieces are drawn once
MEDIAN_BAR, LATE_BAR = 0.100, 0.200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=lambda text: int(float(text)), default=1_000_000)
    parser.add_argument("--requests", type=int, default=1_000, help="of each kind of page")
    parser.add_argument("--keep", type=Path, help="use and keep this data directory, filled already or not")
    asked = parser.parse_args()
    data = asked.keep or Path(tempfile.mkdtemp(prefix="bench-desk-"))
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o755)
    try:
        run(data, asked.conversations, requests=asked.requests)
    finally:
        if asked.keep is None:
            shutil.rmtree(data, ignore_errors=True)


def run(data: Path, conversations: int, *, requests: int) -> None:
    port = free_port()
    with Product(data, port) as product:
        product.rest()
        cookie = in_product(data, SIGN_IN).strip()
        with connect(data) as database:
            seconds = _desk.fill(database, conversations)
        if seconds:
            emit(bench="desk", phase="fill", conversations=conversations, seconds=round(seconds, 1))
        for name, page in pages(conversations).items():
            before, own = product.processor_seconds(), time.process_time()
            found = measured(page, port, cookie, requests=requests, warm=WARM)
            spent = {kind: taken - before[kind] for kind, taken in product.processor_seconds().items()}
            report(name, conversations, found, spent | {"asking": time.process_time() - own})


@dataclass
class Page:
    """One kind of page: the requests an agent makes for it, drawn anew each time."""

    draw: Callable[[random.Random], tuple[str, str, dict[str, Any]]]
    expected: int = 200
    follows: bool = False  # whether it waits for the page a redirect leads to
    is_part: bool = False  # asked for by a page that is open already, as a click on a row does
    into: str = ""  # the part of that page it is for, where the answer depends on it

    @property
    def writes(self) -> bool:
        """Whether asking twice for the same would do nothing the second time."""
        return self.draw(random.Random(0))[0] != "GET"


@dataclass
class Measured:
    """How long each request took, in seconds, here and by the server's own word, and how large the answers were."""

    seconds: list[float] = field(default_factory=list)
    at_server: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    refused: int = 0


def pages(conversations: int) -> dict[str, Page]:
    """What agents ask for."""
    recent = max(1, conversations - 20_000)
    listed = ["?view=all", "?view=unassigned", "?view=waiting", "?view=resolved", "?view=all&sort=waiting", ""]

    def get(address: str) -> tuple[str, str, dict[str, Any]]:
        return "GET", address, {}

    def answer(dice: random.Random) -> tuple[str, str, dict[str, Any]]:
        pk = dice.randint(recent, conversations)
        shown = {"seen": pk * _desk.MESSAGES, "after": pk * _desk.MESSAGES, "step": 0}  # as the page was drawn
        form = {"text": "On its way.", "key": f"{dice.random()}", "then": "waiting", **shown}
        return "POST", f"/inbox/conversations/{pk}/replies/", form

    def searched(dice: random.Random) -> tuple[str, str, dict[str, Any]]:
        return get(f"/inbox/?{urlencode({'q': _desk.asked(dice)})}")

    return {
        "list": Page(lambda dice: get(f"/inbox/{dice.choice(listed)}"), is_part=True),
        "list, the whole page": Page(lambda dice: get(f"/inbox/{dice.choice(listed)}")),
        "open": Page(lambda dice: get(f"/inbox/conversations/{dice.randint(recent, conversations)}/"), is_part=True),
        "open an old one": Page(
            lambda dice: get(f"/inbox/conversations/{dice.randint(1, conversations)}/"), is_part=True
        ),
        "search": Page(searched, is_part=True, into="inbox-list"),
        "search, the whole page": Page(searched),
        "reply": Page(answer, expected=302),
        "reply, and what is shown then": Page(answer, is_part=True),
        "view counts": Page(lambda _dice: get("/inbox/counts/?view=all"), is_part=True),
    }


def measured(
    page: Page, port: int, cookie: str, *, requests: int, seconds: float = math.inf, warm: int = FIRST
) -> Measured:
    """So many requests by eight agents, each waiting for its answer; the first of each warm up uncounted.

    After so many seconds nobody asks again, once everybody has an answer that counts.
    """
    found, lock, until = Measured(), threading.Lock(), time.monotonic() + seconds
    answered: set[int] = set()

    def agent(number: int) -> None:
        dice, door = random.Random(f"{number} {time.time_ns() if page.writes else 0}"), Door(port, cookie)
        for turn in range(-(-requests // AGENTS) + warm):
            if turn and time.monotonic() > until and number in answered:
                break
            began = time.perf_counter()
            answer = door.ask(*page.draw(dice), is_part=page.is_part, into=page.into)
            if page.follows and answer.location:
                answer = door.ask("GET", answer.location, {}, is_part=False)
            if turn < warm and time.monotonic() < until:
                continue
            answered.add(number)
            with lock:
                found.seconds.append(time.perf_counter() - began)
                found.at_server.append(answer.at_server)
                found.sizes.append(answer.size)
                found.refused += answer.status != page.expected
        door.close()

    threads = [threading.Thread(target=agent, args=(number,)) for number in range(AGENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def report(name: str, conversations: int, found: Measured, spent: dict[str, float]) -> None:
    """What agents waited; and what an answer cost, which stays true on a machine shared with others."""
    requests = len(found.seconds)
    (median, late), (at_server, late_at_server) = _quantiles(found.seconds), _quantiles(found.at_server)
    emit(
        bench="desk", contender="regulars", page=name, conversations=conversations, requests=requests,
        agents=AGENTS, median=round(median, 4), p95=round(late, 4), slowest=round(max(found.seconds), 3),
        median_at_server=round(at_server, 4), p95_at_server=round(late_at_server, 4),
        cpu_ms={kind: round(1000 * seconds / (requests + WARM * AGENTS), 1) for kind, seconds in spent.items()},
        kilobytes=round(statistics.median(found.sizes) / 1024, 1), refused=found.refused,
        load=round(os.getloadavg()[0], 1),
        within=at_server < MEDIAN_BAR and late_at_server < LATE_BAR and not found.refused,
    )  # fmt: skip


def _quantiles(seconds: list[float]) -> tuple[float, float]:
    ordered = sorted(seconds)
    return statistics.median(ordered), ordered[int(len(ordered) * 0.95)]


if __name__ == "__main__":
    main()
