"""kill -9 of the worker while facts come in: whoever follows the log follows all of it, once."""

import os
from collections import Counter

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.running.house import House, wait_until
from tests.running.sending import Senders, make_key

ROUNDS = 2


@pytest.mark.parametrize("fresh_house", [{"REGULARS_WEB_PROCESSES": "1"}], indirect=True)
def test_a_worker_killed_again_and_again_loses_and_doubles_nothing(fresh_house: House) -> None:
    house = fresh_house
    make_key(house)
    written: set[tuple[object, ...]] = set()  # every file the list ever named; small ones are put together later
    with Senders(house.port) as senders:
        for _ in range(ROUNDS):
            kill_between_batches(house)
            written.update(listed(house))
            kill_as_it_writes(house)
    house.until_well()
    wait_until(lambda: house.health()["waiting"]["tracking"] == 0, house.say)
    wait_until(lambda: set(house.health()["lag"].values()) == {0}, house.say)
    assert senders.faults == 0  # who sends does not notice
    found = [row[0] for row in house.query("SELECT message_id FROM kernel_fact WHERE source_id > 1")]
    assert len(senders.acknowledged) > 1_000, house.say()
    assert set(found) == senders.acknowledged == senders.tried
    assert len(found) == len(set(found))
    assert len(written.union(listed(house))) > 1
    assert mirrored(house) == logged(house)
    assert house.query("SELECT name, rows FROM insights_factcount ORDER BY name") == house.query(
        "SELECT name, count(*) FROM kernel_fact GROUP BY name ORDER BY name"
    )
    assert house.query(UNSEEN) == []


UNSEEN = """
SELECT customer.id, first_seen_at, last_seen_at, first_at, last_at
FROM customers_customer customer
JOIN (SELECT customer_id, min(occurred_at) AS first_at, max(occurred_at) AS last_at
      FROM kernel_fact WHERE source_id > 1 GROUP BY customer_id) AS seen ON seen.customer_id = customer.id
WHERE first_seen_at IS DISTINCT FROM first_at
   OR last_seen_at NOT BETWEEN last_at - interval '1 minute' AND last_at OR last_seen_at IS NULL
"""


def kill_between_batches(house: House) -> None:
    before = listed(house)
    wait_until(lambda: listed(house) != before, house.say)
    house.kill("worker")


def kill_as_it_writes(house: House) -> None:
    """The worst moment: a file of the mirror is there, or half there, and the list does not name it yet."""
    house.pid("worker")  # waits until there is one again
    before = on_disk(house)
    wait_until(lambda: on_disk(house) != before, house.say, look_every_seconds=0.001)
    house.kill("worker")


def listed(house: House) -> list[tuple[object, ...]]:
    return house.query("SELECT path, rows FROM insights_mirrorfile ORDER BY path")


def on_disk(house: House) -> set[tuple[str, int]]:
    """What lies in the mirror's folder, and which of its files is which: one may be replaced by its like."""
    return {(entry.path, entry.inode()) for day in house.data.glob("mirror/day=*") for entry in os.scandir(day)}


def logged(house: House) -> Counter[tuple[object, ...]]:
    """Every fact by its place, whose it is and what it says."""
    return Counter(house.query("SELECT epoch, tx, id, customer_id, name, message_id, occurred_at FROM kernel_fact"))


def mirrored(house: House) -> Counter[tuple[object, ...]]:
    """The same, as the listed files have it."""
    columns = ["epoch", "tx", "id", "customer_id", "name", "message_id", "occurred_at"]
    paths = [house.data / "mirror" / path for (path,) in house.query("SELECT path FROM insights_mirrorfile")]
    assert paths
    table = pa.concat_tables(pq.ParquetFile(path).read(columns=columns) for path in paths)
    return Counter(tuple(row[column] for column in columns) for row in table.to_pylist())
