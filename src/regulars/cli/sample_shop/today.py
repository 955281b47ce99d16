"""What is on the sample shop's desk right now: a morning's worth of matters of every kind."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from regulars.cli.sample_shop.mornings import MATTERS, Matter
from regulars.cli.sample_shop.service import House
from regulars.customers.selectors import listing
from regulars.customers.selectors.narrowing import Filters
from regulars.desk.actions import histories
from regulars.desk.actions.histories import Done, History, Said
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM, Actor


def tell(house: House) -> int:
    """Bring the morning's matters in, each with another of the shop's latest customers; returns how many are new."""
    rows = listing.page(Filters(who="known"), sort="newest").rows[: len(MATTERS)]
    now = clock.now()
    return histories.bring_in(
        _history(matter, Actor("customer", row.id, row.name), house, now=now)
        for matter, row in zip(MATTERS, rows, strict=False)
    )


def _history(matter: Matter, customer: Actor, house: House, *, now: datetime) -> History:
    return History(
        key=f"sample:today:{matter.subject}",
        customer_id=customer.id or 0,
        channel_id=house.channel_id,
        subject=matter.subject,
        turns=sorted(_turns(matter, customer, house, now=now), key=lambda turn: turn.at),
        kind=matter.kind,
        priority=matter.priority,
        team_id=house.teams[matter.team],
        labels=matter.labels,
        is_spam=matter.is_spam,
        is_history=False,
    )


def _turns(matter: Matter, customer: Actor, house: House, *, now: datetime) -> Iterator[Said | Done]:
    agent = house.agents[matter.agent] if matter.agent is not None else None
    for minutes, who, text in matter.said:
        at = now - timedelta(minutes=minutes)
        if who == "customer":
            yield Said(at=at, by=customer, text=_fill(text, customer, agent))
        elif who == "machine":
            yield Said(at=at, by=customer, text=text, is_automatic=True, automatic_reason="auto-submitted")
        else:
            by = agent or house.agents[0]
            yield Said(at=at, by=by, text=_fill(text, customer, agent), kind="note" if who == "note" else "message")
    if agent:
        began = now - timedelta(minutes=matter.said[0][0])
        yield histories.given(began + timedelta(minutes=1), agent_id=agent.id, by=SYSTEM)
    if agent and matter.back_in_hours:
        until = now + timedelta(hours=matter.back_in_hours)
        yield histories.snoozed(now - timedelta(minutes=matter.said[-1][0] - 1), until=until, by=agent)


def _fill(text: str, customer: Actor, agent: Actor | None) -> str:
    given = customer.name.split()[0] if customer.name else ""
    return text.format(name=given, agent=agent.name.split()[0] if agent else "")
