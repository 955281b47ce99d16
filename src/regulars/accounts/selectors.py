"""What others may know of agents, invitations, keys and the record of acts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Exists, F, OuterRef, QuerySet

from regulars.accounts import colleagues, roles, tokens
from regulars.accounts.models import Agent, AuditEntry, Invitation, Key, OneTimeLink, Team
from regulars.kernel import clock, looking

LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """What a key opens."""

    id: int
    source_id: int
    kind: str
    name: str
    last_used_at: datetime | None


def has_owner() -> bool:
    """Whether somebody owns this installation."""
    return Agent.objects.filter(role=roles.OWNER, deactivated_at=None).exists()


def agents() -> QuerySet[Agent]:
    """Every colleague, those with access first, then by name."""
    return Agent.objects.order_by(F("deactivated_at").asc(nulls_first=True), "name", "email")


def has_second_factor() -> Exists:
    """For annotating agents: whether each has a passkey, an app or recovery codes."""
    return Exists(Authenticator.objects.filter(user_id=OuterRef("pk")))


def agent(agent_id: int) -> Agent | None:
    """One colleague."""
    return Agent.objects.filter(pk=agent_id).first()


def agent_by_email(email: str) -> Agent | None:
    """The colleague with this address, whatever its case."""
    return Agent.objects.filter(email__iexact=email.strip()).first()


def open_invitations() -> QuerySet[Invitation]:
    """Invitations neither accepted nor taken back, newest first; expired ones too, so that they can be renewed."""
    return Invitation.objects.filter(accepted_at=None, revoked_at=None).order_by("-created_at", "-pk")


def usable_invitation(token: str, *, is_locked: bool = False) -> Invitation | None:
    """The invitation a link belongs to, while it can be accepted."""
    found = open_invitations().filter(digest=tokens.digest(token), expires_at__gt=clock.now())
    return (found.select_for_update() if is_locked else found).first()


def usable_link(token: str, *, purpose: str, is_locked: bool = False) -> OneTimeLink | None:
    """The one-time link with this token, while it can be used."""
    found = OneTimeLink.objects.filter(
        purpose=purpose, digest=tokens.digest(token), used_at=None, expires_at__gt=clock.now()
    ).select_related("agent")
    return (found.select_for_update(of=("self",)) if is_locked else found).first()


def is_first_owner_link(token: str) -> bool:
    """Whether this link would still make somebody the first owner."""
    return usable_link(token, purpose=OneTimeLink.FIRST_OWNER) is not None and not has_owner()


def agent_of_sign_in_link(token: str) -> Agent | None:
    """Whom this link would sign in, while it can be used."""
    link = usable_link(token, purpose=OneTimeLink.SIGN_IN)
    return link.agent if link and link.agent and link.agent.is_active else None


def keys() -> QuerySet[Key]:
    """Every key, those in use first, newest first."""
    return Key.objects.select_related("source", "agent").order_by(
        F("revoked_at").asc(nulls_first=True), "-created_at", "-pk"
    )


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of the API, and what it may do. `agent` is the colleague it stands for, if any."""

    id: int
    source_id: int
    name: str
    scopes: tuple[str, ...]
    agent: Agent | None = None


def api_key_for(text: str) -> ApiKey | None:
    """The key of the API with this text; None for a wrong or revoked one, and once its agent's access has ended."""
    if not 0 < len(text) <= LONGEST_KEY:
        return None
    rows = Key.objects.select_related("source", "agent")
    found = rows.filter(digest=tokens.digest(text), revoked_at=None, source__kind="api").first()
    if found is None or (found.agent and not found.agent.is_active):
        return None
    return ApiKey(found.pk, found.source.pk, found.source.name, tuple(found.scopes), found.agent)


def key_for(text: str) -> KeyInfo | None:
    """What a key that sends facts opens, or None for a wrong or revoked one, and for a key of the API.

    Found by the hash of the text in one indexed query, so the time it takes tells nothing of the key.
    """
    if not 0 < len(text) <= LONGEST_KEY:
        return None
    found = Key.objects.filter(digest=tokens.digest(text), revoked_at=None).exclude(source__kind="api")
    row = found.values_list("pk", "source_id", "source__kind", "source__name", "last_used_at").first()
    return KeyInfo(*row) if row else None


def audit_entries(*, verb: str = "", actor: str = "", subject: str = "") -> QuerySet[AuditEntry]:
    """The record of acts, newest first."""
    wanted = {"verb": verb, "actor": actor, "subject": subject}
    return AuditEntry.objects.filter(**{name: value for name, value in wanted.items() if value}).order_by("-pk")


def teams() -> QuerySet[Team]:
    """Every team that is not put away, by name."""
    return Team.objects.filter(archived_at=None).order_by("name", "pk")


def teams_hidden_from(agent_id: int) -> list[int]:
    """The closed teams this agent is not in: their conversations are not shown to them."""
    return list(Team.objects.filter(is_open=False).exclude(agents=agent_id).order_by("pk").values_list("pk", flat=True))


def is_team(team_id: int) -> bool:
    """Whether there is such a team, and it takes conversations."""
    return Team.objects.filter(pk=team_id, archived_at=None).exists()


def can_answer(agent_id: int) -> bool:
    """Whether this colleague is here and may answer conversations."""
    if looking.is_open():
        known = colleagues.colleagues().by_id.get(agent_id)
        return known is not None and known.may("answer")
    return answering_agents().filter(pk=agent_id).exists()


def answering_agents() -> QuerySet[Agent]:
    """The colleagues who may answer conversations, by name."""
    return Agent.objects.filter(deactivated_at=None, role__in=roles.with_capability("answer")).order_by("name", "email")


def hidden_teams(agent_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """The closed teams each of these agents is not in; whoever may not answer conversations is left out."""
    there = answering_agents().filter(pk__in=agent_ids).order_by("pk").values_list("pk", flat=True)
    closed = Team.objects.filter(is_open=False).order_by("pk").values_list("pk", "agents")
    members: dict[int, set[int | None]] = {}
    for team_id, agent_id in closed:
        members.setdefault(team_id, set()).add(agent_id)
    return {pk: tuple(team_id for team_id, inside in members.items() if pk not in inside) for pk in there}


def seen_since(at: datetime, *, team_id: int | None = None) -> list[int]:
    """Those who may answer and have been at their screens since then, of one team or of all, in key order."""
    there = answering_agents().filter(Exists(UserSession.objects.filter(user=OuterRef("pk"), last_seen_at__gte=at)))
    rows = there.filter(teams=team_id) if team_id is not None else there
    return list(rows.order_by("pk").values_list("pk", flat=True))
