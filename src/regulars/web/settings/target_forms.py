"""Forms of the hours and the targets."""

from datetime import date
from typing import Any, Final
from zoneinfo import available_timezones

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.desk import hours as opening
from regulars.desk.hours import Hours, SpecialDay, public_holidays
from regulars.desk.targets import KINDS, Policy, Target
from regulars.web.desk import words
from regulars.web.numbers.names import Names
from regulars.web.offering import offer
from regulars.web.settings.spans import SpanField, write_span

DAYS: Final = tuple(f"day{number}" for number in range(7))
LONGEST_NAME: Final = 60


class HoursForm(forms.Form):
    """When somebody is there. A day is a line such as “09:00-12:30, 13:30-17:00”."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME)
    zone = forms.CharField(
        label=gettext_lazy("Time zone"), widget=forms.TextInput({"list": "time-zones", "autocomplete": "off"})
    )
    country = forms.ChoiceField(
        label=gettext_lazy("Public holidays of"),
        required=False,
        help_text=gettext_lazy("Closed on them, unless a day below says otherwise."),
    )
    subdivision = forms.CharField(
        label=gettext_lazy("Part of the country"),
        required=False,
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=gettext_lazy("Its code where holidays differ, such as BY for Bavaria or CA for California."),
    )
    special = forms.CharField(
        label=gettext_lazy("Days that differ"),
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy(
            "One a line: the date, the hours or nothing when closed, and what it is after a colon. "
            "2026-12-24 09:00-12:00: Christmas Eve"
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, day in enumerate(DAYS):
            self.fields[day] = forms.CharField(
                label=WEEKDAYS[number],
                required=False,
                max_length=200,
                widget=forms.TextInput({"placeholder": _("closed"), "autocomplete": "off"}),
            )
        countries = [(code, code) for code in public_holidays.places()]
        offer(self, "country", [("", _("none")), *countries])
        self.order_fields(["name", "zone", *DAYS, "country", "subdivision", "special"])

    time_zones = sorted(available_timezones())

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for day in DAYS:
            self._try(day, lambda day=day: said.update({day: opening.read_intervals(said.get(day) or "")}))
        self._try("special", lambda: said.update(special=_read_special(said.get("special") or "")))
        if not self.errors:
            self._try("zone", lambda: said.update(hours=self._hours(said)))
        return said

    def _try(self, field: str, do: Any) -> None:
        try:
            do()
        except opening.UnknownHolidays as refused:
            self.add_error("subdivision", str(refused))
        except opening.UnreadableHours as refused:
            self.add_error(field, str(refused))
        except opening.UnknownZone as refused:
            self.add_error("zone", str(refused))

    def _hours(self, said: dict[str, Any]) -> Hours:
        week = tuple(said[day] for day in DAYS)
        place = (said["country"], said["subdivision"].strip().upper())
        return Hours(said["zone"].strip(), week, *place, special=said["special"])


def hours_as_typed(name: str, hours: Hours) -> dict[str, str]:
    """What the form shows of hours there are."""
    days = {day: opening.write_intervals(hours.week[number]) for number, day in enumerate(DAYS)}
    special = "\n".join(_write_special(one) for one in hours.special)
    place = {"country": hours.country, "subdivision": hours.subdivision}
    return {"name": name, "zone": hours.zone, **days, **place, "special": special}


def _write_special(one: SpecialDay) -> str:
    text = f"{one.on.isoformat()} {opening.write_intervals(one.intervals)}".strip()
    return f"{text}: {one.name}" if one.name else text


def _read_special(text: str) -> tuple[SpecialDay, ...]:
    return tuple(sorted(_read_day(line.strip()) for line in text.splitlines() if line.strip()))


def _read_day(line: str) -> SpecialDay:
    """The date, the hours, and after a colon with a space what the day is."""
    told, _colon, name = line.partition(": ")
    day, _space, intervals = told.rstrip(":").partition(" ")
    try:
        return SpecialDay(date.fromisoformat(day), opening.read_intervals(intervals), name.strip())
    except ValueError as error:
        raise opening.UnreadableHours(
            _("“%(line)s” is no day. Write it as 2026-12-24 09:00-12:00: Christmas Eve.") % {"line": line[:60]}
        ) from error


class TargetForm(forms.Form):
    """What is promised, and to which conversations; conditions left empty fit all."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME)
    hours = forms.ChoiceField(label=gettext_lazy("Counted in the hours of"))
    first = SpanField(label=gettext_lazy("First response within"), required=False, max_length=20)
    next = SpanField(label=gettext_lazy("Next responses within"), required=False, max_length=20)
    resolution = SpanField(label=gettext_lazy("Resolution within"), required=False, max_length=20)
    priorities = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Only of priority"),
        required=False,
        coerce=int,
        choices=list(words.PRIORITIES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Only of kind"),
        required=False,
        choices=list(words.KINDS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    channels = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Only on"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    teams = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Only of team"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    labels = forms.CharField(
        label=gettext_lazy("Only with a label of"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Of the conversation or of its customer; several with commas between, one is enough."),
    )

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = Names()
        offer(self, "hours", [(name, name) for name in policy.hours])
        for field, by in (("channels", "channel"), ("teams", "team")):
            choices = names.choices(by)
            # What was put away stays a condition until somebody takes it off: without it the target would fit more.
            gone = {str(pk) for pk in self.initial.get(field, ())} - dict(choices).keys()
            choices += [(pk, names.name(by, pk)) for pk in sorted(gone)]
            offer(self, field, choices)
            if not choices:
                del self.fields[field]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and not any(said.get(kind) for kind in KINDS):
            self.add_error("first", _("Promise at least one of the three."))
        return said

    def target(self) -> Target:
        """What a valid form promises; raises `TargetNotUsable`."""
        said = self.cleaned_data
        return Target(
            name=said["name"],
            hours=said["hours"],
            seconds={kind: said[kind] for kind in KINDS if said[kind]},
            priorities=frozenset(said["priorities"]),
            channels=frozenset(said.get("channels", ())),
            teams=frozenset(said.get("teams", ())),
            kinds=frozenset(said["kinds"]),
            labels=frozenset(label.strip() for label in said["labels"].split(",") if label.strip()),
        )


def target_as_typed(target: Target) -> dict[str, Any]:
    """What the form shows of a target there is."""
    spans = {kind: write_span(target.seconds.get(kind)) for kind in KINDS}
    conditions = {name: sorted(getattr(target, name)) for name in ("priorities", "kinds", "channels", "teams")}
    return {
        "name": target.name,
        "hours": target.hours,
        **spans,
        **conditions,
        "labels": ", ".join(sorted(target.labels)),
    }


class UsualForm(forms.Form):
    """By which hours everything without a target is measured, and how early a warning comes."""

    usual = forms.ChoiceField(label=gettext_lazy("Usual hours"))
    warn = SpanField(label=gettext_lazy("Warn before a breach"), required=False, max_length=20)

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "usual", [(name, name) for name in policy.hours])
