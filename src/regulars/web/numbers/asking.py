"""The question as an address: which conversations, by what, in which time."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regulars.desk.selectors.numbers import BY, FIELD, Question
from regulars.kernel import clock, page_settings
from regulars.kernel.errors import Invalid
from regulars.web.numbers.names import Names

LAST: Final = (
    ("7", _("the last 7 days")),
    ("28", _("the last 28 days")),
    ("90", _("the last 90 days")),
    ("365", _("the last 365 days")),
    ("own", _("the days below")),
)
STEPS: Final = (("day", _("day")), ("week", _("week")), ("month", _("month")))
BY_NAMES: Final[dict[str, str | Promise]] = {
    "": _("all together"),
    "agent": _("agent"),
    "team": _("team"),
    "channel": _("channel"),
    "priority": _("priority"),
    "kind": _("kind"),
    "label": _("label"),
    "customer label": _("label of the customer"),
}
NARROWING: Final = ("agent", "team", "channel", "priority", "kind", "label", "customer label")
LONGEST: Final = timedelta(days=3660)
USUAL: Final = "28"


class NotAsked(Invalid):
    """This address asks something that cannot be answered. Open the page and choose again."""


class Asking(forms.Form):
    """The blanks of the sentence. Whatever is left out takes the usual value."""

    last = forms.ChoiceField(label=_("Period"), required=False, choices=LAST)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput({"type": "date"}))
    step = forms.ChoiceField(label=_("By"), required=False, choices=STEPS)
    by = forms.ChoiceField(label=_("Told apart by"), required=False)
    time = forms.ChoiceField(
        label=_("Counted in"),
        required=False,
        choices=[("business", _("business hours")), ("calendar", _("all hours"))],
    )
    agent = forms.ChoiceField(label=_("Agent"), required=False)
    team = forms.ChoiceField(label=_("Team"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    priority = forms.ChoiceField(label=_("Priority"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    label = forms.ChoiceField(label=_("Label"), required=False)
    customer_label = forms.ChoiceField(label=_("Label of the customer"), required=False)

    def __init__(self, given: QueryDict, *, today: date | None = None) -> None:
        self.names = names = Names()
        self.zone = page_settings.value("time_zone")
        self.today = today or clock.today(self.zone)
        filled = given.copy()
        last = str(given.get("last") or ("own" if given.get("since") else USUAL))
        if last in ("7", "28", "90", "365"):
            filled["since"] = str(self.today - timedelta(days=int(last) - 1))
            filled["until"] = str(self.today)
        filled["last"] = last
        filled["step"] = given.get("step") or _usual_step(last)
        filled["time"] = given.get("time") or "business"
        super().__init__(filled)
        told_apart = self.fields["by"]
        assert isinstance(told_apart, forms.ChoiceField)
        told_apart.choices = by_names(names)
        self.narrowing = {_blank(by): by for by in NARROWING} | self._own(given)
        for blank, by in self.narrowing.items():
            field = self.fields[blank]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("any")), *names.choices(by)]
        for field in self.fields.values():  # the sentence around a blank is its label for the eye
            field.widget.attrs["aria-label"] = field.label

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        since, until = said.get("since"), said.get("until") or self.today
        if not self.errors and since is None:
            self.add_error("since", _("Say from which day on."))
        elif since is not None and since > until:
            self.add_error("until", _("This ends before it begins."))
        elif since is not None and until - since > LONGEST:
            self.add_error("since", _("At most ten years at once."))
        return said

    def _own(self, given: QueryDict) -> dict[str, str]:
        """A blank for each of the company's own fields with few answers.

        One that an address still asks for and that is there no more gets a blank without choices: it is refused, where
        passing over it would give the figures of everything.
        """
        labels = {f"{FIELD}{key}": field.label for key, field in self.names.fields.items()}
        gone = {_named(blank): _named(blank).removeprefix(FIELD) for blank in given if blank.startswith(_blank(FIELD))}
        for by, label in (gone | labels).items():
            self.fields[_blank(by)] = forms.ChoiceField(label=label, required=False)
        return {_blank(by): by for by in gone | labels}

    @property
    def blanks(self) -> list[forms.BoundField]:
        """Those that narrow, where there is anything to choose."""
        choices = {blank: self.fields[blank].choices for blank in self.narrowing}  # type: ignore[attr-defined]  # each has some
        return [self[blank] for blank in self.narrowing if len(choices[blank]) > 1]

    @property
    def is_narrowed(self) -> bool:
        return any(self.data.get(blank) for blank in self.narrowing)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and whether its spans are read in business hours."""

    question: Question
    is_business: bool
    names: Names

    @property
    def only(self) -> list[str]:
        """What is narrowed to, in words: each blank with its value."""
        return [f"{self._label(by)}: {self.names.name(by, value)}" for by, value in self.question.where]

    def _label(self, by: str) -> str:
        if by.startswith(FIELD):
            return self.names.fields[by.removeprefix(FIELD)].label
        return str(Asking.base_fields[_blank(by)].label)

    @property
    def last_day(self) -> date:
        """The last day asked about."""
        return self.question.until - timedelta(days=1)


def asked(form: Asking) -> Asked:
    """The question of a valid form."""
    said = form.cleaned_data
    until: date = said["until"] or form.today
    question = Question(
        since=said["since"],
        until=until + timedelta(days=1),
        zone=form.zone,
        step=said["step"],
        by=said["by"],
        where=tuple((by, value) for blank, by in form.narrowing.items() if (value := said.get(blank))),
        week_starts=page_settings.value("week_starts"),
    )
    return Asked(question, said["time"] != "calendar", form.names)


def from_address(given: QueryDict, *, today: date | None = None) -> Asked:
    """The question of an address, as of today or an earlier day; one that cannot be understood is refused."""
    form = Asking(given, today=today)
    if not form.is_valid():
        raise NotAsked
    return asked(form)


def by_names(names: Names) -> list[tuple[str, str | Promise]]:
    """Everything conversations can be told apart by, the company's own fields last."""
    return [*((by, BY_NAMES[by]) for by in ("", *BY)), *names.by_fields()]


def _blank(by: str) -> str:
    """What the blank that narrows by this is called in the address."""
    return by.replace(" ", "_")


def _named(blank: str) -> str:
    """The field of the company's own that a blank of the address means."""
    return FIELD + blank.removeprefix(_blank(FIELD))


def _usual_step(last: str) -> str:
    return {"365": "month", "90": "week"}.get(last, "day")
