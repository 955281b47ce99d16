"""Programs that send facts to an installation while something happens to it."""

import http.client
import json
import random
import threading
import time
from dataclasses import dataclass, field

from regulars.accounts import tokens
from tests.running.house import PATIENCE_SECONDS, House

KEY = "server_only-for-this-test"
BREATH_SECONDS = 0.03  # enough comes to be cut off in the middle, and no more than is soon followed and compared


@dataclass
class Sender:
    """A program that sends each batch until it is acknowledged, and now and then an old one again."""

    port: int
    number: int
    enough: threading.Event
    acknowledged: set[str] = field(default_factory=set)
    tried: set[str] = field(default_factory=set)
    faults: int = 0

    def run(self) -> None:
        chance, sent, turn = random.Random(self.number), [], 0
        while not self.enough.is_set():
            turn += 1
            ids = [f"{self.number}-{turn}-{place}" for place in range(20)]
            sent.append(ids)
            self._send_until_acknowledged(ids)
            time.sleep(BREATH_SECONDS)
            if turn % 5 == 0:
                self._send(chance.choice(sent))

    def _send_until_acknowledged(self, ids: list[str]) -> None:
        self.tried.update(ids)
        patience = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < patience:
            if self._send(ids):
                self.acknowledged.update(ids)
                return
            self.faults += 1
            time.sleep(0.05)

    def _send(self, ids: list[str]) -> bool:
        batch: list[dict[str, object]] = [
            {"type": "track", "event": "Seen", "userId": whose(i), "messageId": i} for i in ids
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


@dataclass
class Senders:
    """A few of them at once, from `with` to its end."""

    port: int
    senders: list[Sender] = field(default_factory=list)
    _enough: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> "Senders":
        self.senders = [Sender(self.port, number, self._enough) for number in range(3)]
        self._threads = [threading.Thread(target=sender.run) for sender in self.senders]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *fault: object) -> None:
        self._enough.set()
        for thread in self._threads:
            thread.join()

    @property
    def acknowledged(self) -> set[str]:
        return set().union(*(sender.acknowledged for sender in self.senders))

    @property
    def tried(self) -> set[str]:
        return set().union(*(sender.tried for sender in self.senders))

    @property
    def faults(self) -> int:
        return sum(sender.faults for sender in self.senders)


def whose(message_id: str) -> str:
    """The first fact of a batch is about somebody new, the others about somebody who comes back."""
    number, turn, place = message_id.split("-")
    return f"new-{number}-{turn}" if place == "0" else f"u-{place}-{len(message_id)}"


def make_key(house: House) -> None:
    """Let the senders in."""
    digest = tokens.digest(KEY).hex()
    house.query(
        "WITH source AS (INSERT INTO kernel_source (name, kind, created_at) VALUES ('shop', 'server', now())"
        " RETURNING id)"
        " INSERT INTO accounts_key (source_id, prefix, digest, public_text, created_at, created_by, revoked_by)"
        f" SELECT id, 'server', decode('{digest}', 'hex'), '', now(), 'system', '' FROM source RETURNING id"
    )
