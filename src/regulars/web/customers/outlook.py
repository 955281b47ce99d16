"""What was learnt about one customer, ready for a card that needs no statistics to read."""

from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from regulars.customers.selectors.profiles import Trait
from regulars.kernel.money import Money
from regulars.web.retention import reasons

_MUCH: Final = 0.05  # nobody acts on five customers in a hundred


def outlook(traits: Sequence[Trait]) -> dict[str, Any] | None:
    """The newest risk, value and stake; None where nothing was learnt about them."""
    newest: dict[str, Trait] = {}
    for trait in sorted(traits, key=lambda trait: trait.as_of):
        newest[trait.name] = trait
    found = {name: newest[name].value for name in ("risk", "value", "stake") if name in newest}
    if not found.keys() & {"risk", "value"}:
        return None
    risk = found.get("risk")
    return {
        "risk": risk,
        "leavers": risk and round(100 * risk["probability"]),
        "usual": risk and round(100 * risk["usual"]),
        "verdict": risk and _verdict(risk["probability"], risk["usual"]),
        "reasons": reasons.sentences(risk) if risk else [],
        "value": _money(found.get("value")),
        "stake": _money(found.get("stake")),
        "as_of": max(newest[name].as_of for name in found),
    }


def _verdict(risk: float, usual: float) -> str:
    """The first thing to know, before any figure."""
    if risk > usual + _MUCH:
        return _("More likely to leave than is usual here")
    if risk < usual - _MUCH:
        return _("Less likely to leave than is usual here")
    return _("About as likely to leave as is usual here")


def _money(found: dict[str, Any] | None) -> dict[str, Money] | None:
    return found and {name: Money(found[name], found["currency"]) for name in ("amount", "low", "high")}
