"""Everything that is kept about one customer: a page to read, JSON to work with, a table of what happened.

The zip is made while it is sent, so that a customer with a million facts needs no more memory than
one with ten. The long parts (facts) are asked for once for each of the three files.
"""

import csv
import html
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from regulars.accounts import audit_verbs, permission
from regulars.accounts.actions import audit
from regulars.customers.errors import PartlyHidden
from regulars.customers.selectors import families, naming
from regulars.customers.tracking import settling
from regulars.kernel import clock, people
from regulars.kernel.actors import Actor
from regulars.kernel.spreadsheets import harmless

CHUNK = 64 * 1024
COLUMNS = ("occurred_at", "name", "properties", "source", "received_at", "customer_id")


@dataclass(frozen=True, slots=True)
class Export:
    """A zip on its way: its name and its bytes."""

    file_name: str
    parts: Iterator[bytes]


def export(customer_id: int, *, by: Actor) -> Export:
    """Begin the export of a person, merged ones included; it is on record that somebody took it.

    What was taken in and not yet settled belongs to it too. An export is whole: of whom something is hidden from the
    one who asks, only somebody who may export everything gets it.
    """
    settling.drain()
    family = families.family(customer_id)
    if not permission.has("export_bulk", by=by) and people.is_partly_hidden(family.ids, by=by):
        raise PartlyHidden
    audit.note(audit_verbs.CUSTOMER_EXPORTED, by=by, subject=f"customer:{family.head.pk}")
    at = clock.now()
    return Export(f"customer-{family.head.pk}-{at:%Y-%m-%d}.zip", _zip(family.ids, naming.name(family.members), at))


class _Outlet(io.RawIOBase):
    """A file that hands on what is written into it."""

    def __init__(self) -> None:
        self._written: list[bytes] = []
        self._size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self._written.append(bytes(data))
        self._size += len(data)
        return len(data)

    def take(self, *, least: int = 0) -> bytes:
        """What was written since, once it is worth sending."""
        if self._size < least:
            return b""
        taken, self._written, self._size = b"".join(self._written), [], 0
        return taken


def _zip(ids: list[int], name: str, at: datetime) -> Iterator[bytes]:
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type]
        files = {"customer.html": _page(ids, name, at), "customer.json": _json(ids, at), "facts.csv": _table(ids)}
        for file_name, text in files.items():
            with archive.open(file_name, "w", force_zip64=True) as file:
                for piece in text:
                    file.write(piece.encode())
                    if sent := outlet.take(least=CHUNK):
                        yield sent
    yield outlet.take()


def _parts(ids: list[int]) -> Iterator[tuple[str, Iterable[Any]]]:
    for keeper in people.keepers():
        yield from keeper.export(ids).items()


def _json(ids: list[int], at: datetime) -> Iterator[str]:
    yield f'{{\n"exported_at": {json.dumps(at.isoformat())}'
    for part, rows in _parts(ids):
        yield f",\n{json.dumps(part)}: ["
        for number, row in enumerate(rows):
            yield f"{',' if number else ''}\n  {json.dumps(row, default=_plain, ensure_ascii=False)}"
        yield "\n]"
    yield "\n}\n"


def _page(ids: list[int], name: str, at: datetime) -> Iterator[str]:
    title = _("What is kept about %(name)s") % {"name": name}
    yield f"<!doctype html><meta charset=utf-8><title>{html.escape(title)}</title>{_STYLE}<h1>{html.escape(title)}</h1>"
    yield f"<p>{html.escape(_('As of %(day)s') % {'day': at.strftime('%Y-%m-%d %H:%M UTC')})}</p>"
    for part, rows in _parts(ids):
        yield f"<h2>{html.escape(_PART_NAMES.get(part, part).capitalize())}</h2>"
        is_empty = True
        for row in rows:
            is_empty = False
            yield _as_html(row)
        if is_empty:
            yield f"<p>{html.escape(_('Nothing.'))}</p>"


_STYLE = (
    "<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.2em 1em;"
    "padding:.7em 0;border-top:1px solid #ddd;margin:0}"
    "dt{color:#666}dd{margin:0;overflow-wrap:anywhere}</style>"
)
_PART_NAMES = {"customer": "about you", "facts": "what happened"}


def _as_html(row: Mapping[str, Any]) -> str:
    lines = [
        f"<dt>{html.escape(str(name))}<dd>{html.escape(_readable(value))}"
        for name, value in row.items()
        if value not in (None, "", {}, [])
    ]
    return f"<dl>{''.join(lines)}</dl>"


def _readable(value: Any) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S UTC")
    text = value if isinstance(value, str) else json.dumps(value, default=_plain, ensure_ascii=False)
    return harmless(text, keeps_numbers=True)


def _table(ids: list[int]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for part, rows in _parts(ids):
        if part == "facts":
            for row in rows:
                writer.writerow([harmless(_cell(row[column]), keeps_numbers=True) for column in COLUMNS])
                yield _emptied(buffer)
    yield _emptied(buffer)


def _emptied(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    return value.isoformat() if isinstance(value, datetime) else json.dumps(value, default=_plain, ensure_ascii=False)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)
