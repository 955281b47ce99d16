"""kill -9 of a web process, of PostgreSQL and of the worker while facts come in and mail goes out.

What was acknowledged is there, once; each mail arrives at most once, and what may not have arrived is said. One house
is treated so badly twice.
"""

import time
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.channels.email.out.mail_server import running
from tests.running.conftest import opened
from tests.running.house import House, wait_until
from tests.running.sending import Senders, make_key

FACTS = 1_000  # between two kills
MAILS = 80
KILLS = 2

_CHANNEL = """
INSERT INTO channels_channel (kind, name, address, settings, secrets, created_at, trouble)
VALUES ('email', 'Help', 'help@shop.example', jsonb_build_object(
    'smtp_host', '127.0.0.1', 'smtp_port', {port}, 'smtp_security', 'none'), '', now(), '')
RETURNING id
"""
# As `deliveries.queue` writes them; their jobs are lost, so that the sweep has to find them.
_DELIVERIES = """
INSERT INTO channels_delivery (channel_id, key, about, letter, external_id, state, created_at, due_at, attempts,
                               trouble)
SELECT {channel}, 'test:' || n, 'test:' || n, jsonb_build_object(
    'channel_id', {channel}, 'to', jsonb_build_array(jsonb_build_object('name', '', 'address', 'ada@example.com')),
    'cc', '[]'::jsonb, 'bcc', '[]'::jsonb, 'subject', 'Mail ' || n, 'text', 'Hello', 'enclosures', '[]'::jsonb,
    'is_automatic', false, 'external_id', 'n' || n || '@shop.example'),
    'n' || n || '@shop.example', 'queued', now(), now() - interval '3 minutes', 0, ''
FROM generate_series(1, {count}) AS n RETURNING id
"""


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with opened() as made:
        yield made


def test_facts_that_were_acknowledged_are_there_once(house: House) -> None:
    make_key(house)
    with Senders(house.port) as senders:
        for turn, name in enumerate(("web-1", "database", "web-1"), start=1):
            wait_until(lambda goal=turn * FACTS: len(senders.acknowledged) >= goal, house.say)
            house.kill(name)
        wait_until(lambda: len(senders.acknowledged) >= 4 * FACTS, house.say)
    house.until_well()
    wait_until(lambda: house.health()["waiting"]["tracking"] == 0, house.say)
    found = [row[0] for row in house.query("SELECT message_id FROM kernel_fact WHERE source_id > 1")]
    assert senders.faults > 0  # the kills were felt
    assert senders.acknowledged - set(found) == set()
    assert set(found) - senders.tried == set()
    assert len(found) == len(set(found))
    assert house.query("SELECT count(*) - count(DISTINCT (kind, value)) FROM customers_identity") == [(0,)]
    assert house.query(
        "SELECT (SELECT count(*) FROM customers_customer) - (SELECT count(*) FROM customers_identity)"
    ) == [(0,)]


def test_a_worker_killed_while_mail_goes_out_sends_none_twice_and_loses_none_silently(house: House) -> None:
    with running() as server:
        server.pause_seconds = 0.05
        ((channel,),) = house.query(_CHANNEL.format(port=server.port))
        house.query(_DELIVERIES.format(channel=channel, count=MAILS))
        for number in range(1, KILLS + 1):
            wait_until(lambda goal=number * MAILS // (KILLS + 1): len(server.taken) >= goal, house.say)
            house.kill("worker")
            house.pid("worker")
        wait_until(lambda: not house.query("SELECT 1 FROM channels_delivery WHERE state = 'queued'"), house.say)
        time.sleep(1)
        arrived = Counter(mail["Message-ID"] for mail in server.mails)
    states = dict(house.query("SELECT '<' || external_id || '>', state FROM channels_delivery"))
    assert set(arrived.values()) == {1}
    assert set(states.values()) <= {"sent", "claimed"}
    assert {name for name, state in states.items() if state == "sent"} <= set(arrived)
    assert len(states) - len(arrived) <= KILLS * 4  # a worker carries four at once
    house.query("UPDATE channels_delivery SET claimed_at = claimed_at - interval '1 hour' RETURNING id")
    wait_until(lambda: not house.query("SELECT 1 FROM channels_delivery WHERE state = 'claimed'"), house.say)
    ends = Counter(state for (state,) in house.query("SELECT state FROM channels_delivery"))
    assert set(ends) <= {"sent", "unknown"}
    assert ends["sent"] >= MAILS - KILLS * 4
