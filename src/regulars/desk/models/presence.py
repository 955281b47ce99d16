"""Who has a conversation before their eyes."""

from django.db import models

from regulars.desk.models.conversations import Conversation


class Presence(models.Model):
    """An agent who looks at a conversation, or is writing in it; said again every so often while it is so."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    agent = models.ForeignKey("accounts.Agent", on_delete=models.CASCADE, related_name="+")
    is_writing = models.BooleanField(default=False)
    at = models.DateTimeField()

    conversation_id: int
    agent_id: int

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "agent"], name="present_once")]
        indexes = [models.Index(fields=["at"], name="presence_by_age")]
