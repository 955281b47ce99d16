"""One way to call the server, for every call there is: typed answers, named errors, safe repeats."""

# pyright: strict

import random
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final, Generic, TypeVar
from urllib.parse import quote

import httpx
import msgspec
from msgspec import UNSET, Struct, UnsetType

from regulars_client.errors import Changed, Unreachable, Wrong, named

T = TypeVar("T")
S = TypeVar("S", bound=Struct)
Unset = UnsetType

WORTH_AGAIN: Final = frozenset({429, 500, 502, 503, 504})
FIRST_PAUSE: Final = 0.25
LONGEST_PAUSE: Final = 60.0


class Page(Struct, Generic[T], frozen=True):
    """A page of a list, and where the next one begins."""

    items: list[T]
    next: str | None = None


class _Problem(Struct, frozen=True):
    code: str = "unknown"
    detail: str = ""
    errors: list[dict[str, str]] | None = None


class Core:
    """A connection to one server with one key.

    A call that gets no answer, or one that asks for patience, is repeated up to `retries` times with growing
    pauses, as long as `Retry-After` says at least. That is safe: every write carries a key of its own by which the
    server knows a repeat.
    """

    def __init__(
        self,
        address: str,
        *,
        key: str,
        retries: int = 4,
        timeout_seconds: float = 30.0,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        headers = {"Authorization": f"Bearer {key}", "User-Agent": "regulars-client/0.1"}
        self._http = httpx.Client(
            base_url=address.rstrip("/"), headers=headers, timeout=timeout_seconds, transport=transport
        )
        self._retries, self._sleep = retries, sleep

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def one(self, shape: type[S], method: str, path: str, **sent: Any) -> S:
        """One thing, with its tag."""
        answer = self.send(method, path, **sent)
        found = msgspec.json.decode(answer.content, type=shape)
        is_tagged = "etag" in shape.__struct_fields__
        return msgspec.structs.replace(found, etag=answer.headers.get("ETag", "")) if is_tagged else found

    def every(self, shape: type[S], path: str, *, query: Mapping[str, Any]) -> Iterator[S]:
        """Everything in a list, fetched a page at a time while it is looked through."""
        cursor: str | None = ""
        while cursor is not None:
            answer = self.send("GET", path, query={**query, "cursor": cursor or None})
            page = msgspec.json.decode(answer.content, type=Page[shape])
            yield from page.items
            cursor = page.next

    def content(self, path: str) -> bytes:
        """The bytes of a file."""
        return self.send("GET", path).content

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | bytes | None = None,
        content_type: str = "application/json",
        if_match: str | None = None,
        idempotency_key: str | None = None,
    ) -> httpx.Response:
        """One call until it is answered; what the server refuses is raised by its name."""
        headers = _headers(method, if_match, idempotency_key)
        if body is not None:
            headers["Content-Type"] = content_type
        request = self._http.build_request(
            method, path, params=_written(query or {}), content=_encoded(body), headers=headers
        )
        return self._until_answered(request)

    def _until_answered(self, request: httpx.Request) -> httpx.Response:
        was_silent = False
        for attempt in range(self._retries + 1):
            is_last = attempt == self._retries
            try:
                answer = self._http.send(request)
            except httpx.TransportError as silence:
                if is_last:
                    why = str(silence) or type(silence).__name__
                    raise Unreachable(f"{request.url.host} did not answer: {why}") from silence
                was_silent = True
                self._sleep(_pause(attempt, ""))
                continue
            if answer.status_code in WORTH_AGAIN and not is_last:
                self._sleep(_pause(attempt, answer.headers.get("Retry-After", "")))
                continue
            return _insist(answer, was_silent=was_silent)
        raise AssertionError("unreachable")


def path_of(template: str, **parts: object) -> str:
    """An address with these parts in it, whatever letters they have."""
    return template.format(**{name: quote(str(part), safe="") for name, part in parts.items()})


def said(**parts: Any) -> dict[str, Any]:
    """What was said of these; what was left out is not sent."""
    return {name: part for name, part in parts.items() if part is not UNSET}


def _headers(method: str, if_match: str | None, idempotency_key: str | None) -> dict[str, str]:
    headers: dict[str, str] = {}
    if if_match is not None:
        if not if_match:
            raise ValueError("This was read in a list, which has no tags: read it by itself, then change it.")
        headers["If-Match"] = if_match
    if method == "POST":
        headers["Idempotency-Key"] = idempotency_key or str(uuid.uuid4())
    return headers


def _encoded(body: Mapping[str, Any] | bytes | None) -> bytes | None:
    return body if isinstance(body, bytes) or body is None else msgspec.json.encode(body)


def _written(query: Mapping[str, Any]) -> dict[str, str]:
    return {name: _text(value) for name, value in query.items() if value is not None}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _pause(attempt: int, retry_after: str) -> float:
    """As long as was asked, else a little longer each time; never all callers at once."""
    asked = float(retry_after) if retry_after.isascii() and retry_after.isdigit() else 0.0
    grown = FIRST_PAUSE * 2**attempt * random.uniform(0.5, 1.0)
    return min(max(asked, grown), LONGEST_PAUSE)


def _insist(answer: httpx.Response, *, was_silent: bool) -> httpx.Response:
    if answer.is_success:
        return answer
    try:
        problem = msgspec.json.decode(answer.content, type=_Problem)
    except msgspec.DecodeError:
        problem = _Problem(detail=f"The server answered {answer.status_code}.")
    wrong = [Wrong(each.get("where", ""), each.get("what", "")) for each in problem.errors or ()]
    refusal = named(answer.status_code, problem.code)(answer.status_code, problem.code, problem.detail, wrong)
    if isinstance(refusal, Changed):
        refusal.may_be_ours = was_silent
    raise refusal
