"""What a log may say of an exception: where it happened and of which kind, never with what.

A message repeats what somebody typed as readily as not (`invalid literal for int(): 'ada@…'`, the
database's `Key (email)=(…) already exists`). So it is left out unless it can only speak of code, and
the database's is replaced by the rule that was broken. Values of variables are never written.
"""

import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Final

import psycopg

from regulars.kernel import settings_table

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]

ABOUT_CODE: Final = (ImportError, NameError, AttributeError)


def formatted(exc_info: ExcInfo) -> str:
    """The whole chain, first cause first; developers (REGULARS_DEBUG) get the messages too."""
    fault = exc_info[1]
    if settings_table.at_start("debug"):
        return "".join(traceback.format_exception(fault)).rstrip("\n")
    return "\n\nand from that:\n\n".join(_one(link) for link in _chain(fault))


def _chain(fault: BaseException) -> list[BaseException]:
    links: list[BaseException] = []
    link: BaseException | None = fault
    while link is not None and link not in links:
        links.append(link)
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return links[::-1]


def _one(fault: BaseException) -> str:
    where = "".join(traceback.format_tb(fault.__traceback__))
    begin = f"Traceback (most recent call last):\n{where}" if where else ""
    return "\n".join([begin + _said(fault), *_within(fault)])


def _within(fault: BaseException) -> Iterator[str]:
    """What a group holds, each with its own chain, set in."""
    if isinstance(fault, BaseExceptionGroup):
        for member in fault.exceptions:
            for link in _chain(member):
                yield "  " + _one(link).replace("\n", "\n  ")


def _said(fault: BaseException) -> str:
    kind = type(fault)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    detail = _detail(fault)
    return f"{name}: {detail}" if detail else name


def _detail(fault: BaseException) -> str:
    if isinstance(fault, psycopg.Error):
        said = fault.diag
        parts = (said.sqlstate, said.constraint_name, said.table_name, said.column_name)
        return ", ".join(part for part in parts if part)
    if isinstance(fault, ABOUT_CODE):
        return str(fault)
    return (fault.strerror or "") if isinstance(fault, OSError) else ""
