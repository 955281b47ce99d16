"""Tags for what our templates ask of them most: the same words in a tenth of the time.

A page holds a hundred constant texts, sixty addresses of a name and a number, and fifty icons that are named
in the template. Whatever else these tags can do is left to Django's, and to the house's.
"""

from html import escape
from typing import Any

from django import template
from django.template.base import FilterExpression, Node, Parser, TextNode, Token
from django.template.context import Context
from django.template.defaulttags import URLNode, url
from django.templatetags.i18n import TranslateNode, do_translate
from django.urls import NoReverseMatch
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from regulars.web.reversing import reversed_quickly
from regulars.web.templatetags import house

register = template.Library()


class ConstantText(Node):
    """`{% translate "…" %}` of a text that stands in the template."""

    def __init__(self, text: str, name: str | None) -> None:
        self.message, self.name = text.replace("%", "%%"), name  # as makemessages writes it down

    def render(self, context: Context) -> str:
        words = mark_safe(gettext(self.message).replace("%%", "%"))
        if self.name is None:
            return words
        context[self.name] = words
        return ""


class NumberedAddress(URLNode):
    """`{% url "…" number %}`; where an argument is anything but a number, Django's tag answers."""

    def __init__(self, node: URLNode, name: str) -> None:
        super().__init__(node.view_name, node.args, node.kwargs, node.asvar)
        self.name = name

    def render(self, context: Context) -> str:
        numbers = [argument.resolve(context) for argument in self.args]
        if any(type(number) is not int for number in numbers):
            return super().render(context)
        try:
            address = reversed_quickly(self.name, *numbers)
        except NoReverseMatch:
            return super().render(context)
        if self.asvar is None:
            return escape(address)
        context[self.asvar] = address
        return ""


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> Node:
    """Django's `translate`; a constant text without more to it is looked up directly."""
    bits = token.split_contents()
    text = _constant(parser, bits[1]) if len(bits) == 2 or (len(bits) == 4 and bits[2] == "as") else ""
    if text:
        return ConstantText(text, bits[3] if len(bits) == 4 else None)
    node: TranslateNode = do_translate(parser, token)
    return node


@register.tag("url")
def numbered_url(parser: Parser, token: Token) -> Node:
    """Django's `url`; a constant name with positional arguments is put together directly."""
    node: URLNode = url(parser, token)
    name: Any = node.view_name.var
    is_plain = isinstance(name, str) and not node.view_name.filters and not node.kwargs
    return NumberedAddress(node, name) if is_plain else node


@register.tag("icon")
def icon(parser: Parser, token: Token) -> Node:
    """The house's `icon`; one that is named in the template and says nothing is drawn when the template is read."""
    bits = token.split_contents()
    name = _constant(parser, bits[1]) if len(bits) == 2 else ""
    node: Node = TextNode(house.icon(name)) if name else house.register.tags["icon"](parser, token)
    return node


def _constant(parser: Parser, bit: str) -> str:
    """The text a template writes in quotes; empty where it is anything else."""
    found: FilterExpression = parser.compile_filter(bit)
    return found.var if isinstance(found.var, str) and not found.filters else ""
