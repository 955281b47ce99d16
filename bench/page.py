"""The Retention page over many facts, in a real browser: `python -m bench.page --facts 10000000`.

Everything is the product's own: `regulars up` on a fresh data directory, the facts in its log, the
worker's mirror, a signed-in browser. A page is finished when its chart is drawn. Measured are warm
pages, conditions never asked before, and the first page after a start, asked as soon as /healthz
says ok: with nothing reduced; reduced, but a question nobody has asked of these facts; and as it
was before the stop.
"""

from __future__ import annotations

import argparse
import io
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import csv

from bench import _facts
from bench._measure import emit
from bench._product import SIGN_IN, Product, connect, free_port, in_product

WARM = ("", "?period=week", "?period=day", "?period=quarter", "?kind=return", "?kind=full&period=week", "?n=3")
UNSEEN = (
    "?begin_property=channel&begin_operator=is&begin_value=web",
    "?begin_property=total&begin_operator=at+least&begin_value=50",
    "?begin_property=total&begin_operator=at+most&begin_value=20",
)
# What the start finds, which question is asked, and what was thrown away before.
COLD = (
    ("nothing reduced", "", "derived"),
    ("reduced, another question", "?period=week", "derived/*/answers"),
    ("asked before the stop", "", ""),
)
FINISHED = "vega-chart[data-drawn] svg"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=int, default=10_000_000)
    parser.add_argument("--starts", type=int, default=3, help="how often each cold start is measured")
    parser.add_argument("--keep", type=Path, help="use and keep this data directory, filled already or not")
    asked = parser.parse_args()
    data = asked.keep or Path(tempfile.mkdtemp(prefix="bench-page-"))
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o755)
    try:
        run(data, asked.facts, starts=asked.starts)
    finally:
        if asked.keep is None:
            shutil.rmtree(data, ignore_errors=True)


def run(data: Path, facts: int, *, starts: int) -> None:
    port = free_port()
    with Product(data, port):
        _fill(data, facts)
        _wait_for_mirror(data, facts)
        cookie = in_product(data, SIGN_IN).strip()
    for state, address, forgotten in COLD:
        first = [_first_page(data, port, cookie, address, forgotten) for _ in range(starts)]
        report(f"cold start, {state}", facts, first, bar=2.0)
    with Product(data, port):
        _browse(port, cookie, [""])
        pages = _browse(port, cookie, [*WARM, *WARM, *WARM])
        report("warm", facts, pages[len(WARM) :], bar=1.0)
        report("condition never asked before", facts, _browse(port, cookie, list(UNSEEN)), bar=3.0)
        report("condition asked before", facts, _browse(port, cookie, list(UNSEEN)), bar=1.0)


def _first_page(data: Path, port: int, cookie: str, address: str, forgotten: str) -> float:
    """Seconds to the first page after a start, with something of what was kept thrown away before it.

    The usual page is asked once more, so that it has been when the next start comes.
    """
    for folder in data.glob(forgotten) if forgotten else ():
        shutil.rmtree(folder)
    with Product(data, port):
        return _browse(port, cookie, [address, ""])[0]


def report(state: str, facts: int, seconds: list[float], *, bar: float) -> None:
    median = statistics.median(seconds)
    emit(
        bench="page", contender="regulars", state=state, facts=facts, seconds=round(median, 3),
        slowest=round(max(seconds), 3), pages=len(seconds), bar=bar, within=median < bar,
    )  # fmt: skip


def _fill(data: Path, count: int) -> None:
    """The facts by COPY, in slices, as an import would leave them; what is there already is kept."""
    with connect(data) as database:
        present = database.execute("SELECT count(*) FROM kernel_fact").fetchone()[0]
        if present >= count:
            return
        made = _facts.generate(count, seed=1)
        customers = np.unique(made.customers, return_inverse=True)[1] + 1
        began = time.perf_counter()
        for start in range(present, count, 500_000):
            part = slice(start, start + 500_000)
            _copy(database, customers[part], made.times[part], start)
            database.commit()
        emit(bench="page", phase="fill", facts=count - present, seconds=round(time.perf_counter() - began, 1))


def _copy(database: Any, customers: np.ndarray, times: np.ndarray, start: int) -> None:
    rows, number = len(customers), np.arange(start, start + len(customers))
    moments = pa.array(times, pa.timestamp("us", tz="UTC"))
    channels = pa.array(["web", "shop", "phone"]).take(pa.array(number % 3))
    totals = pa.array((number * 7919) % 12000 / 100).cast(pa.string())
    from regulars.kernel.arrow import pc

    properties = pc.binary_join_element_wise('{"channel": "', channels, '", "total": ', totals, "}", "")
    table = pa.table(
        {
            "customer_id": customers, "name": pa.repeat("Order Completed", rows), "occurred_at": moments,
            "recorded_at": moments, "received_at": pa.repeat(moments[0], rows), "source_id": pa.repeat(1, rows),
            "message_id": pc.binary_join_element_wise("m", pc.cast(pa.array(number), pa.string()), ""),
            "properties": properties,
        }
    )  # fmt: skip
    text = io.BytesIO()
    csv.write_csv(table, text, csv.WriteOptions(include_header=False))
    with database.cursor().copy(f"COPY kernel_fact ({', '.join(table.column_names)}) FROM STDIN (FORMAT csv)") as copy:
        copy.write(text.getvalue())


def _wait_for_mirror(data: Path, facts: int) -> None:
    began = time.perf_counter()
    while True:
        with connect(data) as database:
            mirrored = database.execute("SELECT coalesce(sum(rows), 0) FROM insights_mirrorfile").fetchone()[0]
        if mirrored == facts:
            break
        time.sleep(1)
    emit(bench="page", phase="mirror", facts=facts, seconds=round(time.perf_counter() - began, 1))
    _bring_the_others_up(data)


def _bring_the_others_up(data: Path) -> None:
    """Whoever else follows the log goes on from where the mirror is, as in a house that has been running.

    They pass over facts like these, but one at a time, and would be at it still when pages are measured.
    """
    place = "(epoch, tx, fact_id) = (SELECT epoch, tx, fact_id FROM kernel_cursor WHERE consumer = 'mirror')"
    with connect(data) as database:
        database.execute(f"UPDATE kernel_cursor SET {place} WHERE consumer <> 'mirror'")


def _browse(port: int, cookie: str, addresses: list[str]) -> list[float]:
    """Seconds from asking for each page to its chart being drawn."""
    from playwright.sync_api import sync_playwright

    seconds = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        context = browser.new_context(base_url=f"http://localhost:{port}")
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": f"http://localhost:{port}"}])
        page = context.new_page()
        for address in addresses:
            began = time.perf_counter()
            page.goto("/retention/" + address, wait_until="commit", timeout=120_000)
            page.wait_for_selector(FINISHED, timeout=120_000)
            seconds.append(time.perf_counter() - began)
        browser.close()
    return seconds


if __name__ == "__main__":
    main()
