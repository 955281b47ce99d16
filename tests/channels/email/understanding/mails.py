"""Raw mails written by hand, as bytes."""

from __future__ import annotations

from regulars.channels.email.understanding import Mail, understand


def raw(body: str | bytes = "Hello", *, kind: str = "text/plain; charset=utf-8", **headers: str) -> bytes:
    """A mail of one part from Ada; `headers` are written `In_Reply_To="<a@b>"`."""
    written = {"From": "Ada <ada@example.org>", "Content_Type": kind, **headers}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in written.items())
    return head.encode() + b"\r\n" + (body if isinstance(body, bytes) else body.encode())


def read(body: str | bytes = "Hello", *, kind: str = "text/plain; charset=utf-8", **headers: str) -> Mail:
    return understand(raw(body, kind=kind, **headers))


def part(body: str | bytes, *headers: str) -> bytes:
    return (
        "".join(f"{line}\r\n" for line in headers).encode()
        + b"\r\n"
        + (body if isinstance(body, bytes) else body.encode())
    )


def several(*parts: bytes, kind: str = "mixed", boundary: str = "edge") -> tuple[bytes, str]:
    """The body of a multipart, and its content type."""
    inside = b"".join(b"--" + boundary.encode() + b"\r\n" + one + b"\r\n" for one in parts)
    return inside + b"--" + boundary.encode() + b"--\r\n", f'multipart/{kind}; boundary="{boundary}"'


def read_several(*parts: bytes, kind: str = "mixed", **headers: str) -> Mail:
    body, content_type = several(*parts, kind=kind)
    return read(body, kind=content_type, **headers)
