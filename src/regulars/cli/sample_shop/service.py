"""The sample shop's conversations: every request for help of its last year, as it went."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from regulars.cli.sample_shop import noting, talks, telling
from regulars.cli.sample_shop.history import Orders, People
from regulars.cli.sample_shop.talks import Talk
from regulars.desk.actions import histories
from regulars.desk.actions.histories import Done, History, Said
from regulars.kernel.actors import SYSTEM, Actor

KEPT = timedelta(days=365)
COMES_BACK, SAYS_THANKS, RESOLVED_AT_ONCE, NOTED = 0.18, 0.40, 0.45, 0.12
SILENCE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class House:
    """Who answers, where the mail comes in, and which teams there are."""

    channel_id: int
    teams: Mapping[str, int]
    agents: tuple[Actor, ...]


def conversations(
    people: People, orders: Orders, calendar: telling.Calendar, ids: list[int], house: House,
    *, seconds: np.ndarray, now: datetime, random: np.random.Generator,
) -> Iterator[History]:  # fmt: skip
    """One conversation for each request of the last year, with what was said until now.

    `seconds` are the local times of day of the orders, as the facts have them, so that question and
    answer come at the moments the facts `Support Requested` and `Support Answered` say.
    """
    for index in np.flatnonzero(~np.isnan(orders.answered_after)):
        place = int(orders.customer[index])
        asked = telling.asked_at(calendar.moment(orders.at[index], seconds[index]))
        dice = random.random(8)
        if now - KEPT < asked <= now:
            order = telling.order_id(people, place, int(orders.nth[index]))
            answered = asked + timedelta(seconds=float(orders.answered_after[index]))
            told = _Told(people, place, ids[place], order, house, dice)
            talk = talks.TALKS[int(orders.theme[index])]
            yield told.history(talk, asked, answered, now=now)


class _Told:
    """One request being told."""

    def __init__(
        self, people: People, place: int, customer_id: int, order: str, house: House, dice: np.ndarray
    ) -> None:
        self.customer = Actor("customer", customer_id, telling.name(people, place))
        self.agent = house.agents[int(dice[0] * len(house.agents))]
        self.order, self.house, self.dice = order, house, dice
        self.address = telling.email(people, place)

    def history(self, talk: Talk, asked: datetime, answered: datetime, *, now: datetime) -> History:
        turns = [turn for turn in self._turns(talk, asked, answered) if turn.at <= now]
        return History(
            key=f"sample:{self.order}",
            customer_id=self.customer.id or 0,
            channel_id=self.house.channel_id,
            subject=self._say(talk.subjects, 1),
            turns=turns,
            priority=2 if self.dice[2] > 0.93 else 3,
            team_id=self.house.teams[talk.team],
            labels=talk.labels,
            fields=noting.fields_of(talk.labels, self.order),
            is_history=False,
        )

    def _turns(self, talk: Talk, asked: datetime, answered: datetime) -> Iterator[Said | Done]:
        yield self._asks(talk.questions, 3, asked)
        yield histories.given(asked + (answered - asked) * 0.5, agent_id=self.agent.id, by=SYSTEM)
        if self.dice[4] < NOTED:
            yield Said(at=answered - timedelta(minutes=2), by=self.agent, kind="note", text=self._say(talks.NOTES, 4))
        yield Said(at=answered, by=self.agent, text=self._say(talk.answers, 5), recipients=self._to())
        yield from self._after(talk, answered)

    def _after(self, talk: Talk, answered: datetime) -> Iterator[Said | Done]:
        mood, back = self.dice[6], answered + timedelta(hours=1 + 20 * float(self.dice[7]))
        if mood < COMES_BACK:
            yield self._asks(talk.returns, 7, back)
            again = back + timedelta(hours=0.5 + 7 * float(self.dice[5]))
            yield Said(at=again, by=self.agent, text=self._say(talk.second_answers, 7), recipients=self._to())
            yield histories.resolved(again + timedelta(minutes=1), by=self.agent)
        elif mood < COMES_BACK + SAYS_THANKS:
            yield self._asks(talks.THANKS, 7, back)
            yield histories.resolved(back + timedelta(hours=0.2 + 3 * float(self.dice[3])), by=self.agent)
        elif self.dice[7] < RESOLVED_AT_ONCE:
            yield histories.resolved(answered + timedelta(seconds=1), by=self.agent)
        else:
            yield histories.resolved(answered + SILENCE, by=SYSTEM)

    def _asks(self, texts: tuple[str, ...], die: int, at: datetime) -> Said:
        sender = {"from": [{"name": self.customer.name, "address": self.address}]}
        return Said(at=at, by=self.customer, text=self._say(texts, die), recipients=sender)

    def _to(self) -> dict[str, object]:
        return {"to": [{"name": self.customer.name, "address": self.address}]}

    def _say(self, texts: tuple[str, ...], die: int) -> str:
        text = texts[int(self.dice[die] * 997) % len(texts)]
        agent, name = self.agent.name.split()[0], self.customer.name.split()[0]
        return text.format(name=name, agent=agent, order=self.order)
