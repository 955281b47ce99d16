"""How long customers stay: the blanks of the sentence, and what the page shows of the answer."""

import math
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.insights.breakdown import By
from regulars.insights.definitions import Meant
from regulars.insights.selectors import properties, retention
from regulars.insights.selectors.survival import Answer, Staying
from regulars.kernel import page_settings
from regulars.web.templatetags.house import percent, whole

USUAL_SILENCE: Final = 90
MARKS: Final = (3, 6, 12, 24)  # months at which the share still there is read
TENURES: Final = (1, 3, 6, 12, 24)
AHEAD: Final = (6, 12)
MOST_LINES: Final = 24


class Asking(forms.Form):
    """The blanks of the sentence. Whatever is left out takes the usual value."""

    days = forms.IntegerField(label=gettext_lazy("Days of silence"), required=False, min_value=1, max_value=1_500)
    begin = forms.ChoiceField(label=gettext_lazy("What keeps somebody a customer"), required=False)
    by = forms.ChoiceField(label=gettext_lazy("Broken down by"), required=False)

    def __init__(self, given: QueryDict) -> None:
        filled = given.copy()
        names = [(fact.name, fact.name) for fact in retention.fact_names()]
        begin = given.get("begin") or retention.usual_begin([name for name, _label in names]) or ""
        filled["begin"] = begin
        filled["days"] = given.get("days") or str(USUAL_SILENCE)
        super().__init__(filled)
        for field in self.fields.values():  # the sentence around a blank is its label for the eye
            field.widget.attrs["aria-label"] = field.label
        self._choose("begin", names)
        by = [(str(each), breakdown_name(each)) for each in properties.breakdowns(begin)]
        self._choose("by", [("", _("nothing")), *by])

    def question(self) -> Staying:
        """What a valid form asks."""
        kind, _colon, name = self.cleaned_data["by"].partition(":")
        return Staying(
            Meant(self.cleaned_data["begin"]),
            silence=self.cleaned_data["days"],
            zone=page_settings.value("time_zone"),
            by=By(kind, name) if name else None,  # type: ignore[arg-type]  # one of the choices
        )

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def breakdown_name(by: By) -> str:
    """What groups are made by, as the sentence says it."""
    if by.kind == "property":
        return _("%(name)s of the first one") % {"name": by.name}
    return _("%(name)s of the customer, as it is now") % {"name": by.name}


def shown(answer: Answer) -> dict[str, Any]:
    """Everything the template needs of an answer."""
    curves = sorted(answer.curves.curves, key=lambda curve: -curve.customers)
    return {
        "answer": answer,
        "marks": MARKS,
        "groups": [_group(curve) for curve in curves],
        "whole": _group(curves[0]) if len(curves) == 1 else None,
        "lines": _lines(curves),
        "remaining": _remaining(answer),
        "ahead": AHEAD,
        "says": sentences(answer),
        "cut": date_format(answer.cut),
        "as_of": date_format(answer.as_of),
    }


def reading(curve: Any, months: float) -> dict[str, Any]:
    """The share still there after so long, with its interval and how many were followed as long; None: not known."""
    place = int(curve.time.searchsorted(months, side="right")) - 1
    later = int(curve.time.searchsorted(months))
    at_risk = int(curve.at_risk[later]) if later < len(curve.time) else 0
    value = _known(curve.at(months))
    if value is None or place < 0:
        return {"value": value, "low": value, "high": value, "at_risk": at_risk}
    return {"value": value, "low": _known(curve.low[place]), "high": _known(curve.high[place]), "at_risk": at_risk}


def median(curve: Any) -> dict[str, Any]:
    """After how many months half have left; None: not reached within what was seen."""
    low, high = (_known(end) for end in curve.median_interval)
    return {"value": _known(curve.median), "low": low, "high": high}


def months(number: float | None) -> str:
    """A number of months with one decimal, in the reader's language."""
    return "…" if number is None else number_format(round(number, 1), 1)


