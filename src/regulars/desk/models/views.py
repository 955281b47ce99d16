"""Views: saved ways of looking at the inbox."""

from django.db import models


class View(models.Model):
    """Named, nested conditions and an order; one agent's own, or shared with everybody.

    `conditions` is a tree: `{"all": [...]}`, `{"any": [...]}`, `{"not": {...}}` or
    `{"field": …, "is": …, "value": …}`; `desk.selectors.conditions` reads it.
    """

    name = models.TextField()
    agent = models.ForeignKey("accounts.Agent", null=True, on_delete=models.CASCADE, related_name="+")
    conditions = models.JSONField(default=dict)
    sort = models.TextField(default="newest")
    position = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.TextField()

    agent_id: int | None

    class Meta:
        indexes = [models.Index(fields=["agent", "position", "id"], name="view_in_order")]

    def __str__(self) -> str:
        return self.name
