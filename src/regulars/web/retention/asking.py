"""The question as an address: every choice is a parameter, so a link restores the view."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from regulars.insights.breakdown import By
from regulars.insights.definitions import Meant
from regulars.insights.selectors import properties, retention
from regulars.kernel import clock
from regulars.web.offering import offered
from regulars.web.retention import conditions

KINDS = ("full", "classic", "rolling", "return", "bracket")
PERIODS = (
    ("day", _("day")),
    ("week", _("week")),
    ("month", _("month")),
    ("quarter", _("quarter")),
    ("year", _("year")),
    ("personal day", _("24 hours from each first moment")),
    ("personal week", _("7 times 24 hours from each first moment")),
    ("personal 30 days", _("30 times 24 hours from each first moment")),
)


class Asking(forms.Form):
    """The blanks of the sentence. Whatever is left out takes the usual value."""

    begin = forms.ChoiceField(label=_("What begins"), required=False)
    back = forms.ChoiceField(label=_("What counts as coming back"), required=False)
    period = forms.ChoiceField(label=_("By"), required=False, choices=PERIODS)
    zone = forms.CharField(
        label=_("Time zone"), required=False, max_length=64, widget=forms.TextInput({"list": "zones", "size": 14})
    )
    cohort = forms.DateField(label=_("Cohort"), required=False)
    since = forms.DateField(label=_("First seen from"), required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=_("First seen before"), required=False, widget=forms.DateInput({"type": "date"}))
    as_of = forms.DateField(label=_("As of"), required=False, widget=forms.DateInput({"type": "date"}))
    by = forms.ChoiceField(label=_("Broken down by"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[(kind, kind) for kind in KINDS])
    n = forms.IntegerField(label=_("After"), required=False, min_value=1, max_value=10_000)
    bracket_from = forms.IntegerField(label=_("Bracket from"), required=False, min_value=1, max_value=10_000)

    def __init__(self, given: QueryDict, *, zone: str) -> None:
        filled = given.copy()
        filled["period"] = given.get("period") or "month"
        filled["zone"] = given.get("zone") or zone
        super().__init__(filled)
        self.fields |= conditions.blanks()
        for field in self.fields.values():  # the sentence around a blank is its label for the eye
            field.widget.attrs["aria-label"] = field.label
        names = [(fact.name, fact.name) for fact in retention.fact_names()]
        self._choose("begin", names)
        self._choose("back", [("", _("do the same")), *names])
        begin = given.get("begin") or retention.usual_begin([name for name, _label in names]) or ""
        filled["begin"] = begin
        by = properties.breakdowns(begin)
        self._choose("by", [("", _("all together")), *((str(each), _label_of(each)) for each in by)])

    def clean_zone(self) -> str:
        zone = self.cleaned_data["zone"].strip()
        if zone not in available_timezones():
            raise forms.ValidationError(_("There is no such time zone; use a name such as Europe/Berlin."))
        return zone

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for side in conditions.SIDES:
            said[f"{side}_where"] = conditions.read(self, said, side)
        if said.get("as_of") and said["as_of"] > clock.today(said.get("zone") or "UTC"):
            self.add_error("as_of", _("This day has not come yet, and nobody knows who will come back by then."))
        since, until = said.get("since"), said.get("until")
        if since and until and since >= until:
            self.add_error("until", _("This ends before it begins."))
        return said

    @property
    def where(self) -> dict[str, conditions.Shown]:
        """The blanks of each side, by its name."""
        return {side: conditions.Shown(self, side) for side in conditions.SIDES}

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what the page shows of its answer: one kind, one period, maybe one cohort."""

    question: retention.Question
    kind: str
    n: int | None
    cohort: date | None

    def of_cohort(self, until: date) -> retention.Question:
        """The same question about the chosen cohort alone, which ends before `until`."""
        return replace(self.question, since=self.cohort, until=until)


def asked(form: Asking) -> Asked:
    """The question a valid form asks, with the usual choices where it is silent."""
    said = form.cleaned_data
    begin = said["begin"] or retention.usual_begin([name for name, _label in offered(form, "begin")]) or ""
    window, _space, period = (said["period"] or "month").rpartition("personal ")
    question = retention.Question(
        begin=Meant(begin, said["begin_where"]),
        back=_back(begin, said),
        period=period,
        window="personal" if window or _space else "calendar",
        zone=said["zone"],
        as_of=said["as_of"],
        since=said["since"],
        until=said["until"],
        bracket_from=said["bracket_from"],
        by=_by(said["by"]),
    )
    return Asked(question, kind=said["kind"] or "classic", n=said["n"], cohort=said["cohort"])


def _back(begin: str, said: dict[str, Any]) -> Meant | None:
    """What counts as coming back. “The same” is under the conditions of what begins, unless it has its own."""
    if not said["back"] and said["back_where"] is None:
        return None
    return Meant(said["back"] or begin, said["back_where"])


def _by(text: str) -> By | None:
    kind, _colon, name = text.partition(":")
    return By(kind, name) if name else None  # type: ignore[arg-type]  # the form offers no other kinds


def _label_of(by: By) -> str:
    if by.kind == "property":
        return _("%(name)s of the first one") % {"name": by.name}
    return _("%(name)s of the customer, as it is now") % {"name": by.name}
