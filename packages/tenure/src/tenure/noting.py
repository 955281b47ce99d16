"""Sentences that know what they say: plain English for whoever reads it, a code and values for whoever translates it.

A note is a text like any other. A product that speaks another language looks up its own sentence by `code` and puts
the `values` in; errors offer the same (`TenureError.code` and `.values`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Note(str):
    """A sentence; `code` names it for good, `values` are what stands in its blanks, as they stand there."""

    __slots__ = ("code", "values")
    code: str
    values: dict[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"text": str(self), "code": self.code, "values": self.values}


def noted(text: str, *, code: str, values: Mapping[str, object]) -> Note:
    """A text with what it is made of."""
    note = Note(text)
    note.code, note.values = code, {name: str(value) for name, value in values.items()}
    return note


def read_note(stored: Any) -> str:
    """What `Note.to_dict` wrote, or a plain text as it is."""
    if not isinstance(stored, dict):
        return str(stored)
    return noted(stored["text"], code=stored["code"], values=stored["values"])
