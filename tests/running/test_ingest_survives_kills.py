"""kill -9 of a web process and of PostgreSQL while programs send: what was acknowledged is there, once."""

import http.client
import json
import os
import random
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from regulars.accounts import tokens
from tests.running.house import House, free_port, is_running, wait_until

SENDING_SECONDS = 12
KEY = "server_only-for-this-test"


@pytest.fixture
def house() -> Iterator[House]:
    folder = Path(tempfile.mkdtemp(prefix="regulars-kills-"))
    folder.chmod(0o755)
    house = House(folder / "data", free_port())
    try:
        yield house.open()
    finally:
        if house.process and house.process.poll() is None:
            house.close()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Sender:
    """A program that sends each batch until it is acknowledged, and now and then an old one again."""

    port: int
    number: int
    until: float
    acknowledged: set[str] = field(default_factory=set)
    tried: set[str] = field(default_factory=set)
    faults: int = 0

    def run(self) -> None:
        chance, sent, turn = random.Random(self.number), [], 0
        while time.monotonic() < self.until:
            turn += 1
            ids = [f"{self.number}-{turn}-{place}" for place in range(20)]
            sent.append(ids)
            self._send_until_acknowledged(ids)
            if turn % 5 == 0:
                self._send(chance.choice(sent))

    def _send_until_acknowledged(self, ids: list[str]) -> None:
        self.tried.update(ids)
        while time.monotonic() < self.until + 30:
            if self._send(ids):
                self.acknowledged.update(ids)
                return
            self.faults += 1
            time.sleep(0.05)

    def _send(self, ids: list[str]) -> bool:
        batch = [
            {"type": "track", "event": "Seen", "userId": f"u-{i.rpartition('-')[2]}-{len(i)}", "messageId": i}
            for i in ids
        ]
        batch.append({"type": "identify", "userId": f"u-{self.number}", "messageId": f"i-{ids[0]}", "traits": {"n": 1}})
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("POST", "/v1/batch", json.dumps({"batch": batch}), {"authorization": f"Bearer {KEY}"})
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def test_what_was_acknowledged_is_there_once(house: House) -> None:
    make_key(house)
    until = time.monotonic() + SENDING_SECONDS
    senders = [Sender(house.port, number, until) for number in range(3)]
    threads = [threading.Thread(target=sender.run) for sender in senders]
    for thread in threads:
        thread.start()
    for name, after in (("web-1", 2.0), ("database", 2.5), ("web-1", 3.0)):
        time.sleep(after)
        kill(house, name)
    for thread in threads:
        thread.join()
    house.until_well()
    found = [row[0] for row in house.query("SELECT message_id FROM kernel_fact WHERE source_id > 1")]
    acknowledged = set().union(*(sender.acknowledged for sender in senders))
    tried = set().union(*(sender.tried for sender in senders))
    assert len(acknowledged) > 1_000, house.say()
    assert sum(sender.faults for sender in senders) > 0  # the kills were felt
    assert acknowledged - set(found) == set()
    assert set(found) - tried == set()
    assert len(found) == len(set(found))
    assert house.query("SELECT count(*) - count(DISTINCT (kind, value)) FROM customers_identity") == [(0,)]
    assert house.query(
        "SELECT (SELECT count(*) FROM customers_customer) - (SELECT count(*) FROM customers_identity)"
    ) == [(0,)]


def make_key(house: House) -> None:
    digest = tokens.digest(KEY).hex()
    house.query(
        "WITH source AS (INSERT INTO kernel_source (name, kind, created_at) VALUES ('shop', 'server', now())"
        " RETURNING id)"
        " INSERT INTO accounts_key (source_id, prefix, digest, public_text, created_at, created_by, revoked_by)"
        f" SELECT id, 'server', decode('{digest}', 'hex'), '', now(), 'system', '' FROM source RETURNING id"
    )


def kill(house: House, name: str) -> None:
    pid = house.pid(name)
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not is_running(pid), house.say)
