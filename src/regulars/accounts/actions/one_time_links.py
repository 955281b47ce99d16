"""A link that signs one agent in, once, for ten minutes: for the demo, and for whoever runs the machine."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from regulars.accounts import audit_verbs, selectors, tokens
from regulars.accounts.actions import agents, audit
from regulars.accounts.errors import LinkOver
from regulars.accounts.models import Agent, OneTimeLink
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.errors import NotFound

LASTS = timedelta(minutes=10)


@transaction.atomic
def sign_in_link(email: str, *, by: Actor = SYSTEM) -> str:
    """A fresh link for an active agent. Opening it shows a button; pressing that signs in."""
    agent = selectors.agent_by_email(email)
    if agent is None or not agent.is_active:
        raise NotFound(f"There is no active colleague with the address {email}.")
    token, digest = tokens.fresh()
    at = clock.now()
    OneTimeLink.objects.create(
        purpose=OneTimeLink.SIGN_IN, digest=digest, agent=agent, created_at=at, expires_at=at + LASTS
    )
    audit.note(audit_verbs.SIGN_IN_LINK_MADE, by=by, subject=agents.subject(agent.pk))
    return settings.PUBLIC_URL + reverse("welcome:sign_in_link", args=[token])


@transaction.atomic
def redeem(token: str) -> Agent:
    """Use the link up and say whom it lets in."""
    kept = selectors.usable_link(token, purpose=OneTimeLink.SIGN_IN, is_locked=True)
    if kept is None or kept.agent is None or not kept.agent.is_active:
        raise LinkOver
    OneTimeLink.objects.filter(pk=kept.pk).update(used_at=clock.now())
    return kept.agent
