"""A small page for notebooks: a sentence, a table and the notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def page(sentence: str, head: Sequence[str], body: Iterable[Sequence[str]], *, notes: Sequence[str] = ()) -> str:
    """Cells are taken as HTML that is already escaped; the sentence, the head and the notes are escaped here."""
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in body)
    listed = "<ul>" + "".join(f"<li>{escape(note)}</li>" for note in notes) + "</ul>" if notes else ""
    return f'<div class="tenure"><p>{escape(sentence)}</p><table><tr>{top}</tr>{lines}</table>{listed}</div>'
