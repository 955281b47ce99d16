"""What a call is answered: exactly 200 and JSON, or a refusal that says what to do."""

from typing import Any

import msgspec

from regulars.api.tracking.refusals import Refusal
from regulars.kernel.asgi import Send

Headers = list[tuple[bytes, bytes]]

# Any page may send with a public key, and no answer says anything about anybody.
ANY_ORIGIN = (b"access-control-allow-origin", b"*")
_JSON = (b"content-type", b"application/json")
_PREFLIGHT: Headers = [
    ANY_ORIGIN,
    (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
    (b"access-control-allow-headers", b"authorization, content-type, content-encoding, x-retry-count, x-visitor-token"),
    (b"access-control-max-age", b"86400"),
    (b"content-length", b"0"),
]
_SUCCESS = b'{"success":true}'
_SUCCESS_HEADERS: Headers = [_JSON, ANY_ORIGIN, (b"content-length", str(len(_SUCCESS)).encode())]


async def success(send: Send, rejected: list[dict[str, Any]] | None = None) -> None:
    """Everything usable is in the database. What was not is listed, for whoever reads the answer."""
    if not rejected:
        await send({"type": "http.response.start", "status": 200, "headers": _SUCCESS_HEADERS})
        await send({"type": "http.response.body", "body": _SUCCESS})
    else:
        await as_json(send, {"success": True, "rejected": rejected})


async def as_json(send: Send, content: Any, *, status: int = 200, headers: Headers | None = None) -> None:
    """Any JSON answer."""
    body = msgspec.json.encode(content)
    length = (b"content-length", str(len(body)).encode())
    await send(
        {"type": "http.response.start", "status": status, "headers": [_JSON, ANY_ORIGIN, length, *(headers or [])]}
    )
    await send({"type": "http.response.body", "body": body})


async def refusal(send: Send, refused: Refusal) -> None:
    """A call that was not taken."""
    headers: Headers = []
    if refused.retry_after_seconds is not None:
        headers.append((b"retry-after", str(refused.retry_after_seconds).encode()))
    if refused.status == 401:
        headers.append((b"www-authenticate", b'Basic realm="tracking"'))
    await as_json(send, {"code": refused.code, "message": refused.message}, status=refused.status, headers=headers)


async def preflight(send: Send) -> None:
    """A browser asks whether it may send."""
    await send({"type": "http.response.start", "status": 204, "headers": _PREFLIGHT})
    await send({"type": "http.response.body", "body": b""})
