"""What was learnt about one customer, ready for a card that needs no statistics to read."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.customers.selectors.profiles import Trait
from regulars.customers.selectors.traits import SCORES, newest
from regulars.insights import reasons
from regulars.kernel.money import Money

_MUCH: Final = 0.05  # nobody acts on five customers in a hundred


def outlook(traits: Sequence[Trait]) -> dict[str, Any] | None:
    """The newest risk, value, stake and survival; None where nothing was learnt about them."""
    learnt = newest(traits)
    found = {name: learnt[name].value for name in SCORES if name in learnt}
    if not found.keys() & {"risk", "value", "survival"}:
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
        "stays": _stays(found.get("survival")),
        "as_of": max(learnt[name].as_of for name in found),
    }


def _verdict(risk: float, usual: float) -> str:
    """The first thing to know, before any figure."""
    if risk > usual + _MUCH:
        return _("More likely to leave than is usual here")
    if risk < usual - _MUCH:
        return _("Less likely to leave than is usual here")
    return _("About as likely to leave as is usual here")


def _stays(found: dict[str, Any] | None) -> list[str]:
    """How long people like this one stay, in sentences."""
    if not found:
        return []
    if "gone_since" in found:
        words = {"since": date_format(date.fromisoformat(found["gone_since"])), "days": found["silence"]}
        return [_("No order since %(since)s. After %(days)s days without one, somebody counts as gone here.") % words]
    rates = {name: round(100 * found[name]) for name in ("share", "low", "high")}
    text = _("Of 100 %(whom)s, about %(share)s are still customers %(later)s (%(low)s to %(high)s).")
    said = [text % {"whom": _whom(found), "later": _later(found["ahead"]), **rates}]
    half = round(found["median"] or 0)
    if half:
        text = ngettext(
            "Half of them stay at least another %(months)s month.",
            "Half of them stay at least another %(months)s months.",
            half,
        )
        said.append(text % {"months": half})
    return said


def _whom(found: dict[str, Any]) -> str:
    """Those the share was read off: who began alike, and stayed as long."""
    months = found["step"] - 1
    if months < 0:
        whom = _("customers after their first order")
    elif not months:
        whom = _("customers who came back for a second order")
    else:
        whom = ngettext(
            "customers who stayed at least %(months)s month", "customers who stayed at least %(months)s months", months
        ) % {"months": months}
    if found["group"] is None:
        return whom
    return _("%(whom)s (%(property)s of the first order: %(group)s)") % {
        "whom": whom, "property": found["by"], "group": found["group"]
    }  # fmt: skip


def _later(months: int) -> str:
    if months == 12:
        return _("a year later")
    return ngettext("%(months)s month later", "%(months)s months later", months) % {"months": months}


def _money(found: dict[str, Any] | None) -> dict[str, Money] | None:
    return found and {name: Money(found[name], found["currency"]) for name in ("amount", "low", "high")}
