"""Deeds on a form that works without scripts: lines that say what to do and with which value.

A line sends `deed.3` ("label", or "field:reason" for a field), `deed.3.value`, perhaps several, and
`deed.3.was`, what it was before: a value for another deed is dropped. Buttons send `do`: `add-deed`,
`remove-deed:3`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.accounts import selectors as accounts
from regulars.desk import field_values
from regulars.desk.selectors import fields, wording
from regulars.web.desk import deed_words, language_words, words

Choices = list[tuple[str, str]]

WORDS: Final[Mapping[str, str | Promise]] = {
    "label": gettext_lazy("Put on the label"),
    "unlabel": gettext_lazy("Take off the label"),
    "priority": gettext_lazy("Make the priority"),
    "kind": gettext_lazy("File it as"),
    "language": gettext_lazy("Say its language is"),
    "team": gettext_lazy("Give it to the team"),
    "assign": gettext_lazy("Give it to"),
    "note": gettext_lazy("Add a note"),
    "watch": gettext_lazy("Watch it"),
    "open": gettext_lazy("Make it our turn"),
    "wait": gettext_lazy("Make it the customer's turn"),
    "snooze_for": gettext_lazy("Put it aside for"),
    "resolve": gettext_lazy("Resolve it"),
    "spam": gettext_lazy("Mark it as spam"),
}
OF_RULES: Final = (
    "label", "unlabel", "priority", "kind", "language", "team", "assign", "note", "open", "wait", "resolve", "spam",
)  # fmt: skip
OF_MACROS: Final = (
    "label", "unlabel", "priority", "kind", "language", "team", "assign", "watch", "open", "wait", "snooze_for",
    "resolve",
)  # fmt: skip
SPANS: Final = ("3h", "1d", "2d", "3d", "7d", "14d", "30d")
TYPES: Final = {"number": "number", "date": "date", "link": "url"}
MOST: Final = 20


@dataclass(slots=True)
class Line:
    """One deed as it stands on the form, perhaps half filled in. `control` says how its value is given."""

    picked: str
    values: list[str] = field(default_factory=list)
    control: str = "none"
    options: Choices = field(default_factory=list)
    gone: str = ""  # what a field was called that is retired: offered no more, and said

    @property
    def value(self) -> str:
        return ", ".join(self.values)

    @property
    def deed(self) -> dict[str, str]:
        """The deed it means."""
        name, _colon, key = self.picked.partition(":")
        return {"deed": name, "value": f"{key}={self.value}" if name == "field" else self.value}


class Offered:
    """What a form for deeds offers: which, and for each how its value is given."""

    def __init__(self, names: Sequence[str], *, with_me: bool = False) -> None:
        self._names, self._with_me = names, with_me
        self._every = {f"field:{row.key}": row for row in fields.every()}
        self._fields = {name: row for name, row in self._every.items() if row.retired_at is None}

    @property
    def choices(self) -> Choices:
        """Every deed by its words; the fields after the others."""
        set_to = _("Set %(field)s to")
        of_fields = [(name, set_to % {"field": row.label}) for name, row in self._fields.items()]
        return [*((name, str(WORDS[name])) for name in self._names), *of_fields]

    def read(self, said: QueryDict) -> list[Line]:
        """The lines as the form sent them, after the button that was pressed did its work."""
        lines = [
            self._line(picked, said.getlist(f"deed.{place}.value") if said.get(f"deed.{place}.was") == picked else [])
            for place in range(MOST)
            if (picked := said.get(f"deed.{place}", "")) in self._known
        ]
        button, _colon, place = said.get("do", "").partition(":")
        if button == "add-deed" and len(lines) < MOST:
            lines.append(self._line("label", []))
        if (
            button == "remove-deed"
            and place.isascii()
            and place.isdigit()
            and len(place) < 5
            and int(place) < len(lines)
        ):
            del lines[int(place)]
        return lines

    def drawn(self, deeds: Sequence[Mapping[str, str]]) -> list[Line]:
        """Deeds as the form shows them; one whose field is retired stands there and says so."""
        pairs = [(each["deed"], each["value"]) for each in deeds]
        named = [
            (f"field:{value.partition('=')[0]}", value.partition("=")[2]) if deed == "field" else (deed, value)
            for deed, value in pairs
        ]
        return [self._line(picked, [value] if value else []) for picked, value in named if picked in self._known]

    @property
    def _known(self) -> set[str]:
        return {*self._names, *self._every}

    def _line(self, picked: str, values: list[str]) -> Line:
        control, options = self._control(picked)
        if control == "several":
            values = [part.strip() for value in values for part in value.split(",") if part.strip()]
        gone = _("%(field)s (retired)") % {"field": self._every[picked].label} if self._is_gone(picked) else ""
        return Line(picked, values, control, options, gone)

    def _is_gone(self, picked: str) -> bool:
        return picked in self._every and picked not in self._fields

    def _control(self, picked: str) -> tuple[str, Choices]:
        row = self._every.get(picked)
        if row is not None:
            return _of_field(row)
        match picked:
            case "label":
                return "text", []
            case "note":
                return "long", []
            case "open" | "wait" | "resolve" | "spam" | "watch":
                return "none", []
        return "select", self._options(picked)

    def _options(self, picked: str) -> Choices:
        me = [("me", _("Whoever uses this"))] if self._with_me else []
        match picked:
            case "priority":
                return [(str(level), str(word)) for level, word in words.PRIORITIES.items()]
            case "kind":
                return [(name, str(word)) for name, word in words.KINDS.items()]
            case "language":
                return [("", _("not known")), *language_words.every()]
            case "team":
                return [(str(team.pk), team.name) for team in accounts.teams()]
            case "assign":
                agents = [(str(agent.pk), str(agent)) for agent in accounts.answering_agents()]
                return [*me, ("", _("Nobody")), *agents]
            case "unlabel":
                return [(str(label.pk), label.name) for label in wording.labels()]
            case "snooze_for":
                return [(span, deed_words.span(span)) for span in SPANS]
        return []


def _of_field(row: Any) -> tuple[str, Choices]:
    match row.kind:
        case field_values.CHOICE:
            return "select", [("", "–"), *row.offered.items()]
        case field_values.CHOICES:
            return "several", list(row.offered.items())
        case field_values.YES_NO:
            return "select", [("", "–"), ("yes", _("yes")), ("no", _("no"))]
        case field_values.LONG:
            return "long", []
    return TYPES.get(row.kind, "text"), []
