"""Colleagues: adding them, their role, ending their access. At least one owner always remains."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction

from regulars.accounts import audit_verbs, checks, permission, roles
from regulars.accounts.actions import audit
from regulars.accounts.errors import AgentExists, LastOwner
from regulars.accounts.models import Agent
from regulars.kernel import clock
from regulars.kernel.actors import Actor
from regulars.kernel.errors import NotFound


@transaction.atomic
def add(email: str, *, role: str, by: Actor, name: str = "", password: str | None = None) -> Agent:
    """Add a colleague whose address is taken as verified; without a password they sign in by code or passkey."""
    permission.require("manage_people", by=by)
    agent = create(email, role=role, name=name, password=password, by=by)
    audit.note(audit_verbs.AGENT_ADDED, by=by, subject=subject(agent.pk), details={"role": agent.role})
    return agent


@transaction.atomic
def await_(email: str, *, name: str, by: Actor) -> Agent:
    """Add somebody who answered elsewhere and has no access here: their work is theirs, and nothing is sent to them.

    They cannot sign in until they accept an invitation, or are let in.
    """
    permission.require("manage_people", by=by)
    agent = create(email, role=roles.AGENT, name=name, password=None, by=by)
    agent.deactivated_at = clock.now()
    agent.save(update_fields=["deactivated_at"])
    audit.note(audit_verbs.AGENT_AWAITED, by=by, subject=subject(agent.pk), details={"role": agent.role})
    return agent


def is_awaited(agent: Agent) -> bool:
    """Whether they have no access because they were never let in, not because it ended."""
    return agent.deactivated_at is not None and agent.last_login is None and not agent.has_usable_password()


def welcome(agent_id: int, *, role: str, name: str, password: str) -> Agent:
    """Let somebody in who was awaited, as their invitation says; whoever calls has seen the proof, and notes it."""
    agent = _locked(agent_id)
    if not is_awaited(agent):
        raise AgentExists
    agent.role, agent.name = checks.role(role), checks.name(name)
    agent.set_password(checks.password(password, email=agent.email, name=name))
    agent.deactivated_at = None
    agent.save(update_fields=["role", "name", "password", "deactivated_at"])
    return agent


def create(email: str, *, role: str, name: str, password: str | None, by: Actor | None) -> Agent:
    """Write the agent and the verified address; whoever calls has decided that this may be, and notes it.

    `by` is asked for ownership when the role is owner; None where a link was the proof.
    """
    email, name, role = checks.email(email), checks.name(name), checks.role(role)
    if role == roles.OWNER and by is not None:
        permission.require("grant_ownership", by=by)
    if password is not None:
        checks.password(password, email=email, name=name)
    try:
        with transaction.atomic():
            agent = Agent.objects.create_user(email, password, name=name, role=role)
            EmailAddress.objects.create(user=agent, email=email, verified=True, primary=True)
    except IntegrityError as error:
        raise AgentExists from error
    return agent


@transaction.atomic
def change_role(agent_id: int, role: str, *, by: Actor) -> Agent:
    """Give an agent another role; the same role again changes and notes nothing."""
    permission.require("manage_people", by=by)
    agent, role = _locked(agent_id), checks.role(role)
    if agent.role == role:
        return agent
    _guard_ownership(agent, by=by, is_ending=True, is_granting=role == roles.OWNER)
    before, agent.role = agent.role, role
    agent.save(update_fields=["role"])
    audit.note(audit_verbs.ROLE_CHANGED, by=by, subject=subject(agent_id), details={"from": before, "to": role})
    return agent


@transaction.atomic
def deactivate(agent_id: int, *, by: Actor) -> Agent:
    """End an agent's access; their sessions end at once. Their work and their name stay."""
    permission.require("manage_people", by=by)
    agent = _locked(agent_id)
    if agent.deactivated_at is not None:
        return agent
    _guard_ownership(agent, by=by, is_ending=True)
    agent.deactivated_at = clock.now()
    agent.save(update_fields=["deactivated_at"])
    end_sessions(agent_id)
    audit.note(audit_verbs.AGENT_DEACTIVATED, by=by, subject=subject(agent_id))
    return agent


@transaction.atomic
def reactivate(agent_id: int, *, by: Actor) -> Agent:
    """Let an agent in again, with the role they had; they have to sign in anew."""
    permission.require("manage_people", by=by)
    agent = _locked(agent_id)
    if agent.deactivated_at is None:
        return agent
    _guard_ownership(agent, by=by, is_granting=agent.role == roles.OWNER)
    agent.deactivated_at = None
    agent.save(update_fields=["deactivated_at"])
    audit.note(audit_verbs.AGENT_REACTIVATED, by=by, subject=subject(agent_id))
    return agent


@transaction.atomic
def reset_second_factor(agent_id: int, *, by: Actor) -> Agent:
    """Take away the passkeys, app and recovery codes of an agent who lost them; their sessions end.

    They get in again with their password or a code by mail, so whoever asks must be known to be them.
    """
    permission.require("manage_people", by=by)
    agent = _locked(agent_id)
    _guard_ownership(agent, by=by, is_granting=agent.role == roles.OWNER)
    removed, _ = Authenticator.objects.filter(user_id=agent_id).delete()
    if removed:
        end_sessions(agent_id)
        audit.note(audit_verbs.SECOND_FACTOR_RESET, by=by, subject=subject(agent_id))
    return agent


@transaction.atomic
def rename(agent_id: int, name: str) -> Agent:
    """Change the name colleagues read; an agent does this for themselves."""
    agent = _locked(agent_id)
    agent.name = checks.name(name)
    agent.save(update_fields=["name"])
    return agent


def end_sessions(agent_id: int) -> None:
    """Forget every session of an agent, so that none comes alive again if they are let in again."""
    keys = list(UserSession.objects.filter(user_id=agent_id).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()


def subject(agent_id: int) -> str:
    """How the record of acts names an agent."""
    return f"agent:{agent_id}"


def _locked(agent_id: int) -> Agent:
    """The agent, with every active owner locked as well, so that two owners cannot end each other at once."""
    rows = Agent.objects.filter(role=roles.OWNER, deactivated_at=None) | Agent.objects.filter(pk=agent_id)
    locked = {agent.pk: agent for agent in rows.order_by("pk").select_for_update()}
    if agent_id not in locked:
        raise NotFound
    return locked[agent_id]


def _guard_ownership(agent: Agent, *, by: Actor, is_ending: bool = False, is_granting: bool = False) -> None:
    is_owner = agent.role == roles.OWNER and agent.deactivated_at is None
    if is_granting or (is_ending and agent.role == roles.OWNER):
        permission.require("grant_ownership", by=by)
    if is_ending and is_owner and not _has_other_owners(agent):
        raise LastOwner


def _has_other_owners(agent: Agent) -> bool:
    return Agent.objects.filter(role=roles.OWNER, deactivated_at=None).exclude(pk=agent.pk).exists()
