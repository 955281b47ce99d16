"""The record of who did what, in words: a name where the record says `channel:2`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.accounts import selectors as accounts
from regulars.customers.importing import selectors as imports
from regulars.customers.selectors import families, listed
from regulars.web.settings.forms import ROLE_NAMES

KINDS: Final[dict[str, str | Promise]] = {
    "agent": gettext_lazy("a former colleague"),
    "customer": gettext_lazy("a customer who is gone"),
    "channel": gettext_lazy("a channel"),
    "team": gettext_lazy("a team"),
    "label": gettext_lazy("a label"),
    "key": gettext_lazy("a key"),
    "webhook": gettext_lazy("a webhook"),
    "invitation": gettext_lazy("an invitation"),
    "import": gettext_lazy("a file"),
    "export": gettext_lazy("an export"),
    "suppressed address": gettext_lazy("an address"),
}
SETTINGS: Final[dict[str, str | Promise]] = {
    "targets": gettext_lazy("Hours and targets"),
    "company_name": gettext_lazy("Name"),
    "time_zone": gettext_lazy("Time zone"),
    "currency": gettext_lazy("Currency"),
    "week_starts": gettext_lazy("Weeks begin on"),
}
MEANS: Final[dict[str, str | Promise]] = {
    "password": gettext_lazy("password"),
    "code": gettext_lazy("code"),
    "second factor": gettext_lazy("second factor"),
    "mfa": gettext_lazy("second factor"),
    "secret": gettext_lazy("secret"),
}
NAMING: Final = ("name", "email", "url")  # what of the details says whom or what it is about


class Subjects:
    """What each act is about, by name and with the way there; everything of a kind is asked for at once."""

    def __init__(self, subjects: Iterable[str], colleagues: Mapping[str, str]) -> None:
        wanted: dict[str, list[int]] = {}
        for subject in subjects:
            kind, _colon, number = subject.partition(":")
            if number.isascii() and number.isdigit():
                wanted.setdefault(kind, []).append(int(number))
        self._colleagues = colleagues
        self._found = {kind: FINDERS[kind](ids) for kind, ids in wanted.items() if kind in FINDERS}

    def name(self, subject: str, details: Mapping[str, Any]) -> str:
        """The present name; else what was noted with the act; else what kind of thing it was."""
        kind, colon, number = subject.partition(":")
        if not colon:
            return subject
        if kind == "setting":
            return str(SETTINGS.get(number, number.replace("_", " ")))
        known = self._colleagues.get(subject) or self._found.get(kind, {}).get(_number(number))
        return known or _noted(details) or str(KINDS.get(kind, subject))

    def url(self, subject: str) -> str:
        """A customer who is still here can be opened."""
        kind, _colon, number = subject.partition(":")
        is_here = kind == "customer" and _number(number) in self._found.get(kind, {})
        return reverse("customers:profile", args=[number]) if is_here else ""


def details(said: Mapping[str, Any]) -> str:
    """What else was noted, without what already names the thing."""
    rest = {name: value for name, value in said.items() if name not in NAMING}
    parts = []
    if "from" in rest and "to" in rest:
        parts.append(f"{_word(rest.pop('from'))} → {_word(rest.pop('to'))}")
    parts += [
        SENTENCES[name](value) if name in SENTENCES else f"{name}: {_word(value)}" for name, value in rest.items()
    ]
    return ", ".join(part for part in parts if part)


def _noted(said: Mapping[str, Any]) -> str:
    return next((str(said[name]) for name in NAMING if said.get(name)), "")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _word(value: object) -> str:
    """One value, or several, as people read them."""
    if isinstance(value, list):
        return ", ".join(map(_word, value))
    if isinstance(value, dict):
        return str(value.get("method", ""))
    text = str(value)
    return str(ROLE_NAMES.get(text) or MEANS.get(text) or text)


def _numbers(value: object) -> str:
    return ", ".join(f"#{each}" for each in (value if isinstance(value, list) else [value]))


def _customers(ids: Sequence[int]) -> dict[int, str]:
    heads = families.heads(ids)
    names = {row.id: row.name for row in listed.rows_of(list(dict.fromkeys(heads.values())))}
    return {each: names[head] for each, head in heads.items() if head in names}


def _keys(_ids: Sequence[int]) -> dict[int, str]:
    rows = accounts.keys()
    return {key.pk: key.source.name for key in rows}


def _imports(_ids: Sequence[int]) -> dict[int, str]:
    return {each.pk: each.file_name for each in imports.history()}


SENTENCES: Final[dict[str, Callable[[Any], str]]] = {
    "by": _word,
    "what": _word,
    "kind": _word,
    "role": _word,
    "reason": _word,
    "form": _word,
    "ids": _numbers,
    "merged_id": _numbers,
    "version": _numbers,
    "paused": lambda value: _("paused") if value else _("taken up again"),
}
FINDERS: Final[dict[str, Callable[[Sequence[int]], dict[int, str]]]] = {
    "customer": _customers,
    "key": _keys,
    "import": _imports,
}