def sentences(answer: Answer) -> list[str]:
    """What the answer says, in words a person would use."""
    said = [_once(answer)] if answer.once else []
    curves = answer.curves.curves
    return said + (_whole(curves[0]) if len(curves) == 1 else _differ(answer)) + _doubted(answer)


def _group(curve: Any) -> dict[str, Any]:
    return {
        "name": curve.group,
        "customers": curve.customers,
        "gone": curve.lost,
        "median": median(curve),
        "readings": [reading(curve, mark) for mark in MARKS],
    }


def _lines(curves: list[Any]) -> list[dict[str, Any]]:
    """The curves as a table, by month or by as many months as make it readable."""
    last = max(float(curve.time[-1]) for curve in curves)
    step = max(1, math.ceil(last / MOST_LINES))
    return [
        {"month": month, "cells": [reading(curve, month) for curve in curves]}
        for month in range(0, int(last) + 1, step)
    ]


def _remaining(answer: Answer) -> list[dict[str, Any]]:
    """How much longer those stay who have stayed so long; tenures beyond which nobody was followed are left out."""
    tenures = [at for at in TENURES if any(curve.time[-1] > at for curve in answer.curves.curves)]
    if not tenures:
        return []
    found = answer.curves.remaining(at=tenures, ahead=AHEAD, horizon=12)
    return [
        {
            "group": line.group,
            "tenure": int(line.tenure),
            "at_risk": line.at_risk,
            "median": {"value": line.median, "low": line.median_low, "high": line.median_high},
            "shares": [
                {"value": value, "low": low, "high": high}
                for value, low, high in zip(line.survival, line.low, line.high, strict=True)
            ],
        }
        for line in found.lines
    ]


def _once(answer: Answer) -> str:
    text = _("%(share)s of the customers followed came once and never again (%(n)s of %(all)s).")
    return text % {
        "share": percent(answer.once / answer.customers),
        "n": whole(answer.once),
        "all": whole(answer.customers),
    }


def _whole(curve: Any) -> list[str]:
    half, year = median(curve), reading(curve, 12)
    if half["value"] is None:
        said = [_("More than half are still there at the end of what was seen: when half are gone is not known yet.")]
    elif half["value"] == 0:
        said = [_("Half are gone after a single day.")]
    else:
        text = _("Half are gone after %(months)s months (%(low)s to %(high)s).")
        said = [text % {"months": months(half["value"]), "low": months(half["low"]), "high": months(half["high"])}]
    if year["value"] is not None:
        text = _("A year after they began, %(share)s are still there (%(low)s to %(high)s).")
        said.append(
            text % {name: percent(year[key]) for name, key in (("share", "value"), ("low", "low"), ("high", "high"))}
        )
    return said


def _differ(answer: Answer) -> list[str]:
    if answer.test is None:
        return [_("Whether the groups differ cannot be tested: nobody has left, or there is one group.")]
    chance = (
        _("p below 0.0001")
        if answer.test.p < 0.0001
        else _("p = %(p)s") % {"p": number_format(round(answer.test.p, 4), 4)}
    )
    if answer.test.p < 0.05:
        return [
            _("The groups leave at different paces: they differ more than chance would (log-rank test, %(p)s).")
            % {"p": chance}
        ]
    return [_("The groups differ no more than chance allows (log-rank test, %(p)s).") % {"p": chance}]


def _doubted(answer: Answer) -> list[str]:
    """How often the definition itself would have been wrong."""
    if not answer.pauses:
        return []
    text = ngettext(
        "Of the pauses that ended in coming back, %(share)s were longer than %(days)d day: those came back after all.",
        "Of the pauses that ended in coming back, %(share)s were longer than %(days)d days: those came back after all.",
        answer.question.silence,
    )
    return [text % {"share": percent(answer.longer_pauses / answer.pauses), "days": answer.question.silence}]


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
