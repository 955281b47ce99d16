"""What every reader of an archive gives, whatever the archive was."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

CUSTOMER, AGENT, BOT, OUTSIDE = "customer", "agent", "bot", "outside"
OURSELVES = ("bot", "rule", "key", "system")  # whoever of the desk is no person
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
    labels: Sequence[str] = ()
    consents: Sequence[Mapping[str, Any]] = ()  # what they agreed to or withdrew, oldest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """A file in a turn: its bytes where the archive has them, else where it lies elsewhere."""

    name: str
    type: str = "application/octet-stream"
    content: bytes | None = field(default=None, repr=False)
    path: Path | None = None
    url: str = ""
    number: str = ""  # what the archive calls it, where it may have to be fetched
    size: int | None = None  # in bytes, as the archive says
    content_id: str = ""
    is_inline: bool = False

    @property
    def is_far(self) -> bool:
        """Whether the archive has only its address."""
        return bool(self.url) and self.content is None and not (self.path and self.path.is_file())


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
    is_automatic: bool = False
    # What only another Regulars knows of it: its number, its subject, what became of it, whom it names.
    number: str = ""
    subject: str = ""
    channel: str = ""
    state: str | None = None
    mentioned: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What only another Regulars knows of a conversation, as its export says it: how it stood, and all that was done.

    `stands` is the conversation's own record; whatever number is in any of these means what it means there.
    """

    stands: Mapping[str, Any]
    steps: Sequence[Mapping[str, Any]] = ()
    firings: Sequence[Mapping[str, Any]] = ()
    routed: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """Two conversations that belong together or were joined; `said` is what the export says of it."""

    kind: str  # "link", "merge"
    one: str
    other: str
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A side conversation beside a matter. Whoever is `OUTSIDE` is nobody's customer for it."""

    key: str
    subject: str
    turns: Sequence[Turn]
    participants: Sequence[Mapping[str, str]] = ()
    done_at: datetime | None = None
    done_by: str = ""
    channel: str = ""
    created_at: datetime | None = None


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
    """How a desk was set up: the rows of each kind by the kind's name, as the export has them."""

    rows: Mapping[str, Sequence[Mapping[str, Any]]]

    def of(self, kind: str) -> Sequence[Mapping[str, Any]]:
        """The rows of a kind."""
        return self.rows.get(kind, ())


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
    channel: str = ""  # its number there
    past: Past | None = None
    misfits: Sequence["Misfit"] = ()


@dataclass(frozen=True, slots=True)
class Misfit:
    """Something of the archive that does not come along: where it stands, why (see `reasons`), and what it was."""

    where: str
    reason: str
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """An archive that was looked through once. `total` is how many matters `matters()` will give, misfits aside.

    `house` is the installation it is from, where it is another Regulars and says so; `accounts` are those of the old
    desk that it says it is of, and `account` the one it is moved in as.
    """

    total: int
    matters: Callable[[], Iterable[Matter | Misfit]]
    people: Callable[[], Iterable[Person]] = tuple
    set_up: SetUp | None = None
    happenings: Callable[[], Iterable[Happening | Misfit]] = tuple
    ties: Callable[[], Iterable[Tie]] = tuple
    house: str = ""
    accounts: Sequence[str] = ()
    account: str = ""


class NotAnArchive(Exception):
    """There is nothing of this format at that place."""
