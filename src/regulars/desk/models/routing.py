"""Who takes what: agents' seats, how each team's conversations find somebody, and how each one did."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from regulars.desk.models.conversations import Conversation


class Seat(models.Model):
    """How an agent works at the desk: how many open conversations they take, what they know, whether they are away."""

    agent = models.OneToOneField("accounts.Agent", primary_key=True, on_delete=models.CASCADE, related_name="+")
    capacity = models.SmallIntegerField(default=20)
    skills = ArrayField(models.TextField(), default=list)
    away_at = models.DateTimeField(null=True)

    agent_id: int

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(capacity__range=(0, 1000)), name="seat_capacity_is_sane")]


class Route(models.Model):
    """How the conversations of one team, or of none, find an agent by themselves."""

    BY_HAND, IN_TURN, LEAST_BUSY = "by hand", "in turn", "least busy"
    METHODS = (BY_HAND, IN_TURN, LEAST_BUSY)

    team = models.OneToOneField("accounts.Team", null=True, on_delete=models.CASCADE, related_name="+")
    method = models.TextField(choices=[(method, method) for method in METHODS], default=BY_HAND)
    is_by_skill = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    changed_by = models.TextField()

    team_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team"], nulls_distinct=False, name="one_route_each"),
            models.CheckConstraint(
                condition=Q(method__in=("by hand", "in turn", "least busy")), name="route_method_is_known"
            ),
        ]


class Routed(models.Model):
    """One conversation that found its agent by itself: among how many, and with which chance.

    The chance is what makes these an experiment later: who answered was decided by a die where several
    were equal.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    agent = models.ForeignKey("accounts.Agent", on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    method = models.TextField()
    among = models.SmallIntegerField()
    probability = models.FloatField()

    class Meta:
        verbose_name_plural = "routed"
        indexes = [models.Index(fields=["agent", "-at"], name="routed_lately")]
