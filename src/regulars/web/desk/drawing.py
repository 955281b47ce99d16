"""Rows drawn once: what a row of the list looks like is kept while nothing that it shows has changed.

A row costs about a millisecond to draw and is on the screens of many agents, in many lists, again and
again; what changes it is all in its key, the minute included, because a row says how long ago. What
differs between lists (the address's query, which row is open) is put in afterwards.
"""

from collections.abc import Hashable
from typing import Any, Final

from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from regulars.kernel import clock
from regulars.web import pieces
from regulars.web.desk import plain_rows, rows
from regulars.web.desk.asking import Asked
from regulars.web.desk.plain_rows import QUERY

SAID_BY_VIEW: Final = frozenset({"waiting", "resolved"})  # views in which a row need not say what the view says


def drawn(found: list[Any], *, asked: Asked) -> list[Any]:
    """The rows with their `html`, and `open_html` for the one whose conversation is open."""
    query = f"?{escape(asked.query)}" if asked.query else ""
    for row in rows.dressed(found):
        html = _html(row, asked.view.key).replace(f"?{QUERY}", query)
        row.html = mark_safe(html)  # from a template that escapes
        row.open_html = SafeString(html.replace(f'id="open-{row.pk}"', f'id="open-{row.pk}" aria-current="true"'))
    return found


def _html(row: Any, view: str) -> str:
    return pieces.piece(_key(row, view), lambda: draw(row, view))


def draw(row: Any, view: str) -> str:
    """A row as it is drawn where none is kept, its address with `QUERY`."""
    if plain_rows.is_plain(row):
        return plain_rows.drawn(row, view if view in SAID_BY_VIEW else "")
    return by_template(row, view)


def by_template(row: Any, view: str) -> str:
    """Whatever a row shows."""
    return get_template("desk/row.html").render({"row": row, "shown_as": {"query": QUERY, "view": {"key": view}}})


def _key(row: Any, view: str) -> Hashable:
    """Everything a row shows; two rows with one key look the same."""
    return (
        "row", translation.get_language(), timezone.get_current_timezone_name(), int(clock.now().timestamp() // 60),
        view if view in SAID_BY_VIEW else "",
        row.pk, row.called, row.subject, row.preview, row.last_at, row.last_author, row.status, row.priority,
        row.waiting_since, row.snoozed_until, row.due_at, row.is_late, row.is_due_soon, row.has_attachments,
        row.channel_icon, row.channel.name, str(row.team or ""), str(row.assignee or ""), tuple(row.worn),
        str(row.stake_money or ""), bool(row.has_draft), bool(row.mentions_me),
        bool(row.side_unread), type(row.subject), type(row.preview),  # marked, where they were searched
    )  # fmt: skip
