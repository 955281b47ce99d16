"""Agents, what they may do, the keys programs use, and the record of who did what."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from regulars.accounts import roles
from regulars.kernel import clock
from regulars.kernel.actors import Actor
from regulars.kernel.models import Source
from regulars.kernel.prepared import Compiled, Given

_known: ContextVar["Agent | None"] = ContextVar("known", default=None)


@contextmanager
def knowing(agent: "Agent | None") -> Iterator[None]:
    """For as long as this lasts, this agent is at hand and need not be asked for."""
    token = _known.set(agent)
    try:
        yield
    finally:
        _known.reset(token)


class AgentManager(BaseUserManager["Agent"]):
    """Finds agents by their address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "Agent":
        return self.get(email__iexact=username)

    def get(self, *args: Any, **wanted: Any) -> "Agent":
        """One agent; that by a key alone, which every request asks for, is a kept query."""
        if args or wanted.keys() != {"pk"}:
            return super().get(*args, **wanted)
        pk, known = Agent._meta.pk.get_prep_value(wanted["pk"]), _known.get()
        found = known if known is not None and known.pk == pk else _OF_KEY.first(pk=pk)
        if found is None:
            raise Agent.DoesNotExist
        return found

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Agent":
        agent = self.model(email=email.strip(), created_at=clock.now(), **fields)
        agent.set_password(password)
        agent.save(using=self._db)
        return agent


class Agent(AbstractBaseUser):
    """A colleague: owner, manager, agent or analyst."""

    email = models.EmailField()
    name = models.TextField(blank=True)
    role = models.TextField(choices=[(role, role) for role in roles.ROLES], default=roles.AGENT)
    created_at = models.DateTimeField()
    deactivated_at = models.DateTimeField(null=True, blank=True)
    density = models.TextField(default="comfortable")
    theme = models.TextField(default="system")
    language = models.TextField(blank=True, default="")
    keys = models.JSONField(default=dict, db_default={})  # choices about the keyboard, see actions/keyboards.py

    objects = AgentManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="agent_email_once"),
            models.CheckConstraint(
                condition=Q(role__in=("owner", "manager", "agent", "analyst")), name="agent_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # a property, where the base has a constant
        """Whether the agent may sign in."""
        return self.deactivated_at is None

    @property
    def capabilities(self) -> frozenset[str]:
        """What the agent's role allows; pages ask `"see_customers" in user.capabilities`."""
        return roles.capabilities(self.role)

    @property
    def actor(self) -> Actor:
        """The agent as the one who did something."""
        return Actor("agent", self.pk, str(self))


_OF_KEY: Final = Compiled(lambda: Agent.objects.filter(pk=Given("pk")))


class Invitation(models.Model):
    """A colleague-to-be: an address, a role, and the hash of the link that was sent to it."""

    email = models.EmailField()
    role = models.TextField(choices=[(role, role) for role in roles.ROLES])
    digest = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()
    created_by = models.TextField()
    created_by_name = models.TextField(blank=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_open_once",
            ),
            models.CheckConstraint(
                condition=Q(role__in=("owner", "manager", "agent", "analyst")), name="invitation_role_is_known"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True), name="invitation_ends_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} as {self.role}"


class OneTimeLink(models.Model):
    """A link that lets one person in once: the first owner, or an agent; only its hash is kept."""

    FIRST_OWNER, SIGN_IN = "first_owner", "sign_in"

    purpose = models.TextField(choices=[(FIRST_OWNER, FIRST_OWNER), (SIGN_IN, SIGN_IN)])
    digest = models.BinaryField(max_length=32, unique=True)
    agent = models.ForeignKey(Agent, null=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose="first_owner", agent__isnull=True) | Q(purpose="sign_in", agent__isnull=False),
                name="one_time_link_has_its_agent",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} until {self.expires_at:%Y-%m-%d %H:%M}"


class Key(models.Model):
    """What a program proves itself with: a public browser key, a secret server key, a secret key of the API.

    A browser key is public and kept as it is; of the others only the hash is kept, and the first
    letters, to tell it by. `scopes` are what a key of the API may do: read, write, export, erase; one with
    an agent sees and does no more than this agent.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    prefix = models.TextField()
    digest = models.BinaryField(max_length=32, unique=True)
    public_text = models.TextField(blank=True)
    scopes = models.JSONField(default=list, db_default=[])
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    created_by = models.TextField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.source.name} ({self.prefix}…)"


class AuditEntry(models.Model):
    """One thing somebody did that others may ask about later; never changed, never removed."""

    at = models.DateTimeField()
    actor = models.TextField()
    actor_name = models.TextField(blank=True)
    verb = models.TextField()
    subject = models.TextField(blank=True)
    details = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["verb", "-id"], name="audit_by_verb")]

    def __str__(self) -> str:
        return f"{self.actor} {self.verb} {self.subject}"


class Team(models.Model):
    """A group of agents that shares conversations; an open team's are seen by every agent."""

    name = models.TextField()
    is_open = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)
    agents = models.ManyToManyField(Agent, related_name="teams", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="team_name_once")]

    def __str__(self) -> str:
        return self.name
