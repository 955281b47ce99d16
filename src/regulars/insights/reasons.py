"""What a risk goes with, in the reader's language: "associated with", never "because"."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Values = Mapping[str, Any]


def sentences(risk: Mapping[str, Any], *, most: int = 3) -> list[dict[str, Any]]:
    """The findings that go with a risk, each with whether it goes with a higher one."""
    return [
        {"code": reason["theme"], "text": _worded(reason), "is_higher": reason["is_higher"]}
        for reason in risk.get("reasons", [])[:most]
    ]


def _worded(reason: Mapping[str, Any]) -> str:
    """By its theme; a theme without words of ours keeps those of the library."""
    word = _WORDS.get(reason["theme"].partition(": ")[0])
    try:
        return word(reason["values"]) if word else reason["finding"]
    except (KeyError, TypeError):
        return reason["finding"]


def _recency(said: Values) -> str:
    text = ngettext("no order for %(days)d day", "no order for %(days)d days", said["days"]) % {"days": said["days"]}
    if said["usual_days"] is None:
        return _("%(text)s, after a single one") % {"text": text}
    usual = ngettext("usually every day", "usually every %(days)d days", said["usual_days"])
    return f"{text}; {usual % {'days': said['usual_days']}}"


def _frequency(said: Values) -> str:
    text = ngettext("%(n)d order in the last %(days)d days", "%(n)d orders in the last %(days)d days", said["count"])
    return text % {"n": said["count"], "days": said["days"]}


def _trend(said: Values) -> str:
    text = ngettext(
        "%(n)d order in the last %(days)d days, %(before)s in as many before",
        "%(n)d orders in the last %(days)d days, %(before)s in as many before",
        said["count"],
    )
    return text % {"n": said["count"], "days": said["days"], "before": f"{said['before']:.1f}"}


def _amount(said: Values) -> str:
    return _("spent %(amount)s in the last %(days)d days") % {"amount": f"{said['amount']:,.2f}", "days": said["days"]}


def _tenure(said: Values) -> str:
    return ngettext("a customer for %(days)d day", "a customer for %(days)d days", said["days"]) % {
        "days": said["days"]
    }


def _name(said: Values) -> str:
    if "count" not in said or not said["count"]:
        return _("no “%(name)s” in the last %(days)d days") % {"name": said["name"], "days": said["days"]}
    return _("%(n)d × “%(name)s” in the last %(days)d days") % {
        "n": said["count"],
        "name": said["name"],
        "days": said["days"],
    }


_WORDS: dict[str, Callable[[Values], str]] = {
    "recency": _recency,
    "frequency": _frequency,
    "trend": _trend,
    "amount": _amount,
    "tenure": _tenure,
    "name": _name,
}
