"""Rows of the list, drawn without asking the template each time: as `web.desk.plain` does it for messages.

What a row looks like depends on little (how it stands, which marks it wears), so `desk/row.html` is asked once for
each of these shapes, with stand-ins, and each row's own words and moments are put in their places. A search shows
rows that nobody has looked at for months: no kept piece spares it their drawing.
"""

import re
import secrets
from datetime import UTC, datetime
from functools import lru_cache
from html import escape
from types import SimpleNamespace
from typing import Any, Final, NamedTuple

from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from regulars.web.templatetags import house

QUERY: Final = "\ue000query-of-the-list"  # begins with a letter nobody types
MOST_LABELS: Final = 3  # more are said in another way
_MARK: Final = f"\ue000{secrets.token_hex(8)}"
_TEXTS: Final = {
    name: f"{_MARK}{name}\ue001" for name in ("called", "subject", "preview", "channel", "team", "assignee")
}
_LABELS: Final = [(f"{_MARK}label{place}\ue001", f"{_MARK}hue{place}\ue001") for place in range(MOST_LABELS)]
_NUMBER: Final = 10**15 + secrets.randbelow(8 * 10**15)
_MOMENTS: Final = {  # long ago, each with a millisecond of its own
    name: datetime(1582, 10, 15, 4, 17, 23, secrets.randbelow(10**5) * 10 + place, tzinfo=UTC)
    for place, name in enumerate(("last_at", "waiting_since", "snoozed_until", "due_at"))
}


class Shape(NamedTuple):
    """What decides how a row is drawn, besides its words and its moments."""

    language: str | None
    zone: str
    view: str
    status: str
    priority: int
    last_author: str
    channel_icon: str
    moments: tuple[bool, ...]
    texts: tuple[bool, ...]
    labels: int
    is_late: bool
    is_due_soon: bool
    waits_longer: bool
    has_attachments: bool
    has_draft: bool
    mentions_me: bool
    side_unread: bool


def is_plain(row: Any) -> bool:
    """Whether a row has no more to it than words, moments and a few labels."""
    return not row.stake_money and len(row.worn) <= MOST_LABELS


def drawn(row: Any, view: str) -> str:
    """A plain row as `desk/row.html` draws it, its address with `QUERY`."""
    texts = {
        "called": row.called, "subject": row.subject, "preview": row.preview, "channel": row.channel.name,
        "team": str(row.team or ""), "assignee": str(row.assignee or ""),
    }  # fmt: skip
    moments = {name: getattr(row, name) for name in _MOMENTS}
    own = {name: text if type(text) is SafeString else escape(text) for name, text in texts.items()}
    own |= {"number": str(row.pk)}
    own |= {name: house.when(moment, "span") for name, moment in moments.items() if moment}
    for place, (name, hue) in enumerate(row.worn):
        own[f"label{place}"], own[f"hue{place}"] = escape(name), escape(str(hue))
    own |= {"avatar": house.avatar(texts["called"]), "face": house.avatar(texts["assignee"], size="tiny")}
    shape = Shape(
        translation.get_language(), timezone.get_current_timezone_name(), view, row.status, row.priority,
        row.last_author, row.channel_icon, tuple(map(bool, moments.values())), tuple(map(bool, texts.values())),
        len(row.worn), row.is_late, row.is_due_soon, row.waits_longer, bool(row.has_attachments),
        bool(row.has_draft), bool(row.mentions_me), bool(row.side_unread),
    )  # fmt: skip
    return "".join([own[part] if is_own else part for is_own, part in _parts(shape)])


@lru_cache(maxsize=1000)
def _parts(shape: Shape) -> tuple[tuple[bool, str], ...]:
    """The template's text, and between it the names of what is each row's own, in order."""
    texts = {name: _TEXTS[name] if has else "" for name, has in zip(_TEXTS, shape.texts, strict=True)}
    moments = {name: _MOMENTS[name] if has else None for name, has in zip(_MOMENTS, shape.moments, strict=True)}
    row = SimpleNamespace(
        **{name: texts[name] for name in ("called", "subject", "preview", "team", "assignee")}, **moments,
        **{name: getattr(shape, name) for name in Shape._fields[3:7] + Shape._fields[10:]},
        pk=_NUMBER, channel=SimpleNamespace(name=texts["channel"]), worn=_LABELS[: shape.labels], stake_money=None,
    )  # fmt: skip
    shown_as = {"query": QUERY, "view": {"key": shape.view}}
    html = get_template("desk/row.html").render({"row": row, "shown_as": shown_as})
    marks = {str(house.avatar(_TEXTS["called"])): "avatar", str(house.avatar(_TEXTS["assignee"], size="tiny")): "face"}
    marks |= {str(house.when(moment, "span")): name for name, moment in _MOMENTS.items()}
    marks |= {text: name for name, text in _TEXTS.items()} | {str(_NUMBER): "number"}
    for place, (name, hue) in enumerate(_LABELS):
        marks |= {name: f"label{place}", hue: f"hue{place}"}
    pieces = re.split(f"({'|'.join(map(re.escape, marks))})", html)
    return tuple((piece in marks, marks.get(piece, piece)) for piece in pieces)
