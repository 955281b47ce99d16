"""What a message shows in the same way wherever it is read: in a thread, or in a conversation beside it."""

import re
from typing import Any, Final, Generic, TypeVar

from django.utils.functional import cached_property

from regulars.desk.selectors.side import SideTurn
from regulars.desk.selectors.threads import Turn

T = TypeVar("T", Turn, SideTurn)

# What a browser shows as a picture and can run nothing of. SVG is a document, never shown.
PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"})
_REMOTE: Final = re.compile(r"<img\b[^>]{0,2000}src\s*=\s*[\"']?\s*https?:", re.IGNORECASE)


class Shown(Generic[T]):
    """One message as it is read; whose it is, is for the thread it stands in to say (`side`)."""

    turn: T

    @property
    def message(self) -> Any:
        return self.turn.message

    @property
    def side(self) -> str:
        """Whose it is, as a class of its look."""
        raise NotImplementedError

    @cached_property
    def folded(self) -> str:
        """What is put away: the signature, then what was quoted."""
        return "\n\n".join(part for part in (self.message.signature, self.message.quoted) if part.strip())

    @property
    def has_looks(self) -> bool:
        """Whether it came as more than text, so that one may want to see it as it was sent."""
        return bool(self.message.html) and self.side == "theirs"

    @property
    def has_remote_pictures(self) -> bool:
        """A glance, not a parse: whether pictures on other machines are spoken of."""
        return bool(_REMOTE.search(self.message.html))

    @property
    def height(self) -> int:
        """About how many lines a mail takes; a frame of its own origin cannot say so itself."""
        rows = sum(1 + len(row) // 80 for row in self.message.text.split("\n"))
        return min(30, max(5, rows + 8 * self.message.html.count("cid:")))

    @property
    def pictures(self) -> list[Any]:
        return [file for file in self.turn.files if file.type in PICTURES]

    @property
    def files(self) -> list[Any]:
        return [file for file in self.turn.files if file.type not in PICTURES]
