"""What a field may hold, kind by kind: reading what somebody gave, and writing it down as text again.

    short text, long text   a string
    number                  a number
    money                   {"minor": 1250, "currency": "EUR"}
    date                    "2026-03-01"
    yes or no               true or false
    choice                  the key of a choice
    choices                 a list of keys, in the order of the definition
    link                    the address of a page

`read(definition, text_of(value)) == value` for every value `read` gives. Whatever cannot be read is
refused with a sentence; whatever lies in a conversation is written down, even where it does not fit.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from regulars.desk.errors import FieldValueNotUsable
from regulars.kernel.currencies import CURRENCIES
from regulars.kernel.errors import DomainError
from regulars.kernel.money import Money, exponent

SHORT, LONG, NUMBER, MONEY, DATE, YES_NO, CHOICE, CHOICES, LINK = (
    "short text", "long text", "number", "money", "date", "yes or no", "choice", "choices", "link",
)  # fmt: skip
KINDS: Final = (SHORT, LONG, NUMBER, MONEY, DATE, YES_NO, CHOICE, CHOICES, LINK)
WITH_CHOICES: Final = frozenset({CHOICE, CHOICES})
YES, NO = frozenset({"yes", "true"}), frozenset({"no", "false"})
LONGEST_SHORT, LONGEST_LONG, LONGEST_LINK = 1_000, 20_000, 2_000
GREATEST: Final = 10**15

_NO_WORD = re.compile(r"[^a-z0-9]+")


Definition = Any  # what has a label, a kind, `labels` of all its choices and the `offered` ones: a FieldDefinition


def read(definition: Definition, given: Any, *, currency: str, before: Any = None) -> Any:
    """The value as it is kept, from a form's text or from JSON; None where nothing was given.

    `before` is what the field held: a retired choice may stay. An amount without one is in `currency`.
    """
    if given is None or (isinstance(given, str) and not given.strip()) or given == []:
        return None
    try:
        return _READERS[definition.kind](definition, given, currency, before)
    except (ValueError, TypeError, ArithmeticError, DomainError) as error:
        raise FieldValueNotUsable(_sentence(definition)) from error


def text_of(value: Any) -> str:
    """A value as a form's text, which reads as the same value again."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return str(value)
        case [*keys] if all(isinstance(key, str) for key in keys):
            return ", ".join(keys)
        case {"minor": int(minor), "currency": str(code)}:
            digits = exponent(code)
            return f"{Decimal(minor).scaleb(-digits):.{digits}f} {code}"
    return json.dumps(value, ensure_ascii=False)


def words(definition: Definition, value: Any) -> str:
    """A value as text for people: choices by their names."""
    keys = [value] if definition.kind == CHOICE else value if definition.kind == CHOICES else []
    if isinstance(keys, list) and keys and all(isinstance(key, str) for key in keys):
        return ", ".join(str(definition.labels.get(key, key)) for key in keys)
    return text_of(value)


def fits(definition: Definition, value: Any) -> bool:
    """Whether what lies there is of the field's kind; what was moved in or sent may be anything."""
    if definition.kind in (SHORT, LONG):
        return isinstance(value, str)
    try:
        return read(definition, value, currency="EUR", before=value) == value
    except FieldValueNotUsable:
        return False


def is_filled(value: Any) -> bool:
    """Whether there is anything in it; a number that is nought is something."""
    return value is not None and value not in ("", []) and not (isinstance(value, str) and not value.strip())


