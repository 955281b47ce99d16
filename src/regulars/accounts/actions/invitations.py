"""Inviting colleagues: by mail, and by a link that can be copied. Accepted once, or taken back."""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from regulars.accounts import audit_verbs, checks, permission, roles, selectors, tokens
from regulars.accounts.actions import agents, audit
from regulars.accounts.errors import AgentExists, InvitationOver, InvitedJustNow, UnusablePassword
from regulars.accounts.models import Agent, Invitation
from regulars.kernel import clock
from regulars.kernel.actors import Actor
from regulars.kernel.errors import NotFound

LASTS = timedelta(days=7)


@transaction.atomic
def invite(email: str, *, role: str, by: Actor) -> str:
    """Invite an address and return the link, shown this once; an open invitation is replaced by the new one."""
    permission.require("manage_people", by=by)
    email, role = checks.email(email), checks.role(role)
    if role == roles.OWNER:
        permission.require("grant_ownership", by=by)
    known = selectors.agent_by_email(email)
    if known is not None and not agents.is_awaited(known):
        raise AgentExists
    for old in selectors.open_invitations().filter(email__iexact=email).select_for_update():
        _end(old, by=by)
    token, digest = tokens.fresh()
    invitation = _keep(email, role=role, digest=digest, by=by)
    audit.note(audit_verbs.AGENT_INVITED, by=by, subject=_subject(invitation), details={"email": email, "role": role})
    return settings.PUBLIC_URL + reverse("welcome:invitation", args=[token])


@transaction.atomic
def revoke(invitation_id: int, *, by: Actor) -> None:
    """Take an open invitation back; its link stops working."""
    permission.require("manage_people", by=by)
    invitation = selectors.open_invitations().filter(pk=invitation_id).select_for_update().first()
    if invitation is None:
        raise NotFound
    if invitation.role == roles.OWNER:
        permission.require("grant_ownership", by=by)
    _end(invitation, by=by)
    audit.note(audit_verbs.INVITATION_REVOKED, by=by, subject=_subject(invitation))


@transaction.atomic
def accept(token: str, *, name: str, password: str) -> Agent:
    """Become a colleague; the link is used up by success only."""
    invitation = selectors.usable_invitation(token, is_locked=True)
    if invitation is None:
        raise InvitationOver
    if not password:
        raise UnusablePassword
    name = checks.name(name, may_be_empty=False)
    agent = _join(invitation, name=name, password=password)
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=clock.now(), accepted_by=agent)
    audit.note(
        audit_verbs.INVITATION_ACCEPTED,
        by=agent.actor,
        subject=_subject(invitation),
        details={"role": agent.role, "invited_by": invitation.created_by},
    )
    return agent


def _join(invitation: Invitation, *, name: str, password: str) -> Agent:
    known = selectors.agent_by_email(invitation.email)
    if known is not None:
        return agents.welcome(known.pk, role=invitation.role, name=name, password=password)
    return agents.create(invitation.email, role=invitation.role, name=name, password=password, by=None)


def _keep(email: str, *, role: str, digest: bytes, by: Actor) -> Invitation:
    at = clock.now()
    try:
        with transaction.atomic():
            return Invitation.objects.create(
                email=email,
                role=role,
                digest=digest,
                created_at=at,
                created_by=str(by),
                created_by_name=by.name,
                expires_at=at + LASTS,
            )
    except IntegrityError as error:
        raise InvitedJustNow from error


def _end(invitation: Invitation, *, by: Actor) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(revoked_at=clock.now(), revoked_by=str(by))


def _subject(invitation: Invitation) -> str:
    return f"invitation:{invitation.pk}"
