"""Refusals of imports."""

from regulars.kernel.errors import DomainError, Invalid, NotFound


class NoSuchImport(NotFound):
    """This import is not here any more."""


class CannotRead(Invalid):
    """This file cannot be read; nothing was imported."""


class CannotMap(Invalid):
    """It is not clear what the columns mean; nothing was imported."""


class Unsure(Invalid):
    """The file can be read in more than one way; say which."""

    def __init__(self, message: str, *, option: str, choices: tuple[str, ...]) -> None:
        super().__init__(message)
        self.option = option
        self.choices = choices


class NotWaiting(DomainError):
    """This import is no longer waiting to be started."""


class Cancelled(DomainError):
    """The import was cancelled; what had been imported stays."""
