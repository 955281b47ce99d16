"""JSON text column by column, without an object per row."""

import json
import re
from collections.abc import Mapping

import pyarrow as pa

from regulars.customers.importing.values.texts import as_text, per_unique, text
from regulars.kernel.arrow import pc

# Numbers written so that nothing is lost by reading them as numbers: `007` and a card number stay text.
_NUMBER = re.compile(r"^-?(0|[1-9]\d{0,14})(\.\d{1,15})?$")


def strings(column: pa.Array) -> pa.Array:
    """Text as JSON strings."""
    return per_unique(
        column, lambda value: None if value is None else json.dumps(value, ensure_ascii=False), pa.string()
    )


def scalars(column: pa.Array) -> pa.Array:
    """Cells as JSON: plain numbers, true and false as such, the rest as strings."""
    return per_unique(text(as_text(column)), _scalar, pa.string())


def member(name: str, values: pa.Array) -> pa.Array:
    """`"name":value`, null where there is no value."""
    return pc.binary_join_element_wise(f"{json.dumps(name, ensure_ascii=False)}:", values, "")


def objects(columns: Mapping[str, pa.Array], *, size: int) -> pa.Array:
    """An object per row with the members that are there; null where none is."""
    members = [member(name, scalars(column)) for name, column in columns.items()]
    return braced(joined(members, size=size))


def joined(members: list[pa.Array], *, size: int) -> pa.Array:
    """Members side by side, separated by commas; null where none is."""
    if not members:
        return pa.nulls(size, pa.string())
    # Joining with null_handling="skip" loses rows in which every member is null (pyarrow 26).
    ended = [pc.fill_null(pc.binary_join_element_wise(each, ",", ""), "") for each in members]
    text_of_all = pc.utf8_rtrim(pc.binary_join_element_wise(*ended, ""), ",")
    return pc.if_else(pc.equal(text_of_all, ""), None, text_of_all)


def braced(inner: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise("{", inner, "}", "")


def _string(value: str | None) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def _scalar(value: str | None) -> str | None:
    if value is None:
        return None
    if value in ("true", "false") or _NUMBER.match(value):
        return value
    if value[0] in "[{" and (nested := _nested(value)):
        return nested
    return json.dumps(value, ensure_ascii=False)


def _nested(value: str) -> str | None:
    """JSON inside a cell stays JSON, when PostgreSQL can keep it."""
    try:
        found = json.loads(value, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None
    return value if found and "\\u0000" not in value else None
