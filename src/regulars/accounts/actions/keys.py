"""Keys of programs: public ones for browsers, secret ones for servers; and the tokens that prove a visitor."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from regulars.accounts import audit_verbs, checks, permission, tokens
from regulars.accounts.actions import audit
from regulars.accounts.errors import AlreadyRevoked, NameTaken, NotAKindOfKey
from regulars.accounts.models import Agent, Key
from regulars.kernel import clock
from regulars.kernel.actors import Actor
from regulars.kernel.errors import NotFound
from regulars.kernel.models import Source

KINDS = (Source.BROWSER, Source.SERVER, Source.API)
READ, WRITE, EXPORT, ERASE = "read", "write", "export", "erase"
SCOPES = (READ, WRITE, EXPORT, ERASE)
USE_IS_NOTED_EVERY = timedelta(minutes=1)
_SHOWN_LETTERS = 12


@transaction.atomic
def create(
    kind: str, *, name: str, by: Actor, scopes: Sequence[str] = (READ, WRITE), agent_id: int | None = None
) -> str:
    """Make a key with its own source and return its text; a secret one's is never shown again.

    `scopes` are what a key of the API may do. With an agent it sees and does no more than they may, and what
    it does is on record as theirs.
    """
    permission.require("manage_keys", by=by)
    if kind not in KINDS:
        raise NotAKindOfKey
    if agent_id is not None and not Agent.objects.filter(pk=agent_id, deactivated_at=None).exists():
        raise NotFound
    text = f"{kind}_{secrets.token_urlsafe(24)}"
    key = Key.objects.create(
        source=_source(kind, name=checks.name(name, may_be_empty=False)),
        prefix=text[:_SHOWN_LETTERS],
        digest=tokens.digest(text),
        public_text=text if kind == Source.BROWSER else "",
        scopes=sorted(set(SCOPES) & set(scopes)) if kind == Source.API else [],
        agent_id=agent_id if kind == Source.API else None,
        created_at=clock.now(),
        created_by=str(by),
    )
    audit.note(audit_verbs.KEY_CREATED, by=by, subject=_subject(key.pk), details={"kind": kind, "name": name.strip()})
    return text


@transaction.atomic
def revoke(key_id: int, *, by: Actor) -> None:
    """End a key at once; what came in through it stays."""
    permission.require("manage_keys", by=by)
    key = Key.objects.select_for_update().filter(pk=key_id).first()
    if key is None:
        raise NotFound
    if key.revoked_at is not None:
        raise AlreadyRevoked
    Key.objects.filter(pk=key_id).update(revoked_at=clock.now(), revoked_by=str(by))
    audit.note(audit_verbs.KEY_REVOKED, by=by, subject=_subject(key_id))


def note_use(key_id: int) -> None:
    """Remember that a key was used just now; at most one write a minute."""
    at = clock.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=at - USE_IS_NOTED_EVERY)
    Key.objects.filter(stale, pk=key_id).update(last_used_at=at)


@transaction.atomic
def show_signing_secret(key_id: int, *, by: Actor) -> str:
    """The secret with which the company's own server signs its visitors' ids; looking is recorded."""
    permission.require("manage_keys", by=by)
    key = Key.objects.select_related("source").filter(pk=key_id, source__kind=Source.BROWSER, revoked_at=None).first()
    if key is None:
        raise NotFound
    audit.note(audit_verbs.SECRET_SHOWN, by=by, subject=_subject(key_id))
    return signing_secret(key.source.pk)


def signing_secret(source_id: int) -> str:
    """One per source, derived, never kept: it changes when the installation's own key does."""
    root = hashlib.sha256(b"visitor-token:" + settings.SECRET_KEY.encode()).digest()
    return hmac.digest(root, str(source_id).encode(), "sha256").hex()


def visitor_token(source_id: int, user_id: str) -> str:
    """HMAC-SHA256 of the user id under the source's signing secret (its hex text), in hex."""
    secret = signing_secret(source_id).encode()
    return hmac.digest(secret, user_id.encode("utf-8", "surrogatepass"), "sha256").hex()


def is_visitor_token(token: str, *, source_id: int, user_id: str) -> bool:
    """Whether a token proves that the company vouches for this visitor; compared in constant time."""
    return hmac.compare_digest(
        visitor_token(source_id, user_id).encode(), token.strip().lower().encode("utf-8", "surrogatepass")
    )


def _source(kind: str, *, name: str) -> Source:
    try:
        with transaction.atomic():
            return Source.objects.create(name=name, kind=kind, created_at=clock.now())
    except IntegrityError as error:
        raise NameTaken from error


def _subject(key_id: int) -> str:
    return f"key:{key_id}"
