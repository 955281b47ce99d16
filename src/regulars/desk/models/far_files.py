"""Files of messages that moved in, which lie on the old desk's server until they are fetched."""

from django.db import models
from django.db.models import Q

from regulars.desk.models.messages import Message
from regulars.desk.models.origins import Origin


class FarFile(models.Model):
    """One file of one message: waiting, fetched (then it is an attachment as any other) or failed.

    `number` is what the old desk calls the file, or stands for its address. `reason` is one of `moving.reasons`,
    `said` what the server answered.
    """

    WAITING, FETCHED, FAILED = "waiting", "fetched", "failed"

    origin = models.ForeignKey(Origin, on_delete=models.CASCADE, related_name="files")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="far_files")
    number = models.TextField()
    where = models.TextField()
    url = models.TextField(blank=True)  # gone once the file is here: it may let in whoever has it
    name = models.TextField()
    type = models.TextField()
    size = models.BigIntegerField(null=True)  # as the export says
    digest = models.TextField(blank=True)  # once it is here: a file may be in several messages
    state = models.TextField(default=WAITING)
    reason = models.TextField(blank=True)
    said = models.TextField(blank=True)
    tried_at = models.DateTimeField(null=True)

    message_id: int
    origin_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="far_file_once"),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "fetched", "failed")), name="far_file_state_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["origin", "state", "id"], name="far_file_by_state"),
            models.Index(fields=["origin", "number"], name="far_file_by_number"),
        ]

    def __str__(self) -> str:
        return self.name
