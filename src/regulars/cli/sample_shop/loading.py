"""Putting the sample shop into the product, batch by batch; a second run adds nothing."""

from collections.abc import Callable, Iterable
from datetime import timedelta

import numpy as np
from django.db import connection, transaction

from regulars.cli.sample_shop import history, housing, noting, promising, service, telling, today, truth
from regulars.customers.actions import profiles, recognition
from regulars.desk.actions import histories
from regulars.kernel import clock, facts, page_settings, settings_table
from regulars.kernel.actors import SYSTEM

BATCH = 2_000
NOON = 12 * 3600.0  # of the day somebody joined, which is then the same day in most time zones
SOURCE = "sample shop"


def load(customers: int, seed: int, *, progress: Callable[[int], None] = lambda done: None) -> int:
    """Generate so many customers from a seed and store them; returns how many facts are new.

    The same seed on the same day gives the same shop, whatever the size of the batches' order:
    each batch draws from its own stream.
    """
    source_id = _source()
    _settle()
    promising.promise()
    house = housing.open_house()
    noting.note(house.teams)
    new = 0
    for number, start in enumerate(range(0, customers, BATCH)):
        numbers = np.arange(start, min(start + BATCH, customers), dtype=np.int64)
        new += _batch(numbers, np.random.default_rng([seed, number]), source_id=source_id, house=house)
        progress(int(numbers[-1]) + 1)
    today.tell(house)
    return new


def _batch(numbers: np.ndarray, random: np.random.Generator, *, source_id: int, house: service.House) -> int:
    days = round(truth.YEARS * 365)
    calendar = telling.Calendar(clock.today(truth.ZONE) - timedelta(days=days))
    people = history.people(numbers, days=days, random=random)
    orders = history.orders(people, days=days, month_of_day=calendar.months(days), random=random)
    seconds, now = history.local_hours(len(orders.at), random), clock.now()
    rows = [row for row in telling.facts(people, orders, calendar, seconds, random) if row[2] <= now]
    with transaction.atomic():
        ids = _recognise(people, calendar, source_id=source_id)
        new = facts.append(_columns(rows, ids), source_id=source_id)
        histories.bring_in(
            service.conversations(people, orders, calendar, ids, house, seconds=seconds, now=now, random=random)
        )
        return new


def _recognise(people: history.People, calendar: telling.Calendar, *, source_id: int) -> list[int]:
    at = clock.now()
    places = range(len(people.number))
    ways = [("external", telling.external_id(int(people.number[place]))) for place in places]
    found = recognition.recognise(ways, source_id=source_id, at=at, is_known=True, is_verified=True)
    ids = [found[way] for way in ways]
    recognition.attach(
        [(ids[place], "email", telling.email(people, place)) for place in places],
        source_id=source_id, at=at, is_verified=True,
    )  # fmt: skip
    profiles.apply_traits(
        profiles.Traits(
            ids[place],
            name=telling.name(people, place),
            email=telling.email(people, place),
            attributes=telling.attributes(people, place),
            known_since=calendar.moment(people.joined[place], NOON),
        )
        for place in places
    )
    return ids


def _columns(rows: Iterable[telling.Row], ids: list[int]) -> facts.Columns:
    places, names, occurred_at, message_ids, properties = zip(*rows, strict=True)
    return facts.Columns(
        customer_id=[ids[place] for place in places],
        name=names,
        occurred_at=occurred_at,
        recorded_at=occurred_at,
        message_id=message_ids,
        properties=properties,
        is_trusted=[True] * len(names),
    )


def _source() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_source (name, kind, created_at) VALUES (%s, 'import', %s) ON CONFLICT DO NOTHING",
            [SOURCE, clock.now()],
        )
        cursor.execute("SELECT id FROM kernel_source WHERE name = %s", [SOURCE])
        return cursor.fetchone()[0]


def _settle() -> None:
    """The shop's own zone, currency and name, unless somebody has chosen already."""
    for name, value in (("time_zone", truth.ZONE), ("currency", truth.CURRENCY), ("company_name", "Harbour Roasters")):
        if not page_settings.is_fixed(name) and page_settings.value(name) == settings_table.TABLE[name].default:
            page_settings.change(name, value, by=SYSTEM)
