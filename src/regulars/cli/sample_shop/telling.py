"""Turning the shop's history into what the product understands: traits and facts."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from regulars.cli.sample_shop import truth
from regulars.cli.sample_shop.history import Orders, People

Row = tuple[int, str, datetime, str, str]  # place in People, name, occurred_at, message_id, properties as JSON


@dataclass(frozen=True, slots=True)
class Calendar:
    """Turns days from the beginning and seconds of the local day into moments."""

    begin: date

    def moment(self, day: float, seconds: float) -> datetime:
        local = datetime.combine(self.begin + timedelta(days=int(day)), time(), ZoneInfo(truth.ZONE))
        return (local + timedelta(seconds=round(seconds))).astimezone(UTC)

    def months(self, days: int) -> np.ndarray:
        first = np.datetime64(self.begin, "D")
        return (first + np.arange(days + 1)).astype("datetime64[M]").astype(np.int64) % 12


def external_id(number: int) -> str:
    return f"shop-{number:07d}"


def name(people: People, place: int) -> str:
    return f"{truth.GIVEN[people.given[place]]} {truth.FAMILY[people.family[place]]}"


def email(people: People, place: int) -> str:
    return f"customer{people.number[place]}@example.org"


def attributes(people: People, place: int) -> dict[str, object]:
    return {
        "channel": truth.CHANNELS[people.channel[place]][0],
        "plan": truth.PLANS[people.plan[place]][0],
        "country": truth.COUNTRIES[people.country[place]][0],
        "newsletter": bool(people.newsletter[place]),
    }


def order_id(people: People, place: int, nth: int) -> str:
    return f"{people.number[place]}-{nth + 1}"


def asked_at(ordered: datetime) -> datetime:
    """When the customer asks for help with an order."""
    return ordered + timedelta(days=2, minutes=37)


def facts(
    people: People, orders: Orders, calendar: Calendar, seconds: np.ndarray, random: np.random.Generator
) -> Iterator[Row]:
    """Every fact of these customers: visits, orders, refunds, requests for help and their answers.

    `seconds` are the orders' local times of day.
    """
    visits = random.poisson(truth.VISITS_PER_ORDER, len(orders.at))
    baskets = _baskets(orders, people, random)
    for index in range(len(orders.at)):
        place = int(orders.customer[index])
        number = order_id(people, place, int(orders.nth[index]))
        at = calendar.moment(orders.at[index], seconds[index])
        yield from _visits(place, number, at, int(visits[index]), random)
        yield from _order(place, number, at, baskets[index], people, bool(orders.is_refunded[index]))
        if not np.isnan(orders.answered_after[index]):
            yield from _request(place, number, at, float(orders.answered_after[index]), int(orders.theme[index]))


def _visits(place: int, order_id: str, at: datetime, count: int, random: np.random.Generator) -> Iterator[Row]:
    for number, (days, page) in enumerate(
        zip(random.exponential(3.0, count), random.integers(0, len(truth.PAGES), count), strict=True)
    ):
        moment = at - timedelta(days=float(days)) if number else at - timedelta(minutes=9)
        yield place, "Page Viewed", moment, f"v{order_id}-{number}", json.dumps({"path": truth.PAGES[page]})


def _order(
    place: int, order_id: str, at: datetime, basket: list[tuple[int, int]], people: People, refunded: bool
) -> Iterator[Row]:
    total = sum(truth.PRODUCTS[product][1] * quantity for product, quantity in basket)
    properties = {
        "order_id": order_id,
        "total": total / 100,
        "currency": truth.CURRENCY,
        "channel": truth.CHANNELS[people.channel[place]][0],
        "plan": truth.PLANS[people.plan[place]][0],
        "products": [
            {"name": truth.PRODUCTS[product][0], "price": truth.PRODUCTS[product][1] / 100, "quantity": quantity}
            for product, quantity in basket
        ],
    }
    yield place, "Order Completed", at, f"o{order_id}", json.dumps(properties)
    if refunded:
        refund = {"order_id": order_id, "total": total / 100, "currency": truth.CURRENCY}
        yield place, "Order Refunded", at + timedelta(days=4), f"r{order_id}", json.dumps(refund)


def _request(place: int, order_id: str, at: datetime, answered_after: float, theme: int) -> Iterator[Row]:
    asked = asked_at(at)
    properties = {"order_id": order_id, "theme": truth.THEMES[theme][0], "channel": "email"}
    yield place, "Support Requested", asked, f"q{order_id}", json.dumps(properties)
    answer = properties | {
        "seconds_to_answer": round(answered_after),
        "within_target": answered_after <= truth.TARGET_SECONDS,
    }
    yield place, "Support Answered", asked + timedelta(seconds=answered_after), f"a{order_id}", json.dumps(answer)


def _baskets(orders: Orders, people: People, random: np.random.Generator) -> list[list[tuple[int, int]]]:
    """One to three products, so many of them that the basket is about the plan's usual size."""
    count = len(orders.at)
    products = random.integers(0, 5, (count, 2))
    extra = random.random(count)
    usual = np.array([plan[4] for plan in truth.PLANS])[people.plan[orders.customer]]
    baskets = []
    for index in range(count):
        first = int(products[index, 0])
        quantity = max(1, round(usual[index] / truth.PRODUCTS[first][1]))
        basket = [(first, quantity)]
        if extra[index] < 0.18:
            basket.append((5, 1))
        elif extra[index] > 0.985:
            basket.append((6 + int(products[index, 1]) % 2, 1))
        baskets.append(basket)
    return baskets
