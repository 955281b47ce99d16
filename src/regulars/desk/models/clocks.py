"""Clocks: the targets that run or ran on conversations."""

from django.db import models
from django.db.models import F, Q

from regulars.desk.models.conversations import Conversation
from regulars.desk.models.targets import Policy

RUNNING = Q(met_at__isnull=True, stopped_at__isnull=True)
# What can still breach, and what ended too late before anybody said so.
UNTOLD = Q(breached_at__isnull=True) & (RUNNING | Q(met_at__gt=F("due_at")) | Q(stopped_at__gt=F("due_at")))
UNWARNED = RUNNING & Q(warned_at__isnull=True)


class Clock(models.Model):
    """One promise on one conversation: the answer to one turn, or the resolution of one episode.

    Every column but the last two follows from the facts and the policies, and is written with each
    step. `due_at` is null while the clock is paused with time left. `stopped_at` says that the episode
    ended without it. `warned_at` and `breached_at` are when the desk said so, once each.
    """

    FIRST, NEXT, RESOLUTION = "first", "next", "resolution"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="clocks", db_index=False)
    episode = models.IntegerField()
    kind = models.TextField()
    turn = models.IntegerField()
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+", db_index=False)
    target = models.TextField()
    seconds = models.IntegerField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)

    conversation_id: int
    policy_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "episode", "kind", "turn"], name="clock_once"),
            models.CheckConstraint(condition=Q(kind__in=("first", "next", "resolution")), name="clock_kind_is_known"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=UNTOLD, name="clock_to_breach"),
            models.Index(fields=["warn_at"], condition=UNWARNED, name="clock_to_warn"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of #{self.conversation_id}, due {self.due_at}"

    @property
    def is_running(self) -> bool:
        return self.met_at is None and self.stopped_at is None
