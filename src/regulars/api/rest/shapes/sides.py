"""Side conversations, as they look from outside."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from regulars.api.rest.shapes.base import MaybeId, Shape
from regulars.api.rest.shapes.conversations import File, FileIds, People, Subject, Text


class Participant(Shape):
    """Somebody who takes part."""

    name: str
    address: str


class Side(Shape):
    """Asking somebody who is not the customer by mail, beside a conversation. Its customer never sees it.

    `unread_since` is when the first answer came that nobody concerned has read.
    """

    example = {
        "id": 5, "conversation_id": 4711, "channel_id": 1, "subject": "Parcel 20318", "is_done": False,
        "participants": [{"name": "", "address": "depot@carrier.example"}], "message_count": 1,
        "created_at": "2026-11-20T10:00:00Z", "last_at": "2026-11-20T10:00:00Z", "unread_since": None,
    }  # fmt: skip

    id: int
    conversation_id: int
    channel_id: int
    subject: str
    participants: list[Participant]
    message_count: int
    created_at: datetime
    last_at: datetime
    unread_since: datetime | None
    is_done: bool


class SideMessage(Shape):
    """One turn in a side conversation: ours by an agent, theirs from outside. `state` as of messages."""

    example = {
        "id": 31, "side_id": 5, "author_kind": "agent", "author_id": 3, "author_name": "Ines", "author_address": "",
        "text": "Where is it?", "html": "", "is_automatic": False, "at": "2026-11-20T10:00:00Z", "state": "queued",
        "trouble": "", "files": [],
    }  # fmt: skip

    id: int
    side_id: int
    author_kind: str
    author_id: int | None
    author_name: str
    author_address: str
    text: str
    html: str
    is_automatic: bool
    at: datetime
    state: str
    trouble: str
    files: list[File]


class NewSideMessage(Shape):
    """What is written on. It leaves in ten seconds."""

    example = {"to": [{"address": "depot@carrier.example"}], "text": "Where is it?"}

    to: Annotated[People, Field(min_length=1)]
    cc: People = []
    text: Text = ""
    files: FileIds = []


class NewSide(NewSideMessage):
    """What is asked, and of whom. Without a channel it leaves from the conversation's own mailbox."""

    example = {"to": [{"address": "depot@carrier.example"}], "text": "Where is it?", "subject": "Parcel 20318"}

    subject: Subject = ""
    channel_id: MaybeId = None


class SideStanding(Shape):
    """Whether anything more is expected of it."""

    example = {"is_done": True}

    is_done: bool
