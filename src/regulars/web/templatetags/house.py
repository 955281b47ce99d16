"""Template tags of the house: small pieces that every page draws the same way."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from html import escape
from itertools import count, islice
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext, pgettext

from regulars.kernel import clock
from regulars.kernel.money import Money, exponent
from regulars.web import moments
from regulars.web.icons import ICONS, TURNING

register = template.Library()

_explanations = count(1)
SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "JPY": "¥", "INR": "₹", "KRW": "₩", "UAH": "₴", "ILS": "₪"}
THIN = "\N{NARROW NO-BREAK SPACE}"


@register.simple_tag
def icon(name: str, *, label: str = "") -> SafeString:
    """Draw an icon; without a label it is decoration, and a screen reader passes over it."""
    return _drawing(name) if not label else _with_voice(name, format_html('role="img" aria-label="{}"', label))


@cache  # bounded: there are only so many icons
def _drawing(name: str) -> SafeString:
    return _with_voice(name, mark_safe('aria-hidden="true"'))


def _with_voice(name: str, voice: SafeString) -> SafeString:
    turns = " turns" if name in TURNING else ""
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" {}><path d="{}"/></svg>', turns, voice, mark_safe(ICONS[name])
    )


@register.simple_tag
def avatar(name: object, *, size: str = "") -> SafeString:
    """Draw somebody's initials on a hue of their own, the same on every page; decoration beside their name."""
    text = str(name).strip()
    shown = initials(text) or "·"
    return mark_safe(
        f'<span class="avatar {escape(size)}" style="--hue:{hue(text)}" aria-hidden="true">{escape(shown)}</span>'
    )


@register.filter
def initials(name: object) -> str:
    """The first letters of the first and the last word: "Ada Moreno" is AM, "ines@shop.example" is I."""
    words = [word for word in str(name).partition("@")[0].split() if word[0].isalnum()]
    return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()


@register.filter
def first_name(name: object) -> str:
    """The first word of a name."""
    return str(name).split()[0] if str(name).split() else ""


@register.filter
def hue(name: object) -> int:
    """A hue between 0 and 359 that stays with the name."""
    return int.from_bytes(hashlib.blake2b(str(name).encode(), digest_size=2).digest()) % 360


@register.filter(name="is")
def is_(one: object, other: object) -> str:
    """ "true" or "false", as ARIA's states want it."""
    return "true" if str(one) == str(other) else "false"


