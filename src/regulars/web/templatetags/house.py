"""Template tags of the house: small pieces that every page draws the same way."""

import hashlib

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from regulars.web.icons import ICONS, TURNING

register = template.Library()


@register.simple_tag
def icon(name: str, *, label: str = "") -> SafeString:
    """Draw an icon; without a label it is decoration, and a screen reader passes over it."""
    voice = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    turns = " turns" if name in TURNING else ""
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" {}><path d="{}"/></svg>', turns, voice, mark_safe(ICONS[name])
    )


@register.simple_tag
def avatar(name: object, *, size: str = "") -> SafeString:
    """Draw somebody's initials on a hue of their own, the same on every page; decoration beside their name."""
    text = str(name).strip()
    return format_html(
        '<span class="avatar {}" style="--hue:{}" aria-hidden="true">{}</span>', size, hue(text), initials(text)
    )


@register.filter
def initials(name: str) -> str:
    """The first letters of the first and the last word: "Ada Moreno" is AM."""
    words = [word for word in str(name).replace("@", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in {0: words[:1], 1: words[:1]}.get(len(words), [*words[:1], *words[-1:]])).upper()


@register.filter
def hue(name: str) -> int:
    """A hue between 0 and 359 that stays with the name."""
    return int.from_bytes(hashlib.blake2b(escape(name).encode(), digest_size=2).digest()) % 360
