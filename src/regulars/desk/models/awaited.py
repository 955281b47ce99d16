"""Mail that other mail names and that has not come (yet)."""

from django.db import models

from regulars.desk.models.conversations import Conversation


class Awaited(models.Model):
    """A Message-ID that a conversation's mail answers or refers to and that was not here when it came.

    Mail may come in any order: when the named one comes after its answers, it goes to them.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    channel = models.ForeignKey("channels.Channel", on_delete=models.PROTECT, related_name="+", db_index=False)
    external_id = models.TextField()

    conversation_id: int

    class Meta:
        verbose_name_plural = "awaited"
        constraints = [
            models.UniqueConstraint(fields=["external_id", "channel", "conversation"], name="awaited_once"),
        ]

    def __str__(self) -> str:
        return self.external_id
