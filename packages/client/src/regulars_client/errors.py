"""What can go wrong, by name. Whatever the server refused has its words in `detail` and a name in `code`."""

# pyright: strict

from collections.abc import Sequence
from dataclasses import dataclass


class RegularsError(Exception):
    """Something did not work; the text says what."""


class Unreachable(RegularsError):
    """Nobody answered, also after several tries. A write may have been done or not; repeat it with its key."""


class NotSigned(RegularsError):
    """This was not sent by the desk, or with another secret, or too long ago. Do not act on it."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """One part of a call that cannot be used, and why."""

    where: str
    what: str


class Refused(RegularsError):
    """The server refused a call; nothing was changed.

    `code` never changes its meaning (`unseen-message`); `detail` is for people; `errors` says which parts of the
    call cannot be used.
    """

    status: int
    code: str
    detail: str
    errors: tuple[Wrong, ...]

    def __init__(self, status: int, code: str, detail: str, errors: Sequence[Wrong] = ()) -> None:
        super().__init__(f"{detail} ({code})")
        self.status, self.code, self.detail, self.errors = status, code, detail, tuple(errors)


class NoKey(Refused):
    """The key is wrong, was revoked, or its agent's access has ended (401)."""


class NotAllowed(Refused):
    """The key lacks a scope, or its agent's role does not allow this (403)."""


class NotFound(Refused):
    """There is nothing, or it is not the key's to see (404)."""


class Conflict(Refused):
    """It cannot be done as things stand (409)."""


class UnseenMessage(Conflict):
    """Somebody else wrote since the message named as `seen`. Nothing was sent: read it, then send."""


class Changed(Refused):
    """It has changed since it was read (412). Read it again, and decide again.

    `may_be_ours`: an earlier try of this very call got no answer, so the change may be its own.
    """

    may_be_ours: bool = False


class Invalid(Refused):
    """Something in the call cannot be used (400, 413, 422)."""


class TooOften(Refused):
    """The key calls too often, also after waiting as long as was asked (429)."""


class Broken(Refused):
    """Something broke on the server's side (5xx), also after several tries."""


_BY_STATUS: dict[int, type[Refused]] = {
    400: Invalid, 401: NoKey, 403: NotAllowed, 404: NotFound, 409: Conflict, 412: Changed, 413: Invalid, 422: Invalid,
    429: TooOften,
}  # fmt: skip


_BY_CODE: dict[str, type[Refused]] = {"unseen-message": UnseenMessage}


def named(status: int, code: str) -> type[Refused]:
    """The error a refusal is raised as: by its code where that has one of its own, else by its status."""
    return _BY_CODE.get(code) or _BY_STATUS.get(status) or (Broken if status >= 500 else Refused)
