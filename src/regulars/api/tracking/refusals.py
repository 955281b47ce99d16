"""Refusals of a whole call, as the sender's program reads them: `{"code": …, "message": …}`."""


class Refusal(Exception):
    """A call that is not taken. `status` is HTTP's, `code` is for programs, the message for people."""

    def __init__(self, status: int, code: str, message: str, *, retry_after_seconds: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.retry_after_seconds = retry_after_seconds


def invalid(message: str, *, code: str = "invalid_request") -> Refusal:
    """Something that will not become right by sending it again."""
    return Refusal(400, code, message)


def too_large(message: str) -> Refusal:
    """More than one call may carry."""
    return Refusal(413, "too_large", message)


def wrong_key() -> Refusal:
    """One answer for a missing, wrong and revoked key."""
    return Refusal(401, "invalid_write_key", "This write key is not valid. Look it up under Settings, Keys.")


def no_room() -> Refusal:
    """The database's disk is full: as `unavailable`, which senders know how to wait for, and says why."""
    words = "The disk is full on our side, and nothing was kept. Please send this again in a minute."
    return Refusal(503, "no_room", words, retry_after_seconds=60)


def unavailable() -> Refusal:
    """The database cannot be reached: nothing was kept, the sender is to try again."""
    return Refusal(503, "unavailable", "Nothing was kept. Please send this again in a moment.", retry_after_seconds=2)
