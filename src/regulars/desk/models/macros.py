"""Macros: texts agents write with, over and over."""

from django.db import models
from django.db.models import Q


class Macro(models.Model):
    """A saved text with variables; one agent's own, or everybody's."""

    name = models.TextField()
    text = models.TextField()
    agent = models.ForeignKey("accounts.Agent", null=True, on_delete=models.CASCADE, related_name="+")
    changed_at = models.DateTimeField()
    changed_by = models.TextField()

    agent_id: int | None

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="macro_has_a_name")]
        indexes = [models.Index(fields=["agent", "name"], name="macro_by_name")]

    def __str__(self) -> str:
        return self.name
