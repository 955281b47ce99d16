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
        self._http = httpx.Client(
            base_url=address.rstrip("/"), headers=own_headers(key), timeout=timeout_seconds, transport=transport
        )
        self._retries, self._sleep = retries, sleep

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def one(self, shape: type[S], method: str, path: str, **sent: Any) -> S:
        """One thing, with its tag."""
        return read(shape, self.send(method, path, **sent))

    def every(self, shape: type[S], path: str, *, query: Mapping[str, Any]) -> Iterator[S]:
        """Everything in a list, fetched a page at a time while it is looked through."""
        cursor: str | None = ""
        while cursor is not None:
            page = page_of(shape, self.send("GET", path, query={**query, "cursor": cursor or None}))
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
        headers = headers_of(method, if_match, idempotency_key)
        if body is not None:
            headers["Content-Type"] = content_type
        request = self._http.build_request(
            method, path, params=written(query or {}), content=encoded(body), headers=headers
        )
        return self._until_answered(request)

    def _until_answered(self, request: httpx.Request) -> httpx.Response:
        patience = Patience(self._retries)
        while True:
            try:
                answer = self._http.send(request)
            except httpx.TransportError as silence:
                pause = patience.after_silence(request, silence)
            else:
                pause = patience.after(answer)
                if pause is None:
                    return insist(answer, was_silent=patience.was_silent)
            self._sleep(pause)


class Patience:
    """How long to wait before a call is repeated, and when not to any more."""

    def __init__(self, retries: int) -> None:
        self._retries, self._tried = retries, 0
        self.was_silent: bool = False

    def after_silence(self, request: httpx.Request, silence: httpx.TransportError) -> float:
        """Nobody answered: so many seconds, or, in the end, it is raised."""
        if self._tried == self._retries:
            why = str(silence) or type(silence).__name__
            raise Unreachable(f"{request.url.host} did not answer: {why}") from silence
        self.was_silent = True
        return self._next("")

    def after(self, answer: httpx.Response) -> float | None:
        """So many seconds where it is worth another try; None where the answer stands."""
        if answer.status_code not in WORTH_AGAIN or self._tried == self._retries:
            return None
        return self._next(answer.headers.get("Retry-After", ""))

    def _next(self, retry_after: str) -> float:
        self._tried += 1
        return pause_of(self._tried - 1, retry_after)


def path_of(template: str, **parts: object) -> str:
    """An address with these parts in it, whatever letters they have."""
    return template.format(**{name: quote(str(part), safe="") for name, part in parts.items()})


def read(shape: type[S], answer: httpx.Response) -> S:
    """What was answered, with its tag."""
    found = msgspec.json.decode(answer.content, type=shape)
    is_tagged = "etag" in shape.__struct_fields__
    return msgspec.structs.replace(found, etag=answer.headers.get("ETag", "")) if is_tagged else found


def page_of(shape: type[S], answer: httpx.Response) -> Page[S]:
    """A page of a list."""
    return msgspec.json.decode(answer.content, type=Page[shape])


def said(**parts: Any) -> dict[str, Any]:
    """What was said of these; what was left out is not sent."""
    return {name: part for name, part in parts.items() if part is not UNSET}


def own_headers(key: str) -> dict[str, str]:
    """What every call says."""
    return {"Authorization": f"Bearer {key}", "User-Agent": "regulars-client/0.1"}


def headers_of(method: str, if_match: str | None, idempotency_key: str | None) -> dict[str, str]:
    """What a call says besides what it is about."""
    headers: dict[str, str] = {}
    if if_match is not None:
        if not if_match:
            raise ValueError("This was read in a list, which has no tags: read it by itself, then change it.")
        headers["If-Match"] = if_match
    if method == "POST":
        headers["Idempotency-Key"] = idempotency_key or str(uuid.uuid4())
    return headers


def encoded(body: Mapping[str, Any] | bytes | None) -> bytes | None:
    """A body as it is sent."""
    return body if isinstance(body, bytes) or body is None else msgspec.json.encode(body)


def written(query: Mapping[str, Any]) -> dict[str, str]:
    """What is asked for, as an address says it."""
    return {name: _text(value) for name, value in query.items() if value is not None}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def pause_of(attempt: int, retry_after: str) -> float:
    """As long as was asked, else a little longer each time; never all callers at once."""
    asked = float(retry_after) if retry_after.isascii() and retry_after.isdigit() else 0.0
    grown = FIRST_PAUSE * 2**attempt * random.uniform(0.5, 1.0)
    return min(max(asked, grown), LONGEST_PAUSE)


def insist(answer: httpx.Response, *, was_silent: bool) -> httpx.Response:
    """The answer, unless it is a refusal, which is raised by its name."""
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
