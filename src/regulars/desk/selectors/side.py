"""Side conversations as agents see them. Whoever asks for a customer gets none, whatever the conversation."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from regulars.desk.errors import NoSuchFile, NoSuchMessage, NoSuchSide
from regulars.desk.models import Conversation, Draft, SideConversation, SideFile, SideMessage
from regulars.desk.selectors.visible import visible_to
from regulars.kernel import clock
from regulars.kernel.actors import Actor

MOST = 50
MOST_MESSAGES = 200
AT_ONCE = 500
NEW_DRAFT = "side"  # the kind of the draft of one that is not begun yet


@dataclass(frozen=True, slots=True)
class SideTurn:
    """One message of a side conversation with its files."""

    message: SideMessage
    files: tuple[SideFile, ...] = ()


def of(conversation: Conversation) -> list[SideConversation]:
    """Those of a conversation that was fetched through permission, merged ones' too: open first, the latest first.

    One query, and none where the conversation's own row says that there are none.
    """
    if not conversation.side_count:
        return []
    rows = SideConversation.objects.filter(in_conversation(conversation), message_count__gt=0)
    return sorted(rows.order_by("-last_at", "-pk")[:MOST], key=lambda side: side.is_done)


def in_conversation(conversation: Conversation) -> Q:
    """The side conversations of this one and of those merged into it."""
    return Q(conversation=conversation) | Q(conversation__merged_into=conversation)


def side(side_id: int, *, by: Actor) -> SideConversation:
    """One of a conversation the actor may see; of a merge, the kept one decides."""
    found = SideConversation.objects.select_related("channel").filter(_seen("conversation", by=by), pk=side_id).first()
    if found is None:
        raise NoSuchSide
    return found


def turns(shown: SideConversation) -> list[SideTurn]:
    """What was said in it, oldest first; of very long ones the end."""
    rows = SideMessage.objects.filter(side=shown, removed_at=None).order_by("-pk")[:MOST_MESSAGES]
    said = list(reversed(rows))
    files: defaultdict[int, list[SideFile]] = defaultdict(list)
    for file in SideFile.objects.filter(message__in=[each.pk for each in said]).order_by("pk"):
        files[file.message_id].append(file)
    return [SideTurn(each, tuple(files[each.pk])) for each in said]


def message(message_id: int, *, by: Actor) -> SideMessage:
    """One message of a side conversation the actor may see."""
    rows = SideMessage.objects.filter(_seen("side__conversation", by=by), pk=message_id)
    found = rows.select_related("side").first()
    if found is None:
        raise NoSuchMessage
    return found


def files(said: SideMessage) -> list[SideFile]:
    """The files of a message that was fetched through permission."""
    return list(SideFile.objects.filter(message=said).order_by("pk"))


def file(file_id: int, *, by: Actor) -> SideFile:
    """One file of a side conversation the actor may see."""
    found = SideFile.objects.filter(_seen("message__side__conversation", by=by), pk=file_id).first()
    if found is None:
        raise NoSuchFile
    return found


def heard(shown: SideConversation) -> list[str]:
    """The Message-IDs of what left or came in it, oldest first."""
    rows = SideMessage.objects.filter(side=shown, removed_at=None).exclude(external_id="").order_by("pk")
    return list(rows.values_list("external_id", flat=True))


def draft(kind: str, *, by: Actor, conversation: Conversation | None = None) -> Draft | None:
    """What this agent is writing in a side conversation (`side:17`), or for a new one beside a conversation."""
    rows: QuerySet[Draft] = Draft.objects.filter(agent=by.id, kind=kind)
    if conversation is not None:
        rows = rows.filter(conversation=conversation)
    return rows.order_by("-changed_at").first()


def is_written(key: str | None) -> bool:
    """Whether a form with this key was sent already."""
    return bool(key) and SideMessage.objects.filter(key=key).exists()


def to_let_go() -> Sequence[int]:
    """Messages whose time to be taken back is over, the longest due first."""
    rows = SideMessage.objects.filter(state=SideMessage.QUEUED, due_at__lte=clock.now()).order_by("due_at", "pk")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def _seen(conversation: str, *, by: Actor) -> Q:
    if by.kind == "customer":
        return Q(pk__in=[])
    seen = visible_to(by)
    alone = Q(**{f"{conversation}__merged_into": None, f"{conversation}__in": seen})
    return alone | Q(**{f"{conversation}__merged_into__in": seen})
