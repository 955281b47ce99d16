"""What was learnt of what customers are worth, in numbers one can say."""

from dataclasses import dataclass
from typing import Any

from regulars.insights.scoring.valuing import ValueModel
from regulars.insights.selectors.scores import Learnt
from tenure.value import GammaGamma


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a model, with its interval; an end is None where the data say nothing."""

    model: str
    name: str
    estimate: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Habits:
    """What the parameters mean: orders a week while somebody is a customer, who leaves after an order, what is spent.

    `spend` is None where the model gives no mean.
    """

    weeks_between: float
    leaves_after_order: float
    spend: float | None
    is_same_for_all: bool
    parameters: tuple[Parameter, ...]
    customers: int


def habits(learnt: Learnt) -> Habits:
    """Of a run that found a model."""
    if learnt.model is None:
        raise LookupError("nothing was learnt")
    model = ValueModel.from_dict(learnt.model)
    bought, spent = model.purchases, model.spend
    fitted = [bought, *([spent] if isinstance(spent, GammaGamma) else [])]
    return Habits(
        weeks_between=bought["alpha"] / bought["r"],
        leaves_after_order=bought["a"] / (bought["a"] + bought["b"]),
        spend=_mean(spent) if isinstance(spent, GammaGamma) else spent,
        is_same_for_all=not isinstance(spent, GammaGamma),
        parameters=tuple(each for one in fitted for each in _parameters(one)),
        customers=bought.customers,
    )


def _mean(spent: GammaGamma) -> float | None:
    """p·γ/(q − 1), the mean over everybody; only where q is above 1."""
    return spent["p"] * spent["gamma"] / (spent["q"] - 1) if spent["q"] > 1 else None


def _parameters(fitted: Any) -> list[Parameter]:
    ends = {name: (low, high if high < float("inf") else None) for name, (low, high) in fitted.intervals.items()}
    return [Parameter(fitted.MODEL, name, value, *ends[name]) for name, value in fitted.parameters.items()]
