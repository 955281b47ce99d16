"""The complete record of who did what in a conversation."""

from django.db import models
from django.db.models import Q

from regulars.desk.models.conversations import Conversation


class Step(models.Model):
    """One thing done in a conversation other than saying something: never changed, shown in the thread.

    `details` holds what is needed to say it and to take it back (`before`, `after`). `batch` names
    the steps of one bulk action, which are undone together.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="steps", db_index=False)
    at = models.DateTimeField()
    actor = models.TextField()
    actor_name = models.TextField(blank=True)
    verb = models.TextField()
    details = models.JSONField(default=dict)
    batch = models.TextField(blank=True)

    conversation_id: int

    class Meta:
        indexes = [
            models.Index(fields=["conversation", "id"], name="step_in_conversation"),
            models.Index(fields=["batch"], condition=~Q(batch=""), name="step_of_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.verb} #{self.conversation_id}"


class Merge(models.Model):
    """Two conversations found to be one matter; undone, it stays on record."""

    kept = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="+")
    merged = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    actor = models.TextField()
    before = models.JSONField(default=dict)  # status and owner of the merged one, to go back to
    undone_at = models.DateTimeField(null=True)
    undone_by = models.TextField(blank=True)

    kept_id: int
    merged_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at__isnull=True), name="conversation_merged_once"
            )
        ]
