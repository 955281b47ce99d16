"""Rows of a search, with the words that were meant marked, and the line that says them."""

from collections.abc import Sequence
from html import escape
from typing import Any

from django.utils.safestring import SafeString

from regulars.desk.selectors import passages

SEEN = 30  # characters of a preview, in a narrow list


def mark(rows: Sequence[Any], sought: Sequence[str]) -> None:
    """Mark what was meant in subjects and previews; where neither says it, the line of a message that does."""
    if not sought:
        return
    unsaid = [row for row in rows if not _says(row.subject, sought)]
    lines = passages.lines([row.pk for row in unsaid if not _says(row.preview, sought)], sought)
    for row in unsaid:
        if row.pk in lines:
            row.preview, row.last_author = lines[row.pk], ""  # it need not be what was said last
        elif not _says(row.preview[:SEEN], sought):
            row.preview = passages.line(row.preview, sought) or row.preview
    for row in rows:
        row.subject, row.preview = marked(row.subject, sought), marked(row.preview, sought)


def marked(text: str, sought: Sequence[str]) -> SafeString:
    """A text, escaped, with each word that is meant marked."""
    parts, end = [], 0
    for start, stop in passages.spans(text, sought):
        if start >= end:
            parts += [escape(text[end:start]), "<mark>", escape(text[start:stop]), "</mark>"]
            end = stop
    return SafeString("".join([*parts, escape(text[end:])]))


def _says(text: str, sought: Sequence[str]) -> bool:
    return next(passages.spans(text, sought), None) is not None
