"""What the panel of a side conversation shows: what was said, who takes part, the form below."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from regulars.desk import formatting
from regulars.desk.selectors import side as reading
from regulars.desk.selectors import threads
from regulars.desk.selectors.side import NEW_DRAFT, SideConversation, SideMessage, SideTurn
from regulars.desk.selectors.threads import Conversation, Turn
from regulars.kernel.actors import Actor
from regulars.web.desk import addresses, attachments, composing, step_words
from regulars.web.desk.shown import Shown
from regulars.web.middleware import AgentRequest

EXCERPT = 90


@dataclass(frozen=True)
class Line(Shown[SideTurn]):
    """One message as it is read."""

    turn: SideTurn
    reader: Actor

    @property
    def message(self) -> SideMessage:
        return self.turn.message

    @property
    def side(self) -> str:
        """Whose it is, as a class of its look."""
        return "ours" if self.message.author_kind == "agent" else "theirs"

    @property
    def author(self) -> str:
        said = self.message.author_name or self.message.author_address
        return said or (_("A mail server") if self.message.author_kind == "system" else _("Somebody"))

    @cached_property
    def body(self) -> SafeString:
        if self.side == "ours":
            return formatting.as_html(self.message.text)
        return formatting.linked(self.message.text.strip())

    @property
    def can_be_taken_back(self) -> bool:
        mine = self.message.author_kind == "agent" and self.message.author_id == self.reader.id
        return mine and self.message.state == "queued"


def strip(found: Conversation) -> list[SideConversation]:
    """Those of a conversation for the strip below its head, each with whom it is with."""
    rows = reading.of(found)
    for row in rows:
        row.whom = ", ".join(one.get("name") or one["address"] for one in row.participants[:3])  # type: ignore[attr-defined]  # for the strip alone
    return rows


def panel(request: AgentRequest, shown: SideConversation) -> dict[str, Any]:
    """A side conversation with its form."""
    draft = reading.draft(f"side:{shown.pk}", by=request.actor)
    kept = draft.recipients if draft else {}
    return {
        "side": shown,
        "head": head_of(shown),
        "lines": [Line(turn, request.actor) for turn in reading.turns(shown)],
        "form": _form(request, draft)
        | {
            "url": reverse("desk:side_messages", args=[shown.pk]),
            "draft_url": reverse("desk:side_draft", args=[shown.pk]),
            "name": f"draft-side-{shown.pk}-{request.actor.id}",
            "to": addresses.written(kept.get("to") or shown.participants),
            "cc": addresses.written(kept.get("cc", [])),
        },
    }


def form(request: AgentRequest, found: Conversation) -> dict[str, Any]:
    """The form that begins one, with what can be quoted and attached."""
    draft = reading.draft(NEW_DRAFT, by=request.actor, conversation=found)
    kept = draft.recipients if draft else {}
    turns = [turn for turn in threads.thread(found).turns if turn.message.kind == "message"]
    return {
        "side": None,
        "head": found.pk,
        "quotable": [(turn.message.pk, _whose(turn, found), _excerpt(turn), turn.at) for turn in reversed(turns)],
        "attachable": attachments.hung(request, [_as_json(file) for turn in reversed(turns) for file in turn.files]),
        "form": _form(request, draft)
        | {
            "url": reverse("desk:sides", args=[found.pk]),
            "draft_url": reverse("desk:side_new_draft", args=[found.pk]),
            "name": f"draft-side-new-{found.pk}-{request.actor.id}",
            "to": addresses.written(kept.get("to", [])),
            "cc": addresses.written(kept.get("cc", [])),
            "subject": kept.get("subject") or found.subject,
        },
    }


def typed(request: AgentRequest) -> dict[str, Any]:
    """A form as it was sent, to be shown again."""
    said = {name: request.POST.get(name, "") for name in ("text", "to", "cc", "subject", "key")}
    return {**said, "files": attachments.hung(request, attachments.of_form(request))}


def quoted(found: Conversation, chosen: list[str]) -> str:
    """What was chosen to be quoted, below the text, oldest first; notes never leave the house."""
    wanted = {int(each) for each in chosen if each.isascii() and each.isdigit() and len(each) < 19}
    if not wanted:
        return ""
    turns = [turn for turn in threads.thread(found).turns if turn.message.kind == "message"]
    return "".join(_quote(turn, found) for turn in turns if turn.message.pk in wanted)


def head_of(shown: SideConversation) -> int:
    """The conversation it belongs to; whoever shows it follows merges."""
    return shown.conversation_id


def _as_json(file: threads.Attachment) -> dict[str, Any]:
    return {"digest": file.digest, "name": file.name, "type": file.type, "size": file.size}


def _form(request: AgentRequest, draft: Any) -> dict[str, Any]:
    return {
        "text": draft.text if draft else "",
        "files": attachments.hung(request, draft.attachments) if draft else [],
        "saved_at": draft.changed_at if draft else None,
        "key": composing.key(),
    }


def _quote(turn: Turn, found: Conversation) -> str:
    words = _("%(who)s wrote on %(when)s:") % {"who": _whose(turn, found), "when": step_words.moment(turn.at)}
    lines = "\n".join(f"> {line}" for line in turn.message.text.strip().split("\n"))
    return f"\n\n{words}\n{lines}"


def _whose(turn: Turn, found: Conversation) -> str:
    return turn.message.author_name or (str(found.customer) if turn.message.author_kind == "customer" else _("We"))


def _excerpt(turn: Turn) -> str:
    text = " ".join(turn.message.text[: EXCERPT * 3].split())
    return text[:EXCERPT] + ("…" if len(text) > EXCERPT else "")
