"""The question as an address: every choice is a parameter, so a link restores the view."""

from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from zoneinfo import available_timezones

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from regulars.insights.breakdown import By
from regulars.insights.definitions import OPERATORS, Condition, Meant, Several
from regulars.insights.errors import NotACondition
from regulars.insights.selectors import properties, retention
from regulars.kernel import clock
from regulars.web.offering import offered

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
OPERATOR_NAMES = {"is": _("is"), "is not": _("is not"), "at least": _("is at least"), "at most": _("is at most")}


MORE: Final = (2, 3, 4)  # conditions there is room for beside the first
_ENDS: Final = ("", *(f"_{number}" for number in MORE))


class Asking(forms.Form):
    """The blanks of the sentence. Whatever is left out takes the usual value."""

    begin = forms.ChoiceField(label=_("What begins"), required=False)
    begin_property = forms.CharField(label=_("Only where"), required=False, max_length=200)
    begin_operator = forms.ChoiceField(
        label=_("How compared"), required=False, choices=[(each, OPERATOR_NAMES[each]) for each in OPERATORS]
    )
    begin_value = forms.CharField(label=_("Value"), required=False, max_length=200)
    joined = forms.ChoiceField(label=_("Conditions"), required=False, choices=[("and", _("and")), ("or", _("or"))])
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
        filled["joined"] = given.get("joined") or "and"
        super().__init__(filled)
        for number in MORE:
            for blank in ("begin_property", "begin_operator", "begin_value"):
                self.fields[f"{blank}_{number}"] = deepcopy(self.base_fields[blank])
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
        found = [condition for end in _ENDS if (condition := self._condition(said, end))]
        if found:
            said["condition"] = found[0] if len(found) == 1 else Several(said.get("joined") or "and", tuple(found))
        if said.get("as_of") and said["as_of"] > clock.today(said.get("zone") or "UTC"):
            self.add_error("as_of", _("This day has not come yet, and nobody knows who will come back by then."))
        since, until = said.get("since"), said.get("until")
        if since and until and since >= until:
            self.add_error("until", _("This ends before it begins."))
        return said

    @property
    def further(self) -> list[list[forms.BoundField]]:
        """The blanks of each condition beside the first."""
        return [[self[f"begin_{part}_{number}"] for part in ("property", "operator", "value")] for number in MORE]

    @property
    def has_further(self) -> bool:
        return any(row[0].value() for row in self.further)

    def _condition(self, said: dict[str, Any], end: str) -> Condition | None:
        name, operator, value = (said.get(f"begin_{part}{end}") or "" for part in ("property", "operator", "value"))
        if not name.strip():
            return None
        try:
            return Condition(name.strip(), operator or "is", value.strip())  # type: ignore[arg-type]  # checked by the condition
        except NotACondition as refused:
            self.add_error(f"begin_value{end}", str(refused))
            return None

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
        begin=Meant(begin, said.get("condition")),
        back=Meant(said["back"]) if said["back"] else None,
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


def _by(text: str) -> By | None:
    kind, _colon, name = text.partition(":")
    return By(kind, name) if name else None  # type: ignore[arg-type]  # the form offers no other kinds


def _label_of(by: By) -> str:
    if by.kind == "property":
        return _("%(name)s of the first one") % {"name": by.name}
    return _("%(name)s of the customer, as it is now") % {"name": by.name}
