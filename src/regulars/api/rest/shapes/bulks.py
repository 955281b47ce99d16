"""One thing done in many conversations, exports and reports by mail: as they look from outside."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from regulars.api.rest.shapes.base import Id, MaybeId, Shape

Chosen = Annotated[list[Id], Field(max_length=10_000)]


class Bulk(Shape):
    """One thing done in many conversations: how far it is, what was left as it was and why, and taking it back."""

    example = {
        "id": 5, "deed": "label", "told": "Late", "total": 12, "done": 12, "changed": 11, "refused": 1,
        "refusals": {"It is spam.": 1}, "at": "2026-11-20T09:12:00Z", "finished_at": "2026-11-20T09:12:01Z",
        "can_be_undone": True, "undone": 0, "not_undone": 0, "undone_at": None,
    }  # fmt: skip

    id: int
    deed: str
    told: str
    total: int
    done: int
    changed: int
    refused: int
    refusals: dict[str, int]
    at: datetime
    finished_at: datetime | None
    can_be_undone: bool
    undone: int
    not_undone: int
    undone_at: datetime | None


class NewBulk(Shape):
    """What to do, and where: in these conversations, in a view, or in all that meet conditions.

    `deed`: resolve, open, wait, snooze (a moment), snooze_for ("3h", "2d"), assign (an agent, "me", empty for nobody),
    team, priority, kind, language (a code), field ("key=value"), label, unlabel (a label's number), spam, not_spam,
    watch, read, macro.
    """

    example = {"deed": "label", "value": "Late", "conversation_ids": [4711, 4712]}

    deed: str = Field(max_length=20)
    value: str = Field("", max_length=2_000)
    conversation_ids: Chosen = []
    view: str = Field("", max_length=40)
    conditions: dict[str, Any] | None = None


class NewBulkAnswer(Shape):
    """One answer to up to 200: a macro's, or a text with variables such as `{{customer.first_name|there}}`.

    `looked_at` is since when the writer knows how they stand: where somebody wrote since, nothing is sent.
    """

    example = {
        "text": "Dear {{customer.first_name|customer}}, it leaves today.", "conversation_ids": [4711],
        "looked_at": "2026-11-20T09:12:00Z",
    }  # fmt: skip

    conversation_ids: Annotated[list[Id], Field(min_length=1, max_length=200)]
    looked_at: datetime
    macro_id: MaybeId = None
    text: str = Field("", max_length=20_000)


class BulkAnswerPreview(Shape):
    """How it would read in one of them, or why it would not be sent there."""

    example = {"conversation_id": 4711, "text": "Dear Ada, it leaves today.", "refusal": ""}

    conversation_id: int
    text: str
    refusal: str


class BulkAnswerPreviews(Shape):
    """How an answer reads in each conversation the key's agent sees; ask for a few."""

    example = {"items": [BulkAnswerPreview.example]}

    items: list[BulkAnswerPreview]


class Export(Shape):
    """Everything there is, written into one file: asked, running, ready, failed, or gone after three days."""

    example = {
        "id": 2, "state": "ready", "progress": 1.0, "form": "both", "since": None, "has_files": True,
        "asked_at": "2026-11-20T09:12:00Z", "ended_at": "2026-11-20T09:13:00Z",
        "expires_at": "2026-11-23T09:13:00Z", "size": 4711, "trouble": "",
    }  # fmt: skip

    id: int
    state: str
    progress: float
    form: str
    since: datetime | None
    has_files: bool
    asked_at: datetime
    ended_at: datetime | None
    expires_at: datetime | None
    size: int
    trouble: str


class NewExport(Shape):
    """What to write: JSON lines, mailboxes, or both; with files or without; all, or since a moment."""

    example = {"form": "jsonl", "has_files": True}

    form: Literal["jsonl", "mbox", "both"] = "both"
    since: datetime | None = None
    has_files: bool = True


class Report(Shape):
    """A page of figures that goes to the key's agent by mail; `question` is its address behind the question mark."""

    example = {"id": 3, "every": "week", "question": "last=28&by=agent", "next_at": "2026-11-23T06:00:00Z"}

    id: int
    every: str
    question: str
    next_at: datetime


class NewReport(Shape):
    """Which figures, and how often; the same question again changes how often."""

    example = {"every": "week", "last": 28, "by": "agent", "step": "day", "time": "business"}

    every: Literal["day", "week", "month"]
    last: Literal[7, 28, 90, 365] | None = 28
    since: date | None = None
    by: str = Field("", max_length=80)
    step: Literal["", "day", "week", "month"] = ""
    time: Literal["business", "calendar"] = "business"
    agent_id: MaybeId = None
    team_id: MaybeId = None
    channel_id: MaybeId = None
    priority: Literal["urgent", "high", "normal", "low"] | None = None
    label: str | None = Field(None, max_length=60)
    customer_label: str | None = Field(None, max_length=60)
