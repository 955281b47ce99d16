"""`{% kept "part.html" of name=value … with name=value … as name %}`: a part of a page that is drawn once.

The part sees nothing but what is said here. What stands after `of` is what it is drawn of, and its key. What
stands after `with` is put in afterwards: such a value may only be printed, or be a number in an address, never
asked about or filtered. The token against forged forms is always put in so. With `as` it is not drawn here: so one
part is put into another, which need not be drawn anew for it.
"""

import re
import secrets
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from typing import Any, Final

from django import template
from django.db.models import Model
from django.template.base import FilterExpression, Node, Parser, Token, token_kwargs
from django.template.context import Context
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeData, SafeString

from regulars.kernel.looking import Shared, SharedWords
from regulars.web import context, pieces

register = template.Library()

TOKEN: Final = "csrf_token"
_MARK: Final = f"\ue000{secrets.token_hex(8)}"  # nobody can type it
_NUMBERS: Final = 10**15 + secrets.randbelow(8 * 10**15) // 1000 * 1000  # of which a hole has one of its own


class Kept(Node):
    """One part, with what it is drawn of and what is put in afterwards."""

    def __init__(
        self, name: str, of: dict[str, FilterExpression], filled: dict[str, FilterExpression], called: str | None
    ) -> None:
        self.name, self.of, self.filled, self.called = name, of, filled, called
        self.key = (name, *of, None, *filled)

    def render(self, context: Context) -> str:
        html = self._html(context)
        if self.called is None:
            return html
        context[self.called] = html
        return ""

    def _html(self, context: Context) -> SafeString:
        of = {name: said.resolve(context) for name, said in self.of.items()}
        filled = [said.resolve(context) for said in self.filled.values()]
        filled.append(context.get(TOKEN, ""))
        are_numbers = tuple(isinstance(value, int) for value in filled)
        drawn_of = tuple(map(seen, of.values()))
        key = (self.key, translation.get_language(), timezone.get_current_timezone_name(), drawn_of, are_numbers)
        piece = pieces.piece(key, lambda: self._drawn(context, of, are_numbers))
        return piece.filled([conditional_escape(value) for value in filled])

    def _drawn(self, context: Context, of: dict[str, Any], are_numbers: tuple[bool, ...]) -> "Holed":
        names = [*self.filled, TOKEN]
        holes = {name: _hole(number, name, are_numbers[number]) for number, name in enumerate(names)}
        engine = context.template.engine  # type: ignore[union-attr]  # there is one while it is rendered
        html = engine.get_template(self.name).render(Context(of | holes, autoescape=context.autoescape))
        return Holed.of(html, [str(hole) for hole in holes.values()])


def put_together(name: str, **filled: Any) -> SafeString:
    """A part of nothing but values that are put in, each escaped: nothing of them is kept."""
    are_numbers = tuple(isinstance(value, int) for value in filled.values())
    key = (name, *filled, None, translation.get_language(), timezone.get_current_timezone_name(), are_numbers)
    piece = pieces.piece(key, lambda: _with_holes(name, [*filled], are_numbers))
    return piece.filled([conditional_escape(value) for value in filled.values()])


def _with_holes(name: str, names: list[str], are_numbers: tuple[bool, ...]) -> "Holed":
    holes = {each: _hole(number, each, are_numbers[number]) for number, each in enumerate(names)}
    return Holed.of(get_template(name).render(holes), [str(hole) for hole in holes.values()])


@dataclass(frozen=True, slots=True)
class Holed:
    """A part as it is kept: its texts, and which value stands after each but the last."""

    texts: tuple[str, ...]
    places: tuple[int, ...]

    @classmethod
    def of(cls, html: str, holes: list[str]) -> "Holed":
        texts = re.split(f"({'|'.join(map(re.escape, holes))})", html)
        return cls(tuple(texts[::2]), tuple(holes.index(hole) for hole in texts[1::2]))

    def __len__(self) -> int:
        return sum(map(len, self.texts))

    def filled(self, values: Sequence[str]) -> SafeString:
        """The part with these values put in, which are escaped."""
        texts: list[str] = [""] * (2 * len(self.places) + 1)
        texts[::2] = self.texts
        texts[1::2] = [values[place] for place in self.places]
        return SafeString("".join(texts))  # from a template that escapes


@register.filter
def palette(places: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the palette offers to whoever may go to these places."""
    return context.palette(places)


@register.tag("kept")
def kept(parser: Parser, token: Token) -> Node:
    """Draw a part once for each of the values it is drawn of."""
    bits = token.split_contents()[1:]
    name = parser.compile_filter(bits.pop(0)).var
    of = _pairs(bits, "of", parser)
    filled = _pairs(bits, "with", parser)
    called = bits.pop() if len(bits) == 2 and bits.pop(0) == "as" else None
    if bits or not isinstance(name, str):
        raise template.TemplateSyntaxError('{% kept "part.html" of name=value … with name=value … as name %}')
    return Kept(name, of, filled, called)


def seen(value: Any) -> Hashable:
    """What of a value can be seen, as a key; an object may say itself what of it is drawn (`drawn_of`)."""
    if isinstance(value, SafeData):
        return ("safe", str(value))
    if value is None or isinstance(value, str | int | float | datetime | date):
        return value
    if isinstance(value, Shared | SharedWords):
        return value  # type: ignore[return-value]  # both have a hash, which the stubs deny a dict
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, Mapping):
        return tuple((seen(name), seen(each)) for name, each in value.items())
    if isinstance(value, list | tuple):
        return tuple(seen(each) for each in value)
    if (own := getattr(value, "drawn_of", None)) is not None:
        return (type(value), own)
    if isinstance(value, Model):  # equal ones may look different
        return (type(value), *(seen(getattr(value, field.attname)) for field in value._meta.concrete_fields))
    if is_dataclass(value):  # a text in it that waits for its language would be another key in each
        return (type(value), *(seen(getattr(value, field.name)) for field in fields(value)))
    hash(value)
    return value


def _pairs(bits: list[str], word: str, parser: Parser) -> dict[str, FilterExpression]:
    if not bits or bits[0] != word:
        return {}
    bits.pop(0)
    return token_kwargs(bits, parser)


def _hole(number: int, name: str, is_number: bool) -> object:
    """What stands for a value until it is put in: a number for a number, so that addresses can be made of it."""
    return _NUMBERS + number if is_number else f"{_MARK}{number}{name}\ue001"
