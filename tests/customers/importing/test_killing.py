"""Killed in the middle, an import goes on where it stood and ends as if nothing had happened."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from regulars.kernel import postgres
from tests import installed

ORDERS, LINES = 28_000, 2  # seven batches
# How long it takes is measured in `bench`: here others may be at work on the same processors.
PATIENCE_SECONDS = 300.0
_BATCHES_DONE = "SELECT coalesce(max(batches_done), 0) FROM customers_import"


@pytest.fixture(scope="module")
def orders_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Orders of two lines each, their lines far apart; some without a customer."""
    path = tmp_path_factory.mktemp("orders") / "orders.csv"
    with path.open("w") as file:
        file.write("Order ID,Customer ID,Date,SKU,Quantity,Price\n")
        for line in range(LINES):
            for order in range(ORDERS):
                who = "" if order % 50 == 0 else f"c{order * 7919 % 6_007}"
                date = f"2025-{order % 12 + 1:02d}-{order % 28 + 1:02d}"
                file.write(f"{order},{who},{date},sku{(order + line) % 97},{line + 1},{order % 900}.25\n")
    return path


class House:
    """A data directory with a PostgreSQL of its own that may be killed and started again."""

    def __init__(self) -> None:
        # Not pytest's own folder, which only root may enter: PostgreSQL runs as another user then.
        self.folder = Path(tempfile.mkdtemp(prefix="regulars-import-"))
        self.folder.chmod(0o755)
        self.data = self.folder / "data"
        self.data.mkdir()
        self.cluster = postgres.Cluster(self.data / "postgres", self.data / "run", (("fsync", "on"),))
        installed.put_into(self.cluster.directory)
        self.server = postgres.start(self.cluster, stderr=subprocess.DEVNULL)
        url = f"host={self.cluster.sockets} user=postgres dbname=regulars"
        self.url = url
        own = ("REGULARS_TESTING", "REGULARS_TEST_DATABASE_URL")
        self.environment = {name: value for name, value in os.environ.items() if name not in own}
        self.environment |= {"REGULARS_DATA": str(self.data), "REGULARS_DATABASE_URL": url}

    def run(self, *arguments: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "regulars.cli", *arguments]
        silent = subprocess.DEVNULL
        return subprocess.Popen(command, env=self.environment, stdin=silent, stdout=silent, stderr=silent)

    def bring(self, path: Path) -> "subprocess.Popen[bytes]":
        return self.run("import", "orders", str(path), "--yes")

    def kill_server(self) -> None:
        self.server.send_signal(signal.SIGKILL)
        self.server.wait()

    def start_server(self) -> None:
        self.server = postgres.start(self.cluster, stderr=subprocess.DEVNULL)

    def one(self, query: str) -> tuple[object, ...]:
        with psycopg.connect(self.url) as connection:
            row = connection.execute(query).fetchone()  # type: ignore[arg-type]  # a test's own words
            assert row is not None
            return row

    def batches_done(self) -> int:
        return int(str(self.one(_BATCHES_DONE)[0]))

    def wait_for_batches(self, count: int, process: "subprocess.Popen[bytes]") -> None:
        """Over one connection: a new one for each look would cost more than what is looked at."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        with psycopg.connect(self.url, autocommit=True) as connection:
            while connection.execute(_BATCHES_DONE).fetchone() < (count,):  # type: ignore[operator]  # it has one row
                assert time.monotonic() < deadline, "no batch came"
                assert process.poll() is None, "the import ended before it could be killed"
                time.sleep(0.01)

    def state(self) -> tuple[object, ...]:
        """Everything an import leaves, but for times and numbers given out."""
        facts = self.one(
            "SELECT count(*), count(DISTINCT message_id), sum((properties->>'total')::numeric),"
            " md5(string_agg(message_id || value || properties::text, '|' ORDER BY message_id))"
            " FROM kernel_fact JOIN customers_identity USING (customer_id)"
        )
        customers = self.one("SELECT count(*) FROM customers_customer")
        counts = self.one("SELECT state, counts::text FROM customers_import ORDER BY id DESC LIMIT 1")
        report = sorted((self.data / "imports" / "reports").glob("*.csv"))[-1].read_bytes()
        return (*facts, *customers, *counts, hash(report))

    def end(self) -> None:
        self.server.send_signal(signal.SIGINT)
        self.server.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture
def house() -> Iterator[House]:
    made = House()
    yield made
    made.end()


@pytest.fixture(scope="module")
def undisturbed(orders_file: Path) -> tuple[object, ...]:
    """What an import leaves that nobody kills."""
    made = House()
    assert made.bring(orders_file).wait(PATIENCE_SECONDS) == 0
    state = made.state()
    made.end()
    assert state[0] == ORDERS - ORDERS // 50
    return state


def test_a_killed_command_goes_on_where_it_stood(
    house: House, orders_file: Path, undisturbed: tuple[object, ...]
) -> None:
    for batches in (1, 3, 5):
        process = house.bring(orders_file)
        house.wait_for_batches(batches, process)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert house.one("SELECT state FROM customers_import")[0] == "running"
    stood = house.batches_done()
    assert stood >= 5
    assert house.bring(orders_file).wait(PATIENCE_SECONDS) == 0
    assert house.one("SELECT count(*) FROM customers_import") == (1,)
    assert house.state() == undisturbed


def test_an_import_outlives_the_database(house: House, orders_file: Path, undisturbed: tuple[object, ...]) -> None:
    process = house.bring(orders_file)
    for batches in (2, 4):
        house.wait_for_batches(batches, process)
        house.kill_server()
        time.sleep(0.5)
        house.start_server()
    assert process.wait(PATIENCE_SECONDS) == 0
    assert house.state() == undisturbed


def test_a_killed_worker_leaves_an_import_that_the_next_one_finishes(
    house: House, orders_file: Path, undisturbed: tuple[object, ...]
) -> None:
    code = (
        "import sys; from regulars.kernel import starting; starting.set_django_up()\n"
        "from regulars.customers.importing import imports, mapping; from regulars.kernel.actors import SYSTEM\n"
        "imported = imports.receive(open(sys.argv[1], 'rb'), name='orders.csv', kind='orders', by=SYSTEM)\n"
        "guess = mapping.guess(imports.opened(imported), 'orders')\n"
        "imports.keep(imported, imports.decide(imported, guess.columns))\n"
        "imports.start_later(imported, by=SYSTEM)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(orders_file)], env=house.environment, check=True)
    worker = house.run("worker")
    house.wait_for_batches(2, worker)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert house.one("SELECT state FROM customers_import")[0] == "running"
    worker = house.run("worker")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while house.one("SELECT state FROM customers_import")[0] == "running":
        assert time.monotonic() < deadline, "the next worker did not finish it"
        time.sleep(0.2)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert house.state() == undisturbed
