"""Rules: what the desk does by itself, and every time it did."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from regulars.desk.models.conversations import Conversation


class Rule(models.Model):
    """When one of these things happens in a conversation that meets the conditions, do these deeds.

    `conditions` is a tree as views have it; `deeds` are `{"deed": "label", "value": "Shipping"}`, in order.
    Rules are asked in their order; one that fires may be the last.
    """

    name = models.TextField()
    triggers = ArrayField(models.TextField())
    conditions = models.JSONField(default=dict)
    deeds = models.JSONField(default=list)
    is_last = models.BooleanField(default=False)
    position = models.IntegerField(default=0)
    paused_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.TextField()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Firing(models.Model):
    """One time a rule fired in one conversation, what it did, and what it could not do."""

    rule = models.ForeignKey(Rule, null=True, on_delete=models.SET_NULL, related_name="firings", db_index=False)
    rule_name = models.TextField()
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    because = models.TextField()  # the event, so that a second run of its handler fires nothing twice
    trigger = models.TextField()
    at = models.DateTimeField()
    did = models.JSONField(default=list)
    trouble = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "because"], name="fired_once")]
        indexes = [models.Index(fields=["rule", "-id"], name="firings_of_rule")]
