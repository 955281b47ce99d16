"""Reading a call's body: bounded, and unpacked whatever its headers say."""

import zlib

from regulars.api.tracking.refusals import Refusal, invalid, too_large
from regulars.kernel.asgi import Receive

LARGEST = 4 * 1024 * 1024  # some SDKs send up to this, though 500 KB is what the protocol asks for
_GZIP = b"\x1f\x8b"


async def read(receive: Receive, headers: list[tuple[bytes, bytes]]) -> bytes:
    """The body as it came, at most `LARGEST`."""
    announced = next((value for name, value in headers if name == b"content-length"), b"0")
    if announced.isdigit() and int(announced) > LARGEST:
        raise _too_large()
    message = await receive()
    body = message.get("body", b"")
    if not message.get("more_body"):
        return _bounded(body)
    parts, size = [body], len(body)
    while message.get("more_body"):
        message = await receive()
        if message["type"] == "http.disconnect":
            raise invalid("The connection ended before the whole body had come.")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > LARGEST:
            raise _too_large()
    return b"".join(parts)


def unpacked(body: bytes, *, encoding: bytes) -> bytes:
    """The JSON in a body. What looks like gzip is gzip, with or without the header that says so."""
    if body.startswith(_GZIP):
        return _inflated(body, zlib.MAX_WBITS | 16)
    if encoding == b"deflate" and not body.lstrip().startswith((b"{", b"[")):
        return _inflated(body, zlib.MAX_WBITS)
    if encoding in (b"br", b"zstd", b"compress"):
        raise Refusal(415, "unsupported_encoding", "Send the body as it is, or with gzip.")
    return body


def _inflated(body: bytes, window: int) -> bytes:
    unpack = zlib.decompressobj(window)
    try:
        content = unpack.decompress(body, LARGEST + 1)
    except zlib.error as error:
        raise invalid("The compressed body is damaged. Please send it again.") from error
    if len(content) > LARGEST:
        raise too_large(f"Unpacked, the body is larger than {LARGEST // 1024 // 1024} MB. Send smaller batches.")
    if not unpack.eof:
        raise invalid("The compressed body ends too early. Please send it again.")
    return content


def _bounded(body: bytes) -> bytes:
    if len(body) > LARGEST:
        raise _too_large()
    return body


def _too_large() -> Refusal:
    return too_large(f"The body is larger than {LARGEST // 1024 // 1024} MB. Send smaller batches.")
