"""Which conversation something from below is about."""

from collections.abc import Iterable

from regulars.desk.models import Message
from regulars.desk.selectors.visible import visible_to
from regulars.kernel.actors import Actor

MESSAGE = "message:"


def conversations(about: Iterable[str], *, by: Actor) -> dict[str, int]:
    """The conversation of each message that is named (`message:17`), as far as the actor may see it."""
    numbers = {int(one.removeprefix(MESSAGE)): one for one in about if one.removeprefix(MESSAGE).isdecimal()}
    rows = Message.objects.filter(pk__in=numbers, conversation__in=visible_to(by))
    return {numbers[pk]: conversation_id for pk, conversation_id in rows.values_list("pk", "conversation_id")}
