"""What `bench.ingest` sends: requests of 100 events, the same for the same number."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

EVENTS_A_REQUEST = 100
REPLAYED = 0.10
NEW_CUSTOMERS = 0.05


@dataclass(frozen=True, slots=True)
class Plan:
    """One round. `customers` were there before the first; round 0 makes them known."""

    number: int
    requests: int
    customers: int
    connections: int


class Expected(NamedTuple):
    """What must come of a round."""

    facts: int
    new_customers: int


def requests(plan: Plan) -> Iterator[bytes]:
    """The bodies of a round. Replays repeat an event of an earlier request, byte for byte."""
    chance = random.Random(plan.number)
    sent: list[str] = []
    new = known = 0
    for request in range(plan.requests):
        events = []
        for place in range(EVENTS_A_REQUEST):
            number = request * EVENTS_A_REQUEST + place
            if place < EVENTS_A_REQUEST * REPLAYED and request:
                events.append(chance.choice(sent))
                continue
            if place >= EVENTS_A_REQUEST * (1 - NEW_CUSTOMERS):
                new += 1
                user = f"user-{plan.number}-{new}"
            else:
                known += 1
                user = _known(plan, known, chance)
            events.append(_event(plan, number, user, chance))
        if request < 2_000:
            sent += events[EVENTS_A_REQUEST // 2 :: 7]
        yield ('{"batch":[' + ",".join(events) + '],"sentAt":"2026-03-02T12:00:00.000Z"}').encode()


def expected(plan: Plan) -> Expected:
    """Counted, not assumed: the distinct messages and the customers first named in this round."""
    per_request = EVENTS_A_REQUEST - int(EVENTS_A_REQUEST * REPLAYED)
    facts = EVENTS_A_REQUEST + (plan.requests - 1) * per_request
    return Expected(facts, plan.requests * round(EVENTS_A_REQUEST * NEW_CUSTOMERS))


def _known(plan: Plan, number: int, chance: random.Random) -> str:
    if plan.number == 0 and number < plan.customers * 2:
        return f"user-{number % plan.customers}"
    return f"user-{chance.randrange(plan.customers)}"


def _event(plan: Plan, number: int, user: str, chance: random.Random) -> str:
    message_id = f"{plan.number}-{chance.getrandbits(120):030x}"
    second = f"{chance.randrange(60_000) / 1000:06.3f}"  # hardly two events share their millisecond
    head = (
        f'{{"type":"track","userId":"{user}","messageId":"{message_id}",'
        f'"timestamp":"2026-03-{1 + number % 28:02d}T{number % 24:02d}:{number % 60:02d}:{second}Z",'
        f'"context":{{"library":{{"name":"analytics-python","version":"2.4.0"}}}},"integrations":{{}},'
    )
    product = chance.randrange(5_000)
    if number % 10 == 0:
        return (
            f'{head}"event":"Order Completed","properties":{{"order_id":"o-{plan.number}-{number}",'
            f'"total":{product % 300}.90,"currency":"EUR","products":[{{"product_id":"p-{product}","quantity":1}}]}}}}'
        )
    return (
        f'{head}"event":"Product Viewed","properties":{{"product_id":"p-{product}","category":"Gifts",'
        f'"price":{product % 300}.90,"url":"https://shop.example/products/{product}"}}}}'
    )
