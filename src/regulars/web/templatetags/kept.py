"""`{% kept "part.html" of name=value … with name=value … %}`: a part of a page that is drawn once.

The part sees nothing but what is said here. What stands after `of` is what it is drawn of, and its key. What
stands after `with` is put in afterwards: such a value may only be printed, or be a number in an address, never
asked about or filtered. The token against forged forms is always put in so.
"""

import secrets
from collections.abc import Hashable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any, Final

from django import template
from django.db.models import Model
from django.template.base import FilterExpression, Node, Parser, Token, token_kwargs
from django.template.context import Context
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeData, mark_safe

from regulars.web import context, pieces

register = template.Library()

TOKEN: Final = "csrf_token"
_MARK: Final = f"\ue000{secrets.token_hex(8)}"  # nobody can type it
_NUMBERS: Final = 10**15 + secrets.randbelow(8 * 10**15) // 1000 * 1000  # of which a hole has one of its own


class Kept(Node):
    """One part, with what it is drawn of and what is put in afterwards."""

    def __init__(self, name: str, of: dict[str, FilterExpression], filled: dict[str, FilterExpression]) -> None:
        self.name, self.of, self.filled = name, of, filled

    def render(self, context: Context) -> str:
        of = {name: said.resolve(context) for name, said in self.of.items()}
        filled = {name: said.resolve(context) for name, said in self.filled.items()} | {TOKEN: context.get(TOKEN, "")}
        holes = {name: _hole(number, name, value) for number, (name, value) in enumerate(filled.items())}
        key = (self.name, translation.get_language(), timezone.get_current_timezone_name(), seen(of), seen(holes))
        html = pieces.piece(key, lambda: self._drawn(context, of | holes))
        for name, value in filled.items():
            html = html.replace(str(holes[name]), conditional_escape(str(value) if value is None else value))
        return mark_safe(html)  # from a template that escapes

    def _drawn(self, context: Context, said: dict[str, Any]) -> str:
        engine = context.template.engine  # type: ignore[union-attr]  # there is one while it is rendered
        return engine.get_template(self.name).render(Context(said, autoescape=context.autoescape))


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
    if bits or not isinstance(name, str):
        raise template.TemplateSyntaxError('{% kept "part.html" of name=value … with name=value … %}')
    return Kept(name, of, filled)


def seen(value: Any) -> Hashable:
    """What of a value can be seen, as a key; an object may say itself what of it is drawn (`drawn_of`)."""
    if isinstance(value, SafeData):
        return ("safe", str(value))
    if value is None or isinstance(value, str | int | float | datetime | date):
        return value
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


def _hole(number: int, name: str, value: object) -> object:
    """What stands for a value until it is put in: a number for a number, so that addresses can be made of it."""
    return _NUMBERS + number if isinstance(value, int) else f"{_MARK}{number}{name}\ue001"
