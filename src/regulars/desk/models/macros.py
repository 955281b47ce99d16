"""Macros: what agents write and do, over and over."""

from django.db import models
from django.db.models import Q


class Macro(models.Model):
    """A saved text with variables, things to do, or both; one agent's own, a team's, or everybody's.

    `deeds` are `{"deed": "label", "value": "Shipping"}`, as rules have them, in order. The text is a reply,
    or a note. A retired macro is offered no more. `used_count` and `used_at` grow with every use.
    """

    name = models.TextField()
    text = models.TextField(blank=True)
    is_note = models.BooleanField(default=False)
    deeds = models.JSONField(default=list)
    agent = models.ForeignKey("accounts.Agent", null=True, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey("accounts.Team", null=True, on_delete=models.PROTECT, related_name="+")
    used_count = models.IntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.TextField()

    agent_id: int | None
    team_id: int | None

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="macro_has_a_name"),
            models.CheckConstraint(condition=~Q(text="", deeds=[]), name="macro_does_something"),
        ]
        indexes = [models.Index(fields=["agent", "name"], name="macro_by_name")]

    def __str__(self) -> str:
        return self.name
