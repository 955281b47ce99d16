"""What an agent has under their hand: what they are writing, and what they did last that can be taken back."""

from regulars.desk import verbs
from regulars.desk.models import Draft, Step
from regulars.kernel.actors import Actor


def draft(conversation_id: int, *, kind: str, by: Actor) -> Draft | None:
    """What the agent is writing there."""
    return Draft.objects.filter(conversation=conversation_id, agent=by.id, kind=kind).first()


def last_use(conversation_id: int, *, macro_id: int, by: Actor) -> str:
    """The batch of the agent's last use of a macro there; empty when there was none."""
    used = Step.objects.filter(conversation=conversation_id, verb=verbs.USED_MACRO, actor=str(by))
    found = used.filter(details__macro=macro_id).exclude(batch="").order_by("-pk").first()
    return found.batch if found else ""
