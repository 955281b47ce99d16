"""`python -m bench.importing`: the Online Retail file, from the file to facts in the log that are on disk.

Beside it, in the same database: the raw lines copied into a table without indexes, which is as
little as a database can do with them; and the same orders made with pandas and inserted order by
order, which is what one would write first. Every contender's answer is checked: 18,532 orders of
4,338 customers, and the money to the penny.

A PostgreSQL of its own is started for it, as `regulars up` runs it (fsync and all).
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench._measure import emit, forget_peak_memory, peak_mb

RUNS, NAIVE_RUNS = 3, 1
ORDERS, CUSTOMERS, PENCE = 18_532, 4_338, 891_140_790  # the last before each order is rounded to the penny
TRUNCATE = "TRUNCATE kernel_fact, customers_customer, customers_identity, customers_import CASCADE"


def main() -> None:
    shared = Path(os.environ.get("REGULARS_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
    file = shared / "online_retail" / "online_retail.parquet"
    if not file.exists():
        sys.exit(f"the Online Retail file is not here: {file}")
    with _house():
        _contend("regulars", _regulars, file, runs=RUNS)
        _contend("copy raw lines", _copy, file, runs=RUNS)
        _contend("pandas, order by order", _naive, file, runs=NAIVE_RUNS)


def _contend(contender: str, work: Callable[[Path], dict[str, Any]], file: Path, *, runs: int) -> None:
    forget_peak_memory()
    done = []
    for _ in range(runs):
        _empty()
        began, cpu = time.perf_counter(), time.process_time()
        said = work(file)
        done.append((time.perf_counter() - began, time.process_time() - cpu, said))
    seconds, cpu_seconds = (statistics.median(run[place] for run in done) for place in (0, 1))
    said = done[-1][2]
    emit(
        bench="importing",
        contender=contender,
        version=said.pop("version"),
        form="raw",
        lines=said["lines"],
        facts=said.pop("facts"),
        seconds=round(seconds, 2),
        cpu_seconds=round(cpu_seconds, 2),
        lines_a_second=round(said.pop("lines") / seconds),
        runs=[round(run[0], 2) for run in done],
        peak_mb=peak_mb(),
        **said,
    )


def _regulars(file: Path) -> dict[str, Any]:
    """What `regulars import orders FILE --yes` does, phase by phase."""
    from regulars import __version__
    from regulars.customers.importing import imports, mapping, running
    from regulars.kernel.actors import SYSTEM

    phases: dict[str, float] = {}
    with _phase(phases, "take in"), file.open("rb") as source:
        imported = imports.receive(source, name=file.name, kind="orders", by=SYSTEM)
    with _phase(phases, "guess and settle"):
        guess = mapping.guess(imports.opened(imported), "orders")
        imports.keep(imported, imports.decide(imported, guess.columns, zone="UTC", currency="GBP"))
    imports.start(imported, by=SYSTEM)
    with _phase(phases, "read and check"):
        spool = running.spool_of(imported)
    with _phase(phases, "group, recognise, append"):
        done = running.run(imported)
    imports.tidy()
    return {"version": __version__, "lines": spool.found["rows"], "facts": done.counts["facts_new"], "phases": phases,
            "agrees": _agrees()}  # fmt: skip


def _copy(file: Path) -> dict[str, Any]:
    """The raw lines, as CSV, into a table without indexes."""
    import psycopg
    import pyarrow.csv as arrow_csv
    import pyarrow.parquet as pq

    table = pq.read_table(file)
    text = io.BytesIO()
    arrow_csv.write_csv(table, text, arrow_csv.WriteOptions(include_header=False))
    with psycopg.connect(os.environ["REGULARS_DATABASE_URL"]) as connection:
        connection.execute("DROP TABLE IF EXISTS raw_lines")
        connection.execute(
            "CREATE TABLE raw_lines (invoice text, stock text, description text, quantity int, at timestamp,"
            " price float8, customer float8, country text)"
        )
        with connection.cursor().copy("COPY raw_lines FROM STDIN (FORMAT csv)") as copying:
            copying.write(text.getvalue())
        row = connection.execute(
            "SELECT count(DISTINCT invoice), count(DISTINCT customer) FROM raw_lines"
            " WHERE invoice NOT LIKE 'C%' AND customer IS NOT NULL AND quantity > 0 AND price > 0"
        ).fetchone()
        version = f"PostgreSQL {connection.info.server_version // 10_000}"
    return {"version": version, "lines": table.num_rows, "facts": 0, "agrees": row == (ORDERS, CUSTOMERS)}


def _naive(file: Path) -> dict[str, Any]:
    """pandas, a loop over the orders, one statement each, one commit at the end."""
    import json

    import pandas as pd
    import psycopg

    lines = pd.read_parquet(file)
    named = lines[lines.CustomerID.notna() & (lines.UnitPrice > 0) & (lines.Quantity != 0)]
    ids: dict[int, int] = {}
    facts = 0
    with psycopg.connect(os.environ["REGULARS_DATABASE_URL"]) as connection:
        row = connection.execute(
            "INSERT INTO kernel_source (name, kind, created_at) VALUES ('import orders', 'import', now())"
            " ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id"
        ).fetchone()
        assert row is not None
        for invoice, order in named.groupby("InvoiceNo", sort=False):
            who = int(order.CustomerID.iloc[0])
            if who not in ids:
                ids[who] = _made(connection, who, row[0])
            is_refund = str(invoice).startswith("C")
            products = [
                {"product_id": line.StockCode, "name": line.Description, "quantity": abs(line.Quantity),
                 "price": line.UnitPrice}
                for line in order.itertuples()
            ]  # fmt: skip
            total = round(float((order.Quantity.abs() * order.UnitPrice).sum()), 2)
            at = order.InvoiceDate.min().tz_localize("UTC").to_pydatetime()
            said = {"order_id": invoice, "total": total, "currency": "GBP", "products": products[:100]}
            connection.execute(
                "INSERT INTO kernel_fact (customer_id, name, occurred_at, recorded_at, received_at, source_id,"
                " message_id, properties) VALUES (%s, %s, %s, %s, now(), %s, %s, %s)",
                [ids[who], "Order Refunded" if is_refund else "Order Completed", at, at, row[0],
                 f"order:{invoice}:{'refunded' if is_refund else 'completed'}", json.dumps(said)],
            )  # fmt: skip
            facts += 1
    return {"version": pd.__version__, "lines": len(lines), "facts": facts, "agrees": _agrees()}


def _made(connection: Any, who: int, source_id: int) -> int:
    made = connection.execute(
        "INSERT INTO customers_customer (name, email, phone, language, time_zone, attributes, created_at, known_at,"
        " search_text) VALUES ('', '', '', '', '', '{}', now(), now(), %s) RETURNING id",
        [str(who)],
    ).fetchone()
    connection.execute(
        "INSERT INTO customers_identity (customer_id, kind, value, source_id, created_at, verified_at)"
        " VALUES (%s, 'external', %s, %s, now(), now())",
        [made[0], str(who), source_id],
    )
    return made[0]


def _agrees() -> bool:
    """Orders and customers to the last one; money within half a penny an order, where an order was rounded."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT customer_id), sum((properties->>'total')::numeric)"
            " FROM kernel_fact WHERE name = 'Order Completed'"
        )
        orders, customers, total = cursor.fetchone()
    return (orders, customers) == (ORDERS, CUSTOMERS) and abs(int(total * 100) - PENCE) <= 100


def _empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(TRUNCATE)
        cursor.execute("CHECKPOINT")


@contextmanager
def _phase(phases: dict[str, float], name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    phases[name] = round(time.perf_counter() - began, 2)


@contextmanager
def _house() -> Iterator[None]:
    """A fresh data directory and server, migrated."""
    from regulars.kernel import postgres

    folder = Path(tempfile.mkdtemp(prefix="regulars-bench-"))
    folder.chmod(0o755)
    cluster = postgres.Cluster(folder / "postgres", folder / "run")
    postgres.create(cluster)
    with (folder / "postgres.log").open("wb") as log:
        server = postgres.start(cluster, stderr=log)
    try:
        postgres.ensure_database(cluster, "regulars")
        os.environ["REGULARS_DATA"] = str(folder / "data")
        os.environ["REGULARS_DATABASE_URL"] = f"host={cluster.sockets} user=postgres dbname=regulars"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.settings")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield
    finally:
        server.send_signal(signal.SIGINT)  # at once: this process is connected still
        server.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
