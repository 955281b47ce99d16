"""kill -9 of a web process and of PostgreSQL while programs send: what was acknowledged is there, once."""

import time

from tests.running.house import House, wait_until
from tests.running.sending import Senders, make_key


def test_what_was_acknowledged_is_there_once(fresh_house: House) -> None:
    house = fresh_house
    make_key(house)
    with Senders(house.port) as senders:
        for name, after in (("web-1", 2.0), ("database", 2.5), ("web-1", 3.0)):
            time.sleep(after)
            house.kill(name)
        time.sleep(2.0)
    house.until_well()
    wait_until(lambda: house.health()["waiting"]["tracking"] == 0, house.say)
    found = [row[0] for row in house.query("SELECT message_id FROM kernel_fact WHERE source_id > 1")]
    assert len(senders.acknowledged) > 1_000, house.say()
    assert senders.faults > 0  # the kills were felt
    assert senders.acknowledged - set(found) == set()
    assert set(found) - senders.tried == set()
    assert len(found) == len(set(found))
    assert house.query("SELECT count(*) - count(DISTINCT (kind, value)) FROM customers_identity") == [(0,)]
    assert house.query(
        "SELECT (SELECT count(*) FROM customers_customer) - (SELECT count(*) FROM customers_identity)"
    ) == [(0,)]