@register.inclusion_tag("parts/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """One field of a form with its label, its control, its errors and its help."""
    widget = bound.field.widget
    is_group = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    # A list to choose from and boxes to tick need not be filled, as anybody sees; of circles it must be said.
    may_be_empty = not bound.field.required and not isinstance(widget, forms.Select | forms.CheckboxSelectMultiple)
    is_choice = isinstance(widget, forms.CheckboxInput)
    return {"field": bound, "is_choice": is_choice, "is_group": is_group, "may_be_empty": may_be_empty}


@register.inclusion_tag("parts/fields.html")
def fields(form: forms.Form, *, focus: bool = False) -> dict[str, Any]:
    """Every field of a form, after what is wrong with it as a whole; `focus` where the form is the page."""
    if focus and (visible := form.visible_fields()):
        first = next((each for each in visible if each.errors), visible[0])
        first.field.widget.attrs["autofocus"] = True
    return {"form": form}


@register.inclusion_tag("parts/stat.html")
def stat(
    name: str,
    value: object,
    *,
    n: int | None = None,
    low: object = None,
    high: object = None,
    period: str = "",
    note: str = "",
    formula: str = "",
    ink: str = "",
    url: str = "",
    change: str = "",
    is_better: bool | None = None,
    change_icon: str = "",
) -> dict[str, Any]:
    """One figure with its period, its n, its interval where estimated, and how it is computed."""
    interval = gettext("%(low)s to %(high)s, 95 %% interval") % {"low": low, "high": high} if low is not None else ""
    counted = gettext("n = %(n)s") % {"n": whole(n)} if n is not None else ""
    return {
        "name": name,
        "value": value,
        "lines": [line for line in (interval, " · ".join(filter(None, (period, counted))), note) if line],
        "formula": formula,
        "explanation_id": f"explanation-{next(_explanations)}",
        "ink": ink,
        "tone": "kind" if ink else "",
        "url": url,
        "change": change,
        "change_icon": change_icon,
        "change_tone": {True: "good-ink", False: "bad-ink", None: "soft"}[is_better],
    }


@register.simple_tag
def explain(text: str) -> SafeString:
    """A small button whose note says how a figure is computed."""
    context = {"text": text, "id": f"explanation-{next(_explanations)}"}
    return render_to_string("parts/explain.html", context)


@register.simple_tag
def when(moment: datetime | None, form: str = "ago") -> SafeString:
    """A moment in words (`ago`), how far off it is (`span`), as a `date` or as a `datetime`, in the reader's zone."""
    if moment is None:
        return format_html('<span class="faint">{}</span>', gettext("never"))
    title = moments.written(moment, "DATETIME_FORMAT")
    text = title if form not in ("ago", "span", "date") else _written(moment, form)
    return mark_safe(
        f'<local-time data-form="{escape(form)}"><time datetime="{moment.isoformat()}" title="{escape(title)}">'
        f"{escape(text)}</time></local-time>"
    )


def _written(moment: datetime, form: str) -> str:
    if form in ("ago", "span"):
        now = clock.now()
        words = moments.between(*((moment, now) if moment <= now else (now, moment)))
        if form == "span":
            return words
        return gettext("%(time)s ago") % {"time": words} if moment <= now else gettext("in %(time)s") % {"time": words}
    return moments.written(moment, "DATE_FORMAT" if form == "date" else "DATETIME_FORMAT")


@register.filter
def at(row: Iterable[object], place: int) -> object:
    """What stands at this place of a row, counted from 0; nothing where the row is shorter."""
    return next(islice(row, place, None), "")


@register.filter
def whole(number: float | None) -> str:
    """A count with its thousands set apart; a dash where nothing is known, never a zero."""
    return "–" if number is None else formats.number_format(number, 0, force_grouping=True)


@register.filter
def unlocalized(number: float) -> str:
    """A number as attributes want it."""
    return str(number)


@register.filter
def percent(share: float | None, digits: int = 1) -> str:
    """A share between 0 and 1 as a percentage; a dash where it is not known."""
    return "–" if share is None else f"{formats.number_format(round(share * 100, digits), digits)}{THIN}%"


@register.filter
def money(amount: Money | None) -> str:
    """An amount the way its readers write it: "€ 1,204.50" or "1.204,50 €"; a dash where it is not known."""
    if amount is None:
        return "–"
    figures = formats.number_format(abs(amount.major), exponent(amount.currency), force_grouping=True)
    sign = "\N{MINUS SIGN}" if amount.minor < 0 else ""
    symbol = SYMBOLS.get(amount.currency, amount.currency)
    return sign + pgettext("money", "%(symbol)s\u202f%(figures)s") % {"symbol": symbol, "figures": figures}


@register.filter
def time_left(seconds: float) -> str:
    """How long something will still take, roughly: nobody believes "1 min 47 s"."""
    if seconds < 5:
        return gettext("a moment left")
    if seconds < 50:
        return gettext("about %(count)d seconds left") % {"count": max(10, round(seconds / 10) * 10)}
    if seconds < 3300:
        minutes = max(1, round(seconds / 60))
        return ngettext("about %(count)d minute left", "about %(count)d minutes left", minutes) % {"count": minutes}
    hours = max(1, round(seconds / 3600))
    return ngettext("about %(count)d hour left", "about %(count)d hours left", hours) % {"count": hours}


@register.filter
def startswith(text: object, beginning: object) -> bool:
    """Whether one text begins with another: a menu marks where one is."""
    return str(text).startswith(str(beginning))


@register.filter
def browser(user_agent: str) -> str:
    """A browser as its owner knows it: "Firefox, Windows"; what is not known is given as it came."""
    names = [next((shown for mark, shown in marks if mark in user_agent), "") for marks in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, names)) or user_agent[:60] or gettext("unknown browser")


# The first mark found counts: every browser also claims to be the ones before it.
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
