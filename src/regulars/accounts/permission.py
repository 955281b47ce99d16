"""Whether an actor may do something; actions ask here, so that no caller can forget to."""

from regulars.accounts import colleagues, roles
from regulars.accounts.models import Agent
from regulars.kernel import looking
from regulars.kernel.actors import Actor
from regulars.kernel.errors import NotAllowed


def require(capability: str, *, by: Actor) -> None:
    """Refuse unless the actor is the system itself or an active agent whose role has the capability."""
    if not has(capability, by=by):
        raise NotAllowed


def has(capability: str, *, by: Actor) -> bool:
    """The present role counts, not the one the agent had when the page was opened."""
    if by.kind == "system":
        return True
    if by.kind != "agent":
        return False
    if looking.is_open():
        colleague = colleagues.colleagues().by_id.get(by.id or 0)
        return colleague is not None and colleague.may(capability)
    role = Agent.objects.filter(pk=by.id, deactivated_at=None).values_list("role", flat=True).first()
    return role is not None and roles.is_allowed(role, capability)
