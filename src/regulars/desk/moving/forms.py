"""What every reader of an archive gives, whatever the archive was."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

CUSTOMER, AGENT, BOT, OUTSIDE = "customer", "agent", "bot", "outside"
OPEN, WAITING, RESOLVED = "open", "waiting", "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody the archive names. `key` is what the archive calls them; only customers need one or an address."""

    kind: str = CUSTOMER
    key: str = ""
    name: str = ""
    email: str = ""
    emails: Sequence[str] = ()  # further ones
    phone: str = ""
    external_id: str = ""  # the company's own id for them
    company: str = ""
    language: str = ""
    time_zone: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """A file in a turn: its bytes where the archive has them, else where it lies elsewhere."""

    name: str
    type: str = "application/octet-stream"
    content: bytes | None = field(default=None, repr=False)
    path: Path | None = None
    url: str = ""
    content_id: str = ""
    is_inline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One message or note."""

    at: datetime
    by: Person
    text: str = ""
    html: str = ""
    quoted: str = ""
    signature: str = ""
    is_note: bool = False
    recipients: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    files: Sequence[Enclosed] = ()
    external_id: str = ""  # a Message-ID, without angle brackets
    automatic_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A side conversation beside a matter. Whoever is `OUTSIDE` is nobody's customer for it."""

    key: str
    subject: str
    turns: Sequence[Turn]
    participants: Sequence[Mapping[str, str]] = ()
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happened to a customer, as the log of another installation has it."""

    key: str
    to: Person
    name: str
    at: datetime
    recorded_at: datetime | None
    properties: Mapping[str, Any]
    is_trusted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """How a desk was set up, as far as it means the same elsewhere; `agents` and `teams` say whom its numbers mean."""

    labels: Sequence[Mapping[str, Any]] = ()
    fields: Sequence[Mapping[str, Any]] = ()
    macros: Sequence[Mapping[str, Any]] = ()
    agents: Mapping[str, str] = field(default_factory=dict)  # number to address
    teams: Mapping[str, str] = field(default_factory=dict)  # number to name


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One conversation of the archive. `where` is what a person would look for there: “ticket 12”.

    `status` says how it stands in the end; None leaves it to what was said last and how long ago.
    """

    key: str
    where: str
    customer: Person
    turns: Sequence[Turn]
    subject: str = ""
    status: str | None = None
    ended_at: datetime | None = None
    priority: int | None = None  # 1 urgent … 4 low
    labels: Sequence[str] = ()
    assignee: Person | None = None
    team: str = ""
    is_spam: bool = False
    fields: Mapping[str, Any] = field(default_factory=dict)
    sides: Sequence[Aside] = ()
    misfits: Sequence["Misfit"] = ()


@dataclass(frozen=True, slots=True)
class Misfit:
    """Something of the archive that does not come along: where it stands, why (see `reasons`), and what it was."""

    where: str
    reason: str
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """An archive that was looked through once. `total` is how many matters `matters()` will give, misfits aside."""

    total: int
    matters: Callable[[], Iterable[Matter | Misfit]]
    people: Callable[[], Iterable[Person]] = tuple
    set_up: SetUp | None = None
    happenings: Callable[[], Iterable[Happening | Misfit]] = tuple


class NotAnArchive(Exception):
    """There is nothing of this format at that place."""
