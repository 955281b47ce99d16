"""What the public interface itself keeps."""

from django.db import models
from django.db.models import Q


class Call(models.Model):
    """One call that made something, by the key its caller chose: repeated, it makes nothing and answers the same.

    What was made is kept as its number, not as what was answered, so that an erasure leaves nothing here.
    """

    key_id = models.BigIntegerField()
    name = models.TextField()
    digest = models.BinaryField(max_length=32)  # of the method, the path and the body
    made_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key_id", "name"], name="call_once")]
        indexes = [models.Index(fields=["at"], name="call_by_age")]

    def __str__(self) -> str:
        return f"{self.name} by key {self.key_id}"


class Webhook(models.Model):
    """An address of somebody else's that is told what happens. `events` are names of facts; none means all.

    `secret` signs what is sent and is kept sealed; for a day after it was changed `old_secret` signs too.
    `trouble` is what the last try met, empty when it was taken; a paused one is told nothing, and what happens
    meanwhile is not told later.
    """

    url = models.TextField()
    description = models.TextField(blank=True, db_default="")
    events = models.JSONField(default=list)
    secret = models.BinaryField()
    old_secret = models.BinaryField(default=bytes, db_default=b"")
    rotated_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.TextField()
    paused_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)
    trouble_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.url


class Notice(models.Model):
    """One fact on its way to one webhook; a row before it leaves.

    It may arrive twice, as after a crash between sending and knowing: it keeps its `event_id`, by which
    whoever gets it knows it again.
    """

    QUEUED, SENT, FAILED = "queued", "sent", "failed"

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="notices")
    event_id = models.TextField()
    event = models.TextField()
    customer_id = models.BigIntegerField()
    body = models.JSONField()
    state = models.TextField(default=QUEUED)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    answer_status = models.SmallIntegerField(null=True)
    answer = models.TextField(blank=True)

    webhook_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event_id"], name="notice_once"),
            models.CheckConstraint(condition=Q(state__in=("queued", "sent", "failed")), name="notice_state_is_known"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="queued"), name="notice_due"),
            models.Index(fields=["webhook", "-id"], name="notice_of_webhook"),
            models.Index(fields=["customer_id"], name="notice_of_customer"),
            models.Index(fields=["created_at"], name="notice_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.event} ({self.state})"
