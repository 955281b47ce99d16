"""One answer in many conversations, a macro's or one written for this, each with what is known there put in; taken
back in all, for a minute.

What nobody has looked at singly is sent only where nothing speaks against it: a customer who wrote since, an
answer somebody has begun, a variable nothing is known for, an address that gets no mail. Such a conversation is
left as it is, with the reason.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from regulars.channels.selectors import suppressed
from regulars.desk import formatting, variables
from regulars.desk.actions import macro_using, messages
from regulars.desk.actions.messages import Written
from regulars.desk.errors import AnswerNotSent, MacroNotUsable, NoSuchMacro, NothingWritten, TooLong, TooManyToAnswer
from regulars.desk.models import Bulk, Conversation, Draft, Macro, Message
from regulars.desk.selectors import correspondence, filling, threads, wording
from regulars.kernel import clock
from regulars.kernel.actors import Actor
from regulars.kernel.errors import DomainError

DEED: Final = "answer"
MOST: Final = 200
# Longer than for one answer: all of them are still here when the last one is written, and time to think is left.
TO_UNDO: Final = timedelta(minutes=1)
LONGEST: Final = 20_000
LONGEST_TOLD: Final = 60


def meant(macro_id: str, looked_at: str, *, text: str = "", count: int, by: Actor) -> tuple[dict[str, Any], str]:
    """What will be said, as a macro says it now or as it was written, and since when the writer knows how all stand."""
    if count > MOST:
        raise TooManyToAnswer
    macro = usable(macro_id, by=by) if macro_id else None
    said = macro.text if macro else written(text)
    try:
        looked = parse_datetime(looked_at)
    except ValueError:
        looked = None
    looked = looked if looked and looked.tzinfo else clock.now()
    told = macro.name if macro else variables.in_short(said, longest=LONGEST_TOLD)
    deeds = macro.deeds if macro else []
    return {"macro": macro.pk if macro else None, "text": said, "deeds": deeds, "looked_at": looked.isoformat()}, told


def written(text: str) -> str:
    """An answer somebody wrote for all of these; an empty one, or one without end, is refused."""
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text:
        raise NothingWritten
    if len(text) > LONGEST:
        raise TooLong
    return text


def usable(macro_id: str, *, by: Actor) -> Macro:
    """A macro of the agent's that says something to customers."""
    number = int(macro_id) if macro_id.isascii() and macro_id.isdigit() and len(macro_id) < 19 else 0
    macro = wording.usable(by).filter(pk=number).first()
    if macro is None:
        raise NoSuchMacro
    if macro.is_note or not macro.text.strip():
        raise MacroNotUsable(gettext("This macro says nothing to customers: there is no answer to send."))
    return macro


def send(held: Conversation, said: dict[str, Any], by: Actor, batch: str) -> None:
    """Answer in one held conversation, or refuse."""
    text = text_for(held, said["text"], by=by)
    _refuse(held, looked_at=said["looked_at"], by=by)
    to, cc = correspondence.answering(held)
    if held.channel.kind == "email" and not to:
        raise AnswerNotSent(gettext("There is no address to answer to."))
    _refuse_suppressed(held, to)
    recipients = {role: people for role, people in (("to", to), ("cc", cc)) if people}
    answer = Written(text=text, html=formatting.as_html(text), recipients=recipients, key=_key(batch, held.pk))
    macro_using.reply(
        held.pk, answer, done=said["deeds"], macro_id=said["macro"], by=by, due_at=clock.now() + TO_UNDO
    )  # fmt: skip


def text_for(held: Conversation, text: str, *, by: Actor) -> str:
    """The answer as it would read in this conversation; refused where something in it is not known."""
    filled = variables.fill(text, filling.values(held, by=by))
    if filled.missing:
        raise AnswerNotSent(gettext("Not known there: %(names)s.") % {"names": ", ".join(filled.missing)})
    return filled.text


def count(bulk: Bulk, ids: Sequence[int]) -> int:
    """In how many of these it was written."""
    return _written(bulk, ids).count()


def take_back(bulk: Bulk, ids: Sequence[int], *, by: Actor) -> tuple[int, int]:
    """How many were taken back, and how many had left already or were changed since. No drafts are made of them."""
    undone = left = 0
    for pk in _written(bulk, ids).order_by("pk").values_list("pk", flat=True):
        try:
            messages.take_back(pk, by=by, keeps_text=False)
            undone += 1
        except DomainError:
            left += 1
    return undone, left


def _written(bulk: Bulk, ids: Sequence[int]) -> QuerySet[Message]:
    return Message.objects.filter(key__in=[_key(bulk.batch, pk) for pk in ids])


def _key(batch: str, conversation_id: int) -> str:
    return f"{batch}:{conversation_id}"


def _refuse_suppressed(held: Conversation, to: Sequence[Mapping[str, str]]) -> None:
    addresses = [one["address"] for one in to]
    if held.channel.kind == "email" and len(suppressed.reasons(addresses)) == len(addresses):
        raise AnswerNotSent(gettext("Nothing is sent to this address any more: mail to it came back."))


def _refuse(held: Conversation, *, looked_at: str, by: Actor) -> None:
    if held.spam_at is not None:
        raise AnswerNotSent(gettext("It is spam."))
    newer = threads.said_in(held).filter(removed_at=None, is_automatic=False, created_at__gt=looked_at)
    if newer.exists():
        raise AnswerNotSent(gettext("Something was said there since you looked."))
    if Draft.objects.filter(conversation=held, agent=by.id, kind="message").exclude(text="").exists():
        raise AnswerNotSent(gettext("You have begun an answer there."))