def slug(text: str) -> str:
    """A name for programs from a name for people; empty where no Latin letter or digit is in it."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    return _NO_WORD.sub("_", plain).strip("_")[:40].strip("_")


def _short(definition: Definition, given: Any, currency: str, before: Any) -> str:
    text = " ".join(_text(given).split())
    return _no_longer(text, LONGEST_SHORT)


def _long(definition: Definition, given: Any, currency: str, before: Any) -> str:
    return _no_longer(_text(given).replace("\r\n", "\n").replace("\r", "\n").strip(), LONGEST_LONG)


def _number(definition: Definition, given: Any, currency: str, before: Any) -> int | float:
    exact = Decimal(_text(given).strip())
    if not exact.is_finite() or abs(exact) >= GREATEST:
        raise ValueError
    value = float(exact)
    return int(exact) if exact == exact.to_integral_value() else int(value) if value.is_integer() else value


def _money(definition: Definition, given: Any, currency: str, before: Any) -> dict[str, Any]:
    if isinstance(given, dict):
        if given.keys() != {"minor", "currency"} or type(given["minor"]) is not int:
            raise ValueError
        amount = Money(given["minor"], given["currency"])
    else:
        first, _space, last = _text(given).strip().rpartition(" ")
        amount = Money.parse(Decimal(first), last.upper()) if first else Money.parse(Decimal(last), currency)
    if amount.currency not in CURRENCIES or abs(amount.major) >= GREATEST:
        raise ValueError
    return {"minor": amount.minor, "currency": amount.currency}


def _date(definition: Definition, given: Any, currency: str, before: Any) -> str:
    text = _text(given).strip()
    if len(text) != len("2026-03-01"):
        raise ValueError
    return date.fromisoformat(text).isoformat()


def _yes_no(definition: Definition, given: Any, currency: str, before: Any) -> bool:
    if isinstance(given, bool):
        return given
    said = _text(given).strip().lower()
    return True if said in YES else False if said in NO else _refuse(given)


def _choice(definition: Definition, given: Any, currency: str, before: Any) -> str:
    return _chosen(definition, _text(given).strip(), {before} if isinstance(before, str) else set())


def _choices(definition: Definition, given: Any, currency: str, before: Any) -> list[str]:
    parts = given.split(",") if isinstance(given, str) else given if isinstance(given, list) else _refuse(given)
    kept = {each for each in before if isinstance(each, str)} if isinstance(before, list) else set()
    chosen = {_chosen(definition, _text(part).strip(), kept) for part in parts if part != ""}
    return [key for key in definition.labels if key in chosen] or _refuse(given)


def _chosen(definition: Definition, said: str, kept: set[str]) -> str:
    """By its key, else by its name; a retired one only where it was chosen already."""
    allowed = {key: label for key, label in definition.labels.items() if key in definition.offered or key in kept}
    if said in allowed:
        return said
    found = [key for key, label in allowed.items() if label.casefold() == said.casefold()]
    return found[0] if found else _refuse(said)


def _link(definition: Definition, given: Any, currency: str, before: Any) -> str:
    text = _text(given).strip()
    address = text if "://" in text else f"https://{text}"
    parts = urlsplit(address)
    is_one_word = not any(letter.isspace() or unicodedata.category(letter) == "Cc" for letter in address)
    if parts.scheme not in ("http", "https") or "." not in (parts.hostname or "") or not is_one_word:
        raise ValueError
    return _no_longer(address, LONGEST_LINK)


def _text(given: Any) -> str:
    if isinstance(given, int | float) and not isinstance(given, bool):
        return str(given)
    text: str = given if isinstance(given, str) else _refuse(given)
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def _no_longer(text: str, most: int) -> str:
    if not 0 < len(text) <= most:
        raise ValueError
    return text


def _refuse(given: Any) -> Any:
    raise ValueError(given)


Reader = Callable[[Definition, Any, str, Any], Any]
_READERS: Final[Mapping[str, Reader]] = {
    SHORT: _short, LONG: _long, NUMBER: _number, MONEY: _money, DATE: _date, YES_NO: _yes_no, CHOICE: _choice,
    CHOICES: _choices, LINK: _link,
}  # fmt: skip


def _sentence(definition: Definition) -> str:
    told = {
        SHORT: _("“%(field)s” takes one line of at most 1,000 letters. Nothing was changed."),
        LONG: _("“%(field)s” takes a text of at most 20,000 letters. Nothing was changed."),
        NUMBER: _("“%(field)s” takes a number, such as 12.5. Nothing was changed."),
        MONEY: _("“%(field)s” takes an amount, such as 12.50 or 12.50 EUR. Nothing was changed."),
        DATE: _("“%(field)s” takes a day, such as 2026-03-01. Nothing was changed."),
        YES_NO: _("“%(field)s” takes yes or no. Nothing was changed."),
        CHOICE: _("“%(field)s” takes one of: %(choices)s. Nothing was changed."),
        CHOICES: _("“%(field)s” takes some of: %(choices)s. Nothing was changed."),
        LINK: _("“%(field)s” takes the address of a page, such as https://shop.example/. Nothing was changed."),
    }[definition.kind]
    return told % {"field": definition.label, "choices": _some(definition.offered.values())}


def _some(names: Iterable[str], most: int = 12) -> str:
    told = list(names)
    return ", ".join(told[:most]) + (" …" if len(told) > most else "")
