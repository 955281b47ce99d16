"""Deeds in words: what a rule, a macro or a bulk action would do, as a sentence each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.accounts import selectors as accounts
from regulars.desk import field_values
from regulars.desk.selectors import fields, wording
from regulars.web.desk import field_words, language_words, words

PLAIN: Final[dict[str, str | Promise]] = {
    "resolve": gettext_lazy("Resolve it"),
    "open": gettext_lazy("Make it our turn"),
    "wait": gettext_lazy("Make it the customer's turn"),
    "watch": gettext_lazy("Watch it"),
    "spam": gettext_lazy("Mark it as spam"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One deed as a form carries it, and as people read it."""

    deed: str
    value: str
    text: str

    @property
    def said(self) -> str:
        """The deed as a form's value."""
        return f"{self.deed}:{self.value}" if self.value else self.deed


class Names:
    """What deeds speak of, looked up once where it is spoken of at all."""

    @cached_property
    def agents(self) -> dict[str, str]:
        return {str(agent.pk): str(agent) for agent in accounts.agents()}

    @cached_property
    def teams(self) -> dict[str, str]:
        return {str(team.pk): team.name for team in accounts.teams()}

    @cached_property
    def labels(self) -> dict[str, str]:
        return {str(label.pk): label.name for label in wording.labels()}

    @cached_property
    def fields(self) -> dict[str, Any]:
        return {row.key: row for row in fields.every()}


def told(deeds: Sequence[dict[str, str]], *, names: Names | None = None) -> list[Told]:
    """Each deed with its sentence; one about something that is gone says so."""
    known = names or Names()
    return [Told(each["deed"], each["value"], sentence(each["deed"], each["value"], known)) for each in deeds]


def sentence(deed: str, value: str, names: Names) -> str:
    """One deed: "Give it to Bo"."""
    gone = _("somebody or something that is gone")
    match deed:
        case "label":
            return _("Label “%(name)s”") % {"name": value}
        case "unlabel":
            return _("Take “%(name)s” off") % {"name": names.labels.get(value, gone)}
        case "assign" if value == "me":
            return _("Give it to whoever uses this")
        case "assign":
            return _("Give it to %(who)s") % {"who": names.agents.get(value, gone) if value else _("nobody")}
        case "team":
            return _("Give it to the team %(who)s") % {"who": names.teams.get(value, gone) if value else _("none")}
        case "priority":
            level = words.PRIORITIES.get(_count(value), value)
            return _("Priority: %(level)s") % {"level": level}
        case "kind":
            return _("File it as: %(name)s") % {"name": words.KINDS.get(value, value)}
        case "language":
            return _("Its language: %(name)s") % {"name": language_words.name(value) or _("not known")}
        case "snooze_for":
            return _("Put it aside: %(span)s") % {"span": span(value)}
        case "note":
            return _("Add a note: “%(text)s”") % {"text": value[:60]}
        case "field":
            return _field(value, names, gone)
    return str(PLAIN.get(deed, deed))


def span(value: str) -> str:
    """ "3h" and "2d" in words."""
    count = _count(value[:-1])
    said = (
        ngettext("%(n)d hour", "%(n)d hours", count)
        if value[-1:] == "h"
        else ngettext("%(n)d day", "%(n)d days", count)
    )
    return said % {"n": count}


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _field(value: str, names: Names, gone: str) -> str:
    key, _sign, text = value.partition("=")
    row = names.fields.get(key)
    if row is None:
        return _("Set the field %(field)s") % {"field": gone}
    if not text:
        return _("Empty %(field)s") % {"field": row.label}
    try:
        kept = field_values.read(row, text, currency="EUR", before=text)
    except field_values.FieldValueNotUsable:
        kept = text
    told_value = text if row.kind == "money" else field_words.shown(row, kept)
    return _("%(field)s: %(value)s") % {"field": row.label, "value": told_value}
