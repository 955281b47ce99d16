"""Conversations and what is said in them, as they look from outside."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from regulars.api.rest.shapes.base import LARGEST_ID, Address, Id, MaybeId, Shape

Status = Literal["open", "waiting", "snoozed", "resolved"]
Priority = Literal["urgent", "high", "normal", "low"]
Kind = Literal["issue", "account"]
PRIORITIES: dict[Priority, int] = {"urgent": 1, "high": 2, "normal": 3, "low": 4}
PRIORITY_NAMES: dict[int, Priority] = {number: name for name, number in PRIORITIES.items()}
MOST_PEOPLE = 100
MOST_FILES = 50

Subject = Annotated[str, Field(max_length=500)]
Text = Annotated[str, Field(max_length=500_000)]
People = Annotated[list[Address], Field(max_length=MOST_PEOPLE)]
FileIds = Annotated[list[str], Field(max_length=MOST_FILES, description="`id`s of files that were uploaded before.")]


class Clock(Shape):
    """One promise to the customer: the first answer, the next one, or that the matter is settled.

    `target` is what promised it, `target_seconds` how long it gave: in open hours, where it counts those. `due_at` is
    null while it `is_paused`. `warned_at` and `breached_at` are when the desk said so. It is kept with `answered_at`;
    `stopped_at` says that it ended without.
    """

    example = {
        "kind": "first", "target": "Everybody", "target_seconds": 14400, "started_at": "2026-11-20T09:12:00Z",
        "due_at": "2026-11-20T13:12:00Z", "warn_at": "2026-11-20T12:24:00Z", "warned_at": None, "breached_at": None,
        "is_paused": False, "answered_at": None, "stopped_at": None,
    }  # fmt: skip

    kind: Literal["first", "next", "resolution"]
    target: str
    target_seconds: int
    started_at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    warned_at: datetime | None
    breached_at: datetime | None
    is_paused: bool
    answered_at: datetime | None
    stopped_at: datetime | None


class Conversation(Shape):
    """One matter between a customer and the company.

    open: it is our turn; waiting: it is the customer's; snoozed: nobody's until `snoozed_until`; resolved: done.
    `waiting_since` is since when the customer waits for us, `due_at` when the next promise to them comes due.
    `read_message_id` is the last of our messages they opened where they sign in, `read_at` when. `clocks` has the
    newest of each kind since it was last taken up; it is null in lists. `language` is the code of the customer's, as
    their mail or form said it, else as is known of them, without a country; empty when nobody said.
    """

    example = {
        "id": 4711, "customer_id": 17, "channel_id": 1, "kind": "issue", "status": "open", "priority": "normal",
        "subject": "Where is my order?", "team_id": None, "agent_id": 3, "labels": ["Shipping"],
        "language": "en", "fields": {"Order": "20318"},
        "created_at": "2026-11-20T09:12:00Z", "last_at": "2026-11-20T09:12:00Z",
        "waiting_since": "2026-11-20T09:12:00Z", "due_at": None, "snoozed_until": None, "resolved_at": None,
        "is_spam": False, "message_count": 1, "has_files": False, "preview": "It should have come on Tuesday.",
        "read_message_id": None, "read_at": None, "clocks": [Clock.example],
    }  # fmt: skip

    id: int
    customer_id: int
    channel_id: int
    kind: Kind
    status: Status
    priority: Priority
    subject: str
    team_id: int | None
    agent_id: int | None
    labels: list[str]
    language: str
    fields: dict[str, Any]
    created_at: datetime
    last_at: datetime
    waiting_since: datetime | None
    due_at: datetime | None
    snoozed_until: datetime | None
    resolved_at: datetime | None
    is_spam: bool
    message_count: int
    has_files: bool
    preview: str
    read_message_id: int | None
    read_at: datetime | None
    clocks: list[Clock] | None


class Presence(Shape):
    """An agent who has a conversation before their eyes, and whether they write in it."""

    example = {"agent_id": 3, "name": "Ines", "is_writing": True}

    agent_id: int
    name: str
    is_writing: bool


class File(Shape):
    """A file in a message; `GET /files/{id}` gives its bytes."""

    id: int
    name: str
    type: str
    size: int
    is_inline: bool


class Person(Shape):
    """Somebody a mail came from or went to."""

    example = {"name": "Ada Moreno", "address": "ada@example.com"}

    name: str
    address: str


class Message(Shape):
    """One turn in a conversation, or a note, which no customer sees.

    `text` is what was written, without what it `quoted` and the `signature` below it. `recipients` has from, to, cc,
    bcc and reply_to, as far as there are any; `external_id` is the Message-ID.

    `state` of what goes out: queued, leaving, sent, failed, unknown; empty for everything else. `due_at` is when
    it leaves, `trouble` why it did not. `is_read` is whether the customer opened it where they sign in; who reads
    mail is not watched.
    """

    example = {
        "id": 90210, "conversation_id": 4711, "kind": "message", "author_kind": "agent", "author_id": 3,
        "author_name": "Ines", "text": "It leaves today.", "html": "", "subject": "", "is_automatic": False,
        "at": "2026-11-20T09:40:00Z", "state": "sent", "due_at": "2026-11-20T09:40:10Z", "trouble": "",
        "is_read": False, "mentioned": [], "files": [], "quoted": "", "signature": "", "channel_id": 1,
        "recipients": {"to": [Person.example]}, "external_id": "17.4f@shop.example", "automatic_reason": "",
    }  # fmt: skip

    id: int
    conversation_id: int
    kind: Literal["message", "note"]
    author_kind: str
    author_id: int | None
    author_name: str
    text: str
    html: str
    subject: str
    is_automatic: bool
    at: datetime
    state: str
    due_at: datetime | None
    trouble: str
    is_read: bool
    mentioned: list[int]
    files: list[File]
    quoted: str
    signature: str
    channel_id: int | None
    recipients: dict[str, list[Person]]
    external_id: str
    automatic_reason: str


class CustomerRef(Shape):
    """Which customer: by number, or by an address or the number you know them by; made when there is none."""

    example = {"email": "ada@example.com", "name": "Ada Moreno"}

    id: MaybeId = None
    email: str | None = Field(None, max_length=254)
    external_id: str | None = Field(None, max_length=200)
    name: str | None = Field(None, max_length=200)


class NewConversation(Shape):
    """A conversation and its first message: from the customer, or from the company to the customer.

    `language` is the one it is written in, "de" or "pt-BR"; without it, the customer's, where that is known.
    """

    example = {
        "customer": {"email": "ada@example.com", "name": "Ada Moreno"}, "channel_id": 1,
        "text": "Where is my order?", "subject": "Order 20318", "labels": ["Shipping"],
    }  # fmt: skip

    customer: CustomerRef
    channel_id: Id
    text: Text = ""
    subject: Subject = ""
    author: Literal["customer", "company"] = "customer"
    kind: Kind = "issue"
    priority: Priority = "normal"
    language: str = Field("", max_length=35)
    files: FileIds = []
    labels: list[Annotated[str, Field(min_length=1, max_length=60)]] = Field([], max_length=20)


class NewMessage(Shape):
    """What is said: an answer to the customer, a note for colleagues, or what the customer said elsewhere.

    `then` is what becomes of the conversation after an answer. `seen` is the last message you know of: when
    somebody else added one since, nothing is sent. `due_at` sends later; until then it can be taken back. Without
    `to` an answer goes to whoever wrote last. `mentioned` are the agents a note is for.

    A program that answers by itself says `is_automatic`: the mail says so, too, one person gets no more of it in a day
    than the mailbox allows (`automatic_a_day`), and it is nobody's answer: `then` is not looked at, no target is met.
    """

    example = {"kind": "reply", "text": "It leaves today.", "then": "resolved"}

    kind: Literal["reply", "note", "customer"] = "reply"
    text: Text = ""
    html: str = Field("", max_length=2_000_000)
    files: FileIds = []
    to: People = []
    cc: People = []
    bcc: People = []
    then: Status = "waiting"
    until: datetime | None = None
    due_at: datetime | None = None
    seen: int | None = Field(None, ge=0, le=LARGEST_ID)
    is_automatic: bool = False
    mentioned: list[Id] = Field([], max_length=MOST_PEOPLE)


class Change(Shape):
    """What is to be different; what is left out stays. A field of null or "" is emptied.

    `GET /fields` says which fields the company has and what each takes; any other name is a detail, one line of text.
    """

    example = {"priority": "urgent", "fields": {"Order": "20318"}}

    subject: Subject | None = None
    kind: Kind | None = None
    priority: Priority | None = None
    language: str | None = Field(None, max_length=35)
    fields: dict[Annotated[str, Field(min_length=1, max_length=60)], Any] | None = Field(None, max_length=50)


class NewStatus(Shape):
    """Whose turn it is; `until` when snoozed."""

    example = {"status": "resolved"}

    status: Status
    until: datetime | None = None


class Assignment(Shape):
    """Whose it is; null takes it from them, what is left out stays."""

    example = {"agent_id": 3}

    agent_id: MaybeId = None
    team_id: MaybeId = None


class Step(Shape):
    """One thing done in a conversation other than saying something: by whom, and what is needed to tell it.

    `details` of a merge hold its `merge_id`; the number of a step "split" is what undoes it.
    """

    example = {
        "id": 512, "conversation_id": 4711, "at": "2026-11-20T09:41:00Z", "actor": "agent:3", "actor_name": "Ines",
        "verb": "labelled", "details": {"label": "Shipping"},
    }  # fmt: skip

    id: int
    conversation_id: int
    at: datetime
    actor: str
    actor_name: str
    verb: str
    details: dict[str, Any]


class Delivery(Shape):
    """One attempt to get a message out: queued, claimed, sent, failed, unknown or cancelled.

    unknown: it may or may not have left, because something broke in between; it is never sent again by itself.
    """

    example = {
        "id": 61, "channel_id": 1, "state": "sent", "external_id": "17.4f@shop.example",
        "created_at": "2026-11-20T09:40:10Z", "due_at": "2026-11-20T09:40:10Z", "settled_at": "2026-11-20T09:40:12Z",
        "attempts": 1, "trouble": "",
    }  # fmt: skip

    id: int
    channel_id: int
    state: str
    external_id: str
    created_at: datetime
    due_at: datetime
    settled_at: datetime | None
    attempts: int
    trouble: str


class Upload(Shape):
    """A file that was taken in. Name its `id` in a message within a day."""

    example = {"id": "WzEsIntc…", "name": "receipt.pdf", "type": "application/pdf", "size": 20480}

    id: str
    name: str
    type: str
    size: int
