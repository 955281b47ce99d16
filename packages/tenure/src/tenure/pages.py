"""A small page for notebooks: a sentence, a table and the notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


def page(
    sentence: str,
    head: Sequence[str],
    body: Iterable[Sequence[str]],
    *,
    caption: str = "",
    rest: str = "",
    notes: Sequence[str] = (),
) -> str:
    """Cells are taken as HTML that is already escaped; everything else is escaped here. What is empty is left out."""
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in body)
    above = f"<caption>{escape(caption)}</caption>" if caption else ""
    listed = "<ul>" + "".join(f"<li>{escape(note)}</li>" for note in notes) + "</ul>" if notes else ""
    table = f"<table>{above}<tr>{top}</tr>{lines}</table>"
    return f'<div class="tenure">{_paragraph(sentence)}{table}{_paragraph(rest)}{listed}</div>'


def cells_of(table: pa.Table, *, number: str) -> Iterator[list[str]]:
    """The rows of an Arrow table as cells; floats in the format given, nothing for null."""
    for row in table.to_pylist():
        yield [_cell(value, number) for value in row.values()]


def _cell(value: Any, number: str) -> str:
    if value is None:
        return ""
    return format(value, number) if isinstance(value, float) else escape(str(value))


def _paragraph(words: str) -> str:
    return f"<p>{escape(words)}</p>" if words else ""
