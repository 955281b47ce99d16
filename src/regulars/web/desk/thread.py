"""The thread as the page shows it: what was said, and what was done between."""

import hashlib
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from regulars.accounts import colleagues
from regulars.desk import formatting
from regulars.desk.selectors import threads
from regulars.desk.selectors.threads import Conversation, Thread, Turn
from regulars.kernel import clock
from regulars.kernel.actors import Actor
from regulars.web.desk import mentions, plain, step_words, words
from regulars.web.desk.shown import Shown
from regulars.web.desk.step_words import Names, Steps


@dataclass(frozen=True)
class Said(Shown[Turn]):
    """One message as it is read."""

    turn: Turn
    reader: Actor
    names: Names
    shown: Conversation

    is_said = True

    @property
    def message(self) -> threads.Message:
        return self.turn.message

    @property
    def side(self) -> str:
        """Whose it is, as a class of its look."""
        if self.message.kind == "note":
            return "note"
        return "theirs" if self.message.author_kind == "customer" else "ours"

    @property
    def is_settled(self) -> bool:
        """Whether nothing will become of it any more, so that it may be drawn once."""
        return self.message.state in ("", threads.Message.SENT) and self.message.removed_at is None

    @property
    def read_at(self) -> datetime | None:
        """When the customer opened it in the portal, on the last one they did."""
        return self.shown.read_at if self.shown.read_message_id == self.message.pk else None

    @cached_property
    def plain(self) -> SafeString | None:
        """The whole of it, where it is a text and nothing else."""
        return plain.drawn(self) if plain.is_plain(self) else None

    @cached_property
    def drawn_of(self) -> Hashable:
        """Everything `desk/message.html` shows of a settled message; two with one key look the same."""
        said = self.message
        texts = "\0".join((said.text, said.quoted, said.signature, said.html))
        return (
            said.pk, said.conversation_id, self.shown.pk == said.conversation_id, said.kind, self.side, self.author,
            said.at, said.is_automatic, said.automatic_reason, said.state, said.trouble, self.to,
            self.read_at,
            tuple(self._mentioned), hashlib.blake2b(texts.encode(), digest_size=16).digest(),
            tuple((file.pk, file.name, file.type, file.size) for file in self.turn.files),
        )  # fmt: skip

    @cached_property
    def author(self) -> str:
        message = self.message
        if message.author_kind == "agent":
            return self.names.agents.get(message.author_id or 0, message.author_name or _("a former colleague"))
        if message.author_kind == "customer":
            return message.author_name or str(self.shown.customer)
        return message.author_name or str(words.ACTORS[message.author_kind])

    @cached_property
    def body(self) -> SafeString:
        """What was written: ours as it goes out, theirs as plain text with its addresses made links."""
        if self.side == "note":
            return mentions.marked(formatting.as_html(self.message.text), self._mentioned)
        if self.message.author_kind in ("agent", "bot", "rule"):
            return formatting.as_html(self.message.text)
        return formatting.linked(self.message.text.strip())

    @property
    def _mentioned(self) -> list[str]:
        return [name for key in self.turn.mentioned if (name := self.names.agents.get(key))]

    @property
    def is_mine(self) -> bool:
        return (self.message.author_kind, self.message.author_id) == (self.reader.kind, self.reader.id)

    @property
    def can_be_taken_back(self) -> bool:
        return self.message.state == "queued" and self.is_mine

    @property
    def is_later(self) -> bool:
        """Whether it waits for a time somebody chose, and not for the ten seconds to undo."""
        due_at = self.message.due_at
        return bool(self.message.state == "queued" and due_at and (due_at - clock.now()).total_seconds() > 15)

    @cached_property
    def to(self) -> str:
        """Who else got it, where that is worth saying."""
        people = [*self.message.recipients.get("to", []), *self.message.recipients.get("cc", [])]
        return ", ".join(one.get("name") or one.get("address", "") for one in people)


def page(conversation: Conversation, *, reader: Actor, before: int | None = None) -> dict[str, Any]:
    """What the thread's template needs."""
    found = threads.thread(conversation, before=before)
    known = names()
    return {
        "thread": found,
        "lines": lines(found, conversation, reader=reader, names=known),
        "agent_names": known.agents,
        "team_names": known.teams,
    }


def lines(found: Thread, conversation: Conversation, *, reader: Actor, names: Names) -> list[Said | Steps]:
    """Messages as they are read, and the steps between two of them together."""
    shown: list[Said | Steps] = []
    between: list[threads.Step] = []
    for line in found.lines:
        if isinstance(line, Turn):
            shown += step_words.grouped(between, names)
            between = []
            shown.append(Said(line, reader, names, conversation))
        else:
            between.append(line)
    return shown + step_words.grouped(between, names)


def names() -> Names:
    """Colleagues and teams by key."""
    return Names(colleagues.colleagues().names, colleagues.teams().names)
