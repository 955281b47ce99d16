"""What can be said of customers who leave unseen: are they still there, how often will they buy, until when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenure.value.errors import ChoiceBad, ValueUnbounded
from tenure.value.fitted import Fitted
from tenure.value.histories import Histories, Opportunities
from tenure.value.units import checked_span, force_of_discount

if TYPE_CHECKING:
    from tenure.value.scores import Scores


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Leaving(Fitted):
    """A fitted model of buying at random and leaving unseen. Every answer is one float per customer."""

    def alive(self, histories: Histories | Opportunities) -> NDArray[np.float64]:
        """P(still a customer at the end of watching | history)."""
        self.check_unit(histories)
        return self.alive_at(self.estimates, histories)

    def expected(
        self, histories: Histories | Opportunities, *, within: float | None, discount: float = 0.0
    ) -> NDArray[np.float64]:
        """Purchases expected in the next `within` units given the history; `discount` a year makes later ones less.

        `within=None` looks ahead without end and needs a discount (discounted expected residual transactions).
        """
        self.check_unit(histories)
        return self.expected_at(self.estimates, histories, **self.ahead(within, discount))

    def if_there(
        self, histories: Histories | Opportunities, *, within: float | None, discount: float = 0.0
    ) -> NDArray[np.float64]:
        """The same for a customer known to be still there."""
        self.check_unit(histories)
        return self.if_there_at(self.estimates, histories, **self.ahead(within, discount))

    def stays(self, histories: Histories | Opportunities, *, within: float) -> NDArray[np.float64]:
        """P(still a customer `within` units later | still one now, history)."""
        self.check_unit(histories)
        return self.stays_at(self.estimates, histories, within=checked_span(within, name="within"))

    def leaves(self, histories: Histories | Opportunities, *, within: float) -> NDArray[np.float64]:
        """P(still a customer now, and no longer `within` units later | history)."""
        return self.alive(histories) * (1 - self.stays(histories, within=within))

    def new(self, time: Any) -> NDArray[np.float64]:
        """E[X(t)]: repeat purchases expected of a customer who just began, by time since (any shape)."""
        return self.new_at(self.estimates, time)

    def score(self, histories: Histories | Opportunities, *, within: float, level: float | None = None) -> Scores:
        """P(alive) and expected purchases of every customer, each with its interval."""
        from tenure.value.scores import score

        return score(self, histories, within=within, level=level)

    def chart(self, *, until: float = 52.0, **choices: Any) -> Any:
        """Repeat purchases expected of a new customer over time; needs `pip install tenure[chart]`."""
        from tenure.value import drawing

        return drawing.new_customer(self, until=until, **choices)

    # The same with the parameters given, for the delta method.

    def alive_at(self, theta: Any, histories: Any) -> NDArray[np.float64]:
        odds = self._odds_of_having_left(theta, histories)
        return 1 / (1 + np.exp(np.minimum(odds, 700.0)))

    def expected_at(self, theta: Any, histories: Any, *, within: float, force: float) -> NDArray[np.float64]:
        there = self.if_there_at(theta, histories, within=within, force=force)
        return self.alive_at(theta, histories) * there

    def if_there_at(self, theta: Any, histories: Any, *, within: float, force: float) -> NDArray[np.float64]:
        return self._bought_if_there(theta, histories.frequency, histories.age, within=within, force=force)

    def stays_at(self, theta: Any, histories: Any, *, within: float) -> NDArray[np.float64]:
        return self._stays(theta, histories.frequency, histories.age, within=within)

    def new_at(self, theta: Any, time: Any) -> NDArray[np.float64]:
        spans = np.asarray(time, np.float64)
        nobody = np.zeros(1)
        found = [
            float(
                self._bought_if_there(theta, nobody, nobody, within=checked_span(float(t), name="time"), force=0.0)[0]
            )
            for t in spans.ravel()
        ]
        return np.array(found).reshape(spans.shape)

    def ahead(self, within: float | None, discount: float) -> dict[str, float]:
        """The span and the continuous rate per unit; both missing leave no limit."""
        force = force_of_discount(discount, unit=self.unit)
        if within is None and force == 0:
            raise ValueUnbounded
        return {"within": np.inf if within is None else checked_span(within, name="within"), "force": force}

    def check_unit(self, histories: Histories | Opportunities) -> None:
        """Histories in another unit of time than the fitted ones would give wrong answers silently."""
        if isinstance(histories, Opportunities):
            raise ChoiceBad(name="histories", value="opportunities", why="only a bg_bb reads yes-or-no chances")
        if histories.unit != self.unit:
            raise ChoiceBad(name="unit", value=histories.unit, why=f"the model was fitted in {self.unit}s")

    def _odds_of_having_left(self, theta: Any, histories: Any) -> NDArray[np.float64]:
        raise NotImplementedError

    def _bought_if_there(self, theta: Any, x: Any, age: Any, *, within: float, force: float) -> NDArray[np.float64]:
        raise NotImplementedError

    def _stays(self, theta: Any, x: Any, age: Any, *, within: float) -> NDArray[np.float64]:
        raise NotImplementedError
