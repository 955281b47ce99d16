"""What customers are worth: what the Value page shows of a night's run, in words that need no statistics."""

from datetime import date
from functools import partial
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.insights import bars
from regulars.insights.selectors import value as values
from regulars.insights.selectors.scores import Learnt
from regulars.insights.sentences import shown as shown_now
from regulars.kernel.money import Money, exponent
from regulars.web.templatetags.house import money, percent, whole

CLOSE = 0.1  # how far expected and actual may be apart to be called close


def shown(learnt: Learnt) -> dict[str, Any]:
    """Everything the template needs of a run that found a model."""
    said = learnt.summary
    currency = said["currency"]
    habits = values.habits(learnt)
    held = said.get("held_out")
    return {
        "customers": said["customers"],
        "total": {name: major(said[name], currency) for name in ("total", "low", "high")},
        "mean": major(said["total"] / said["customers"], currency) if said["customers"] else None,
        "concentration": said.get("concentration", []),
        "steps": named_steps(said),
        "habits": habits,
        "says": _sentences(said, habits, currency),
        "held": held and _held(held, currency),
        "notes": [shown_now(note) for note in said["notes"]],
        "currency": currency,
    }


def major(amount: float, currency: str) -> Money:
    """An amount in major units as money."""
    return Money(round(amount * 10 ** exponent(currency)), currency)


def named_steps(said: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps of the distribution with their names: "below 5", "5 – 10", "1,000 or more"."""
    return [step | {"name": _step_name(step["from"], step["to"])} for step in said.get("steps", [])]


def drawn(said: dict[str, Any]) -> Any:
    """The distribution as bars, to be drawn in a theme."""
    words = {
        "worth": _("Expected in the next twelve months, %(currency)s") % {"currency": said["currency"]},
        "customers": _("Customers"),
        "held": _("Share of all value"),
    }
    return partial(bars.distribution, named_steps(said), words)


def _step_name(low: float | None, high: float | None) -> str:
    if low is None:
        return _("below %(amount)s") % {"amount": _plain(high)}
    if high is None:
        return _("%(amount)s or more") % {"amount": _plain(low)}
    return f"{_plain(low)} – {_plain(high)}"


def _plain(amount: float | None) -> str:
    """Steps are round: without decimals from 1 on."""
    assert amount is not None
    return whole(amount) if amount >= 1 else f"{amount:g}"


def _sentences(said: dict[str, Any], habits: values.Habits, currency: str) -> list[str]:
    text = ngettext(
        "While they are customers, they order every %(weeks)s week on average.",
        "While they are customers, they order every %(weeks)s weeks on average.",
        round(habits.weeks_between),
    )
    sentences = [text % {"weeks": f"{habits.weeks_between:.1f}"}]
    text = _("After an order, about %(share)s leave for good.")
    sentences.append(text % {"share": percent(habits.leaves_after_order)})
    if habits.spend is not None:
        text = _("A typical order comes to %(amount)s.")
        sentences.append(text % {"amount": money(major(habits.spend, currency))})
    tenth = next((each for each in said.get("concentration", []) if each["share"] == 0.1), None)
    if tenth:
        text = _("A tenth of the customers holds %(held)s of all that is expected.")
        sentences.append(text % {"held": percent(tenth["held"])})
    return sentences


def _held(held: dict[str, Any], currency: str) -> dict[str, Any]:
    """The check on orders the model had not seen, with a verdict in words."""
    if "refusal" in held:
        return held | {"refusal": shown_now(held["refusal"])}
    orders, revenue = held["orders"], held["revenue"]
    return {
        "cut": date_format(date.fromisoformat(held["cut"])),
        "weeks": held["weeks"],
        "customers": held["customers"],
        "orders": {name: round(count) for name, count in orders.items()},
        "revenue": {name: major(amount, currency) for name, amount in revenue.items()},
        "verdict": _verdict(orders["expected"], orders["actual"]),
        "top_share": held["top_share"],
        "tenths": [_tenth(place, tenth) for place, tenth in enumerate(held["tenths"], 1)],
    }


def _verdict(expected: float, actual: float) -> str:
    if not actual:
        return _("No order came at all, so the model cannot be believed.")
    apart = expected / actual - 1
    words = {"share": percent(abs(apart))}
    if abs(apart) <= CLOSE:
        return _("The model came close: it was off by %(share)s.") % words
    if apart > 0:
        return _("The model expected %(share)s too much. Read the amounts as an order of who matters more.") % words
    return _("The model expected %(share)s too little. Read the amounts as an order of who matters more.") % words


def _tenth(place: int, tenth: dict[str, Any]) -> dict[str, Any]:
    count = tenth["customers"]
    return {
        "place": place,
        "customers": count,
        "expected": tenth["expected"] / count,
        "actual": tenth["actual"] / count,
    }
