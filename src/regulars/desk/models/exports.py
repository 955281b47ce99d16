"""Exports that were asked for on the page."""

from django.db import models
from django.db.models import Q


class Export(models.Model):
    """Everything there is, asked for once, to be downloaded while it is kept; its file is named by its key.

    asked → running → ready, or failed; gone once it expired or was thrown away.
    """

    ASKED, RUNNING, READY, FAILED, GONE = "asked", "running", "ready", "failed", "gone"

    agent = models.ForeignKey("accounts.Agent", null=True, on_delete=models.SET_NULL, related_name="+")
    asked_by = models.TextField()
    asked_by_name = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    form = models.TextField()
    since = models.DateTimeField(null=True)
    with_files = models.BooleanField(default=True)
    state = models.TextField(default=ASKED)
    progress = models.FloatField(default=0.0)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    size = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    trouble = models.TextField(blank=True)

    agent_id: int | None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("asked", "running", "ready", "failed", "gone")), name="export_state_is_known"
            ),
            models.UniqueConstraint(
                models.Value(1), condition=Q(state__in=("asked", "running")), name="export_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"export {self.pk} ({self.state})"

    @property
    def is_moving(self) -> bool:
        return self.state in (self.ASKED, self.RUNNING)
