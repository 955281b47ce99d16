"""Refusals, said so that a person can act on them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import InterfaceError, InternalError, OperationalError, ProgrammingError
from django.utils.translation import gettext
from psycopg import errors

from regulars.kernel.room import is_out_of_room

_OF_THE_DATABASE = (OperationalError, InterfaceError, InternalError, ProgrammingError)  # the last while it is upgraded


class DomainError(Exception):
    """Something was refused; nothing was changed."""

    status = 409

    def __str__(self) -> str:
        """What the person reads: the message given, else the class's docstring."""
        return str(self.args[0]) if self.args else gettext((type(self).__doc__ or "").strip())


class NotFound(DomainError):
    """There is nothing here, or it is not yours to see."""

    status = 404


class NotAllowed(DomainError):
    """Your role does not allow this. Ask an owner or a manager."""

    status = 403


class Invalid(DomainError):
    """Something in what was sent cannot be used; nothing was changed."""

    status = 422


class NoRoom(DomainError):
    """The disk is full: nothing of this was kept. Free some space on the server, then try again."""

    status = 507


class ChangedAtOnce(DomainError):
    """Somebody changed the same thing at the same moment, and this gave way. See how it is now, then try again."""


def refusal_of(error: Exception) -> DomainError | None:
    """The refusal a person reads when the database gave one of two up, or has no room left; else none."""
    return NoRoom() if is_out_of_room(error) else clash_of(error)


@contextmanager
def saying_no_room() -> Iterator[None]:
    """What is done inside meets `NoRoom` where the database's own disk is full."""
    try:
        yield
    except OperationalError as fault:
        if is_out_of_room(fault):
            raise NoRoom from fault
        raise


def clash_of(error: Exception) -> ChangedAtOnce | None:
    """The refusal a person reads when the database ended one of two that waited for each other; else none."""
    return ChangedAtOnce() if passes(error) else None


def passes(error: Exception) -> bool:
    """Whether the database ended one of two that waited for each other: done again, it will be done."""
    gave_way = isinstance(error.__cause__, errors.DeadlockDetected | errors.SerializationFailure)
    return gave_way and isinstance(error, OperationalError)


def may_pass(error: Exception) -> bool:
    """Whether the house is at fault and not what was to be done: later it may be done. A missing file stays missing."""
    is_files = isinstance(error, OSError) and not isinstance(error, FileNotFoundError)
    return is_files or isinstance(error, (*_OF_THE_DATABASE, MemoryError, NoRoom, ChangedAtOnce))
