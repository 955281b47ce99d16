"""One import of one file: what was decided, how far it is, what came of it."""

from django.db import models
from django.db.models import Q


class Import(models.Model):
    """A file being brought in. `batches_done` and `counts` change in the transaction of each batch."""

    WAITING, CHECKING, READY, RUNNING = "waiting", "checking", "ready", "running"
    DONE, FAILED, CANCELLED = "done", "failed", "cancelled"
    STATES = (WAITING, CHECKING, READY, RUNNING, DONE, FAILED, CANCELLED)
    OPEN = (WAITING, CHECKING, READY, RUNNING)

    kind = models.TextField(choices=[(kind, kind) for kind in ("orders", "customers", "facts")])
    file_name = models.TextField()
    digest = models.TextField()
    size = models.BigIntegerField()
    state = models.TextField(choices=[(state, state) for state in STATES], default=WAITING)
    plan = models.JSONField(default=dict)
    found = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    batches_done = models.IntegerField(default=0)
    progress = models.FloatField(default=0)
    problem = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_by = models.TextField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cancelled_by = models.TextField(blank=True)

    class Meta:
        app_label = "customers"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=("orders", "customers", "facts")), name="import_kind_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "checking", "ready", "running", "done", "failed", "cancelled")),
                name="import_state_is_known",
            ),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="import_history")]

    def __str__(self) -> str:
        return f"{self.kind} from {self.file_name}"
