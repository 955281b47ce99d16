"""Answers: JSON with a tag that changes when it does, and pages that say where the next one begins."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import BaseModel, Field

from regulars.api.rest.shapes.base import LARGEST_ID
from regulars.kernel.errors import DomainError, Invalid

MOST = 100

Limit = Annotated[int, Field(ge=1, le=MOST, description="How many at most.")]
Cursor = Annotated[str, Field(max_length=400, description="`next` of the page before.")]

T = TypeVar("T")


class NotAPage(Invalid):
    """This cursor is not one of ours. Begin again without it."""


class HasChanged(DomainError):
    """It has changed since you read it. Nothing was done; read it again."""

    status = 412


class Page(Schema, Generic[T]):
    """A page of a list; `next` is absent on the last."""

    items: list[T]
    next: str | None = None


def one(request: HttpRequest, shown: BaseModel, *, status: int = 200, location: str = "") -> HttpResponse:
    """One thing or one page, or 304 when the caller has it already."""
    body = shown.model_dump_json(exclude_none=False).encode()
    mark = tag(body)
    if request.method in ("GET", "HEAD") and mark in _named(request.headers.get("If-None-Match", "")):
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(body, status=status, content_type="application/json")
    answer["ETag"] = mark
    answer["Cache-Control"] = "private, no-cache"
    if location:
        answer["Location"] = location
    return answer


def insist_on_unchanged(request: HttpRequest, shown: BaseModel) -> None:
    """Refuse when the caller says which state it read (`If-Match`) and it is another one now."""
    wanted = request.headers.get("If-Match", "")
    if wanted and wanted != "*" and tag(shown.model_dump_json(exclude_none=False).encode()) not in _named(wanted):
        raise HasChanged


def tag(body: bytes) -> str:
    """An entity tag: the same for the same bytes."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def cursor(place: int | str) -> str:
    """Where a page ends, as the next one is asked for: a number, or a place in an order of its own."""
    said = f"n{place}" if isinstance(place, int) else f"p{place}"
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def number(cursor: str) -> int | None:
    """The number the page before ended at; None for the first one."""
    if not cursor:
        return None
    said = _said(cursor, "n")
    if not said.isascii() or not said.isdigit() or int(said) > LARGEST_ID:
        raise NotAPage
    return int(said)


def place(cursor: str) -> str:
    """The place the page before ended at; empty for the first one."""
    return _said(cursor, "p") if cursor else ""


def page(rows: Sequence[T], numbers: Sequence[int], *, limit: int) -> Page[T]:
    """A page out of one row more than asked for, which says whether there is a next."""
    has_more = len(rows) > limit
    return Page[T](items=list(rows[:limit]), next=cursor(numbers[limit - 1]) if has_more else None)


def listed(rows: Any, show: Callable[[Any], T], *, limit: int, after: str) -> Page[T]:
    """A page of a short list that has an order of its own, counted from its beginning."""
    start = number(after) or 0
    found = list(rows[start : start + limit + 1])
    return Page[T](
        items=[show(row) for row in found[:limit]], next=cursor(start + limit) if len(found) > limit else None
    )


def _said(cursor: str, kind: str) -> str:
    try:
        said = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise NotAPage from error
    if not said.startswith(kind) or "\x00" in said:
        raise NotAPage
    return said[1:]


def _named(header: str) -> list[str]:
    return [one.strip().removeprefix("W/") for one in header.split(",")]
