"""Plain messages, drawn without asking the template each time.

Nine of ten messages are a text by somebody at a moment, and nothing else. What such a message looks like depends
on little (whose it is, whether it was sent, whether others got it), so `desk/message.html` is asked once for each
of these shapes, with stand-ins, and each message's own words are put in their places. Nothing of a message is kept.
"""

import re
import secrets
from datetime import UTC, datetime
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Final

from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe

from regulars.desk.selectors.threads import Conversation, Message, Turn
from regulars.web.templatetags import house

if TYPE_CHECKING:
    from regulars.web.desk.thread import Said

_MARK: Final = f"\ue000{secrets.token_hex(8)}"  # nobody can type it
_AUTHOR, _BODY, _TO = f"{_MARK}a\ue001", f"{_MARK}b\ue001", f"{_MARK}t\ue001"
_MESSAGE, _CONVERSATION = (10**15 + secrets.randbelow(4 * 10**15) * 2 + number for number in (0, 1))
_AT: Final = datetime(1582, 10, 15, 4, 17, 23, secrets.randbelow(10**6), tzinfo=UTC)


def is_plain(line: "Said") -> bool:
    """Whether a message is a text and nothing else, and nothing will become of it any more."""
    said, turn = line.message, line.turn
    return bool(
        said.text
        and line.is_settled
        and not (said.html or said.is_automatic or said.trouble or turn.files or line.folded)
        and said.conversation_id == line.shown.pk
        and line.read_at is None
    )


def drawn(line: "Said") -> SafeString:
    """A plain message as `desk/message.html` draws it."""
    language, zone = translation.get_language(), timezone.get_current_timezone_name()
    parts = _shape(
        language, zone, type(line), line.message.kind, line.message.author_kind, line.message.state, bool(line.to)
    )
    own = {
        "avatar": house.avatar(line.author),
        "when": house.when(line.message.at, "moment"),
        "author": escape(line.author),
        "to": escape(line.to),
        "body": line.body,
        "message": str(line.message.pk),
        "conversation": str(line.message.conversation_id),
    }
    return mark_safe("".join([own.get(name, "") if is_own else name for is_own, name in parts]))


@lru_cache(maxsize=200)
def _shape(
    _language: str, _zone: str, line_type: "type[Said]", kind: str, author_kind: str, state: str, has_to: bool
) -> tuple[tuple[bool, str], ...]:
    """The template's text, and between it what is each message's own, in order."""
    message = Message(
        pk=_MESSAGE, conversation_id=_CONVERSATION, kind=kind, author_kind=author_kind, state=state, text="-", at=_AT
    )
    line = line_type(Turn(message), None, None, Conversation(pk=_CONVERSATION))  # type: ignore[arg-type]  # not asked
    line.__dict__.update(author=_AUTHOR, body=mark_safe(_BODY), to=_TO if has_to else "")
    html = get_template("desk/message.html").render({"line": line})
    marks: dict[str, str] = {
        str(house.avatar(_AUTHOR)): "avatar",
        str(house.when(_AT, "moment")): "when",
        _AUTHOR: "author",
        _TO: "to",
        _BODY: "body",
        str(_MESSAGE): "message",
        str(_CONVERSATION): "conversation",
    }
    pieces = re.split(f"({'|'.join(map(re.escape, marks))})", html)
    return tuple((piece in marks, marks.get(piece, piece)) for piece in pieces)
