"""What conditions on fields of the company's own mean on `Conversation.fields`, in SQL.

Every meaning is true or false, never unknown, whatever lies in the field: "not" means what it says. What
can be found by the index of fields says so (`SOMETHING`), because rows without any are not in it.
"""

import json
from typing import Any, Final

from django.db.models import BooleanField, F, Func, JSONField, Q, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import IContains

SOMETHING: Final = ~Q(fields={})
_DAY: Final = '@ like_regex "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"'


class _JsonPath(TextField):
    """The type of a path, to cast to."""

    def db_type(self, connection: Any) -> str:
        return "jsonpath"


class _Met(Func):
    """Whether what a path leads to meets its test; what cannot be compared does not."""

    function = "jsonb_path_exists"
    template = "coalesce(%(function)s(%(expressions)s, true), false)"
    output_field = BooleanField()  # type: ignore[assignment]  # as Django writes it


def holds(what: str, value: Any) -> Q:
    """The field holds exactly this."""
    return Q(fields__contains={what: value}) & SOMETHING


def one_of(what: str, values: list[str]) -> Q:
    """The field is one of these choices, or has one of them among its own."""
    where = Q()
    for value in values:
        where |= Q(fields__contains={what: value}) | Q(fields__contains={what: [value]})
    return where & SOMETHING


def says(what: str, words: str) -> Q:
    """The field's text contains this, in capitals or not."""
    text = Func(F("fields"), Value(what), function="jsonb_extract_path_text", output_field=TextField())
    return (
        Q(fields__has_key=what) & Q(IContains(Coalesce(text, Value(""), output_field=TextField()), words)) & SOMETHING
    )


def number(what: str, sign: str, value: float) -> Q:
    """The field is a number that compares so."""
    return _path(what, f"@ {sign} $v", v=value)


def day(what: str, sign: str, value: str) -> Q:
    """The field is a day that compares so."""
    return _path(what, f"@ {sign} $v && {_DAY}", v=value)


def money(what: str, sign: str, value: dict[str, Any]) -> Q:
    """The field is an amount in this currency that compares so."""
    return _path(what, f"@.currency == $c && @.minor {sign} $m", c=value["currency"], m=value["minor"])


def filled(what: str) -> Q:
    """Something is in the field."""
    empty = Q(fields__contains={what: None}) | Q(fields__contains={what: ""})
    return Q(fields__has_key=what) & ~empty & SOMETHING


def _path(what: str, test: str, **given: Any) -> Q:
    path = Cast(Value(f"strict $.{json.dumps(what)} ? ({test})"), _JsonPath())
    return Q(fields__has_key=what) & Q(_Met(F("fields"), path, Value(given, JSONField()))) & SOMETHING
