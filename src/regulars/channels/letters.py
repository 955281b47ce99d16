"""A letter: one message in normal form, as it goes down to a channel to be carried."""

from dataclasses import asdict, dataclass, field
from typing import Any

Address = dict[str, str]  # name, address


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a letter; its bytes lie in `kernel.files`."""

    digest: str
    name: str
    type: str
    content_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The message a letter answers, for channels that show it below the answer."""

    author: str
    at: str  # ISO 8601
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """To whom, what, and in answer to what. `references` are Message-IDs without brackets, oldest first.

    Answers come back to the conversation, or to the side conversation, that is named.
    """

    channel_id: int
    conversation_id: int | None = None
    to: list[Address]
    cc: list[Address] = field(default_factory=list)
    bcc: list[Address] = field(default_factory=list)
    subject: str = ""
    text: str = ""
    html: str = ""
    author_name: str = ""
    in_reply_to: str = ""
    references: list[str] = field(default_factory=list)
    is_automatic: bool = False
    is_wanted: bool = False  # automatic, and asked for by whoever gets it: marked so, but not capped
    enclosures: list[Enclosure] = field(default_factory=list)
    external_id: str = ""
    quote: Quote | None = None
    side_id: int | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is stored with its delivery."""
        return asdict(self)

    @classmethod
    def of_json(cls, stored: dict[str, Any]) -> "Letter":
        """Read what `as_json` wrote."""
        quote = Quote(**stored["quote"]) if stored.get("quote") else None
        enclosures = [Enclosure(**item) for item in stored["enclosures"]]
        return cls(**{**stored, "enclosures": enclosures, "quote": quote})
