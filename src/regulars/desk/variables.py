"""Variables in a macro: {{customer.name}}, or {{customer.first_name|friend}} for when none is known."""

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

NAMES: Final = (
    "customer.name",
    "customer.first_name",
    "customer.email",
    "customer.company",
    "order.number",
    "agent.name",
    "agent.first_name",
    "conversation.number",
    "conversation.subject",
)
_VARIABLE = re.compile(r"\{\{\s*([a-z_]{1,40}(?:\.[a-z0-9_]{1,40})?)\s*(?:\|([^{}|]{0,200}))?\}\}")


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with what is known put in; `missing` are the variables nothing was known for, nor a fallback given."""

    text: str
    missing: tuple[str, ...]


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """Put the values in; what is not known and has no fallback stays as it stands, so that it is seen."""
    missing: list[str] = []

    def put(found: re.Match[str]) -> str:
        value = values.get(found[1], "").strip() or (found[2] or "").strip()
        if not value:
            missing.append(found[1])
        return value or found[0]

    return Filled(_VARIABLE.sub(put, text), tuple(dict.fromkeys(missing)))


def in_short(text: str, *, longest: int) -> str:
    """The beginning of a text on one line, with what stands in for a variable in place of it."""
    return textwrap.shorten(_VARIABLE.sub(lambda found: found[2] or "…", text), longest, placeholder=" …")


def unfilled(text: str) -> list[str]:
    """The variables of ours that still stand in a text."""
    ours = [found[1] for found in _VARIABLE.finditer(text)]
    return [name for name in ours if name in NAMES or name.startswith("field.")]
