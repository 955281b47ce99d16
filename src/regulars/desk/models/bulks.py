"""Bulk actions: one thing done in many conversations at once."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from regulars.kernel import clock


class Bulk(models.Model):
    """One deed in many conversations, done in batches and, if asked, taken back in batches.

    `ids` are the conversations as they were chosen, so that what arrives or leaves the view meanwhile
    changes nothing. `done` and `undo_done` say how far it has come: each grows in the transaction of its
    batch, so that a run after a crash goes on where the last one stopped. Its steps carry `batch`.
    """

    agent = models.ForeignKey("accounts.Agent", on_delete=models.PROTECT, related_name="+", db_index=False)
    deed = models.TextField()
    value = models.JSONField(null=True)
    told = models.TextField(blank=True)  # what it was about, in words: a label, a colleague, a moment
    ids = ArrayField(models.BigIntegerField())
    total = models.IntegerField()
    at = models.DateTimeField()
    done = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    refusals = models.JSONField(default=dict)  # how many were left as they are for each reason
    finished_at = models.DateTimeField(null=True)
    undo_asked_at = models.DateTimeField(null=True)
    undo_done = models.IntegerField(default=0)
    undone = models.IntegerField(default=0)
    not_undone = models.IntegerField(default=0)
    undone_at = models.DateTimeField(null=True)

    agent_id: int

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(done__lte=F("total"), undo_done__lte=F("total")), name="bulk_ends")
        ]
        indexes = [models.Index(fields=["agent", "-id"], name="bulk_of_agent")]

    def __str__(self) -> str:
        return f"{self.deed} in {self.total}"

    @property
    def batch(self) -> str:
        return f"bulk:{self.pk}"

    @property
    def is_running(self) -> bool:
        """Whether it is still being done or taken back."""
        return self.finished_at is None or self.is_being_undone

    @property
    def is_being_undone(self) -> bool:
        return self.undo_asked_at is not None and self.undone_at is None

    @property
    def can_be_undone(self) -> bool:
        is_over = self.deed == "answer" and clock.now() > self.at + timedelta(minutes=1)  # they have left
        return self.finished_at is not None and self.undo_asked_at is None and self.changed > 0 and not is_over
