"""Every request gets an id, is counted, and leaves one line that names no person."""

import re
import time
import uuid

import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars

from regulars.asgi import App, Message, Receive, Scope, Send
from regulars.kernel import metrics

log = structlog.get_logger("regulars.requests")

GIVEN_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
ROUTE = "regulars.route"  # where the pages leave the pattern of the address they served
SLOW_SECONDS = 1.0
NOSNIFF = (b"x-content-type-options", b"nosniff")  # pages say so themselves, other doors do not


async def observed(app: App, door: str, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request, and note how that went."""
    request_id = _request_id(scope)
    clear_contextvars()
    bind_contextvars(request_id=request_id)
    status = 500
    began = time.perf_counter()

    async def sending(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
            own = [(b"x-request-id", request_id.encode())]
            if door == "pages":  # made whole before its head is sent, so this is what it took; browsers show it
                own.append((b"server-timing", b"total;dur=%.1f" % ((time.perf_counter() - began) * 1000)))
            if not any(name == NOSNIFF[0] for name, _value in message.get("headers", ())):
                own.append(NOSNIFF)
            message["headers"] = [*message.get("headers", ()), *own]
        await send(message)

    try:
        await app(scope, receive, sending)
    finally:
        taken = time.perf_counter() - began
        metrics.requests.labels(door, str(status)).inc()
        metrics.seconds.labels(door).observe(taken)
        _say(door, scope, status, taken)


def _say(door: str, scope: Scope, status: int, taken: float) -> None:
    """Pages are said one by one, by their pattern: a path can hold a secret, a query a name."""
    if door == "pages" and (status >= 500 or taken > SLOW_SECONDS):
        say = log.warning
    elif door == "pages":
        say = log.info
    else:
        say = log.warning if status >= 500 and door != "health" else log.debug
    say(
        f"{scope['method']} {scope.get(ROUTE, door)}",
        status=status,
        ms=round(taken * 1000, 1),
    )


def _request_id(scope: Scope) -> str:
    """What a proxy in front gave, if it looks like an id; else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and GIVEN_ID.fullmatch(value):
            return value.decode()
    return uuid.uuid4().hex
