"""How things look from outside."""

from datetime import datetime
from typing import Any, Literal

from ninja import Field, Schema

Status = Literal["open", "waiting", "snoozed", "resolved"]
Priority = Literal["urgent", "high", "normal", "low"]
Kind = Literal["issue", "account"]
PRIORITIES: dict[Priority, int] = {"urgent": 1, "high": 2, "normal": 3, "low": 4}


class Address(Schema):
    """Somebody mail goes to or comes from."""

    name: str = ""
    address: str


class Conversation(Schema):
    """One matter between a customer and the company. `waiting_since` is since when the customer waits for us."""

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
    fields: dict[str, Any]
    created_at: datetime
    last_at: datetime
    waiting_since: datetime | None
    snoozed_until: datetime | None
    resolved_at: datetime | None
    is_spam: bool
    message_count: int
    preview: str


class File(Schema):
    """A file in a message."""

    id: int
    name: str
    type: str
    size: int
    is_inline: bool


class Message(Schema):
    """One turn in a conversation, or a note, which no customer sees.

    `state` of what goes out: queued, leaving, sent, failed, unknown; empty for everything else.
    """

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
    trouble: str
    files: list[File]


class CustomerRef(Schema):
    """Which customer: by number, or by an address or the number you know them by; made when there is none."""

    id: int | None = Field(None, ge=1, le=2**63 - 1)
    email: str | None = Field(None, max_length=254)
    external_id: str | None = Field(None, max_length=200)
    name: str | None = Field(None, max_length=200)


class NewConversation(Schema):
    """A conversation and its first message: from the customer, or from the company to the customer."""

    customer: CustomerRef
    channel_id: int = Field(ge=1, le=2**63 - 1)
    text: str = Field(min_length=1, max_length=500_000)
    subject: str = Field("", max_length=500)
    author: Literal["customer", "company"] = "customer"
    kind: Kind = "issue"
    priority: Priority = "normal"


class NewMessage(Schema):
    """What is said: an answer to the customer, a note for colleagues, or what the customer said elsewhere.

    `then` is what becomes of the conversation after an answer. `seen` is the last message you know of: when
    somebody else added one since, nothing is sent.
    """

    kind: Literal["reply", "note", "customer"] = "reply"
    text: str = Field(min_length=1, max_length=500_000)
    html: str = Field("", max_length=2_000_000)
    then: Status = "waiting"
    until: datetime | None = None
    seen: int | None = Field(None, ge=0, le=2**63 - 1)


class Change(Schema):
    """What is to be different; what is left out stays."""

    subject: str | None = Field(None, max_length=500)
    kind: Kind | None = None
    priority: Priority | None = None


class NewStatus(Schema):
    """Whose turn it is; `until` when snoozed."""

    status: Status
    until: datetime | None = None


class Assignment(Schema):
    """Whose it is; null takes it from them, what is left out stays."""

    agent_id: int | None = Field(None, ge=1, le=2**63 - 1)
    team_id: int | None = Field(None, ge=1, le=2**63 - 1)


class Customer(Schema):
    """A person the company serves, with those who were found to be the same."""

    id: int
    merged_ids: list[int]
    name: str
    email: str
    phone: str
    language: str
    time_zone: str
    company: str | None
    labels: list[str]
    attributes: dict[str, Any]
    created_at: datetime
    first_seen_at: datetime | None
    last_seen_at: datetime | None


class FoundCustomer(Schema):
    """A customer as a list shows them."""

    id: int
    name: str
    email: str
    phone: str
    company: str | None
    labels: list[str]
    last_seen_at: datetime | None


class Customers(Schema):
    """Who was found, the likeliest first."""

    items: list[FoundCustomer]


class Named(Schema):
    """Something that has a number and a name."""

    id: int
    name: str


class Directory(Schema):
    """A whole list of them."""

    items: list[Named]


class Problem(Schema):
    """Why a call was refused (RFC 9457). `code` never changes its meaning; `detail` is for people."""

    type: str
    status: int
    code: str
    detail: str
