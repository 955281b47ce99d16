"""The first owner of a new installation comes in through a one-time link that only its operator sees."""

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from regulars.accounts import audit_verbs, checks, roles, selectors, tokens
from regulars.accounts.actions import agents, audit
from regulars.accounts.errors import LinkOver, OwnerExists, UnusablePassword
from regulars.accounts.models import Agent, OneTimeLink
from regulars.kernel import clock

LASTS = timedelta(hours=24)
_ONE_AT_A_TIME = 7_310_001  # an arbitrary name for PostgreSQL's advisory lock: there is no row yet to lock


@transaction.atomic
def link() -> str | None:
    """A fresh link while there is no owner, else None. The link before it stops working."""
    _wait_for_others()
    if selectors.has_owner():
        return None
    OneTimeLink.objects.filter(purpose=OneTimeLink.FIRST_OWNER).delete()
    token, digest = tokens.fresh()
    at = clock.now()
    OneTimeLink.objects.create(purpose=OneTimeLink.FIRST_OWNER, digest=digest, created_at=at, expires_at=at + LASTS)
    return settings.PUBLIC_URL + reverse("welcome:first_owner", args=[token])


@transaction.atomic
def claim(token: str, *, name: str, email: str, password: str) -> Agent:
    """Become the first owner; the link is used up by success only."""
    _wait_for_others()
    kept = selectors.usable_link(token, purpose=OneTimeLink.FIRST_OWNER)
    if kept is None:
        raise LinkOver
    if selectors.has_owner():
        raise OwnerExists
    if not password:
        raise UnusablePassword
    owner = agents.create(
        email, role=roles.OWNER, name=checks.name(name, may_be_empty=False), password=password, by=None
    )
    OneTimeLink.objects.filter(pk=kept.pk).update(used_at=clock.now())
    audit.note(audit_verbs.OWNER_CREATED, by=owner.actor, subject=agents.subject(owner.pk))
    return owner


def _wait_for_others() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
