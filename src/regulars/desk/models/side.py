"""Side conversations: asking somebody else by mail, beside a conversation, without its customer seeing it.

They have tables of their own rather than a kind among the messages: whatever shows a customer their
conversation, starts or stops a clock, counts, or decides what a conversation's last word is, reads
messages, and cannot take in by mistake what is not there (docs/adr/0015-side-conversations.md).
"""

from django.db import models
from django.db.models import Q

from regulars.desk.models.conversations import Conversation
from regulars.kernel.said import SaidField


class SideConversation(models.Model):
    """One matter between us and somebody who is not the customer, within a conversation.

    Who takes part is no customer because of it: `participants` are {name, address}, in the order in
    which they came; those who wrote with the signed address and had not been asked have `came` set.
    `unread_since` is when the first answer came that nobody concerned has opened; null when all are read.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="sides", db_index=False)
    channel = models.ForeignKey("channels.Channel", on_delete=models.PROTECT, related_name="+", db_index=False)
    subject = models.TextField(blank=True)
    participants = models.JSONField(default=list)
    created_at = models.DateTimeField()
    created_by = models.TextField()
    last_at = models.DateTimeField()
    message_count = models.IntegerField(default=0)
    unread_since = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.TextField(blank=True)

    conversation_id: int
    channel_id: int

    class Meta:
        indexes = [models.Index(fields=["conversation", "id"], name="side_of_conversation")]

    def __str__(self) -> str:
        return f"side {self.pk} of #{self.conversation_id}"

    @property
    def is_done(self) -> bool:
        return self.done_at is not None


class SideMessage(models.Model):
    """One turn in a side conversation: ours when an agent wrote it, theirs when it came by mail.

    As with messages, keys grow in the order in which they came, `key` makes writing twice harmless, and
    `state` says what became of what was to go out; it is empty for what came in.
    """

    AGENT, OUTSIDE, SYSTEM = "agent", "outside", "system"
    QUEUED, LEAVING, SENT, FAILED, UNKNOWN, CANCELLED = "queued", "leaving", "sent", "failed", "unknown", "cancelled"

    side = models.ForeignKey(SideConversation, on_delete=models.CASCADE, related_name="messages", db_index=False)
    author_kind = models.TextField()
    author_id = models.BigIntegerField(null=True)
    author_name = models.TextField(blank=True)
    author_address = models.TextField(blank=True)
    text = models.TextField(blank=True)
    quoted = models.TextField(blank=True)
    signature = models.TextField(blank=True)
    html = models.TextField(blank=True)
    recipients = models.JSONField(default=dict)  # from, to, cc: lists of {name, address}
    at = models.DateTimeField()
    is_automatic = models.BooleanField(default=False)
    automatic_reason = models.TextField(blank=True)
    external_id = models.TextField(blank=True)  # Message-ID, without angle brackets
    incoming_id = models.BigIntegerField(null=True)
    key = models.TextField(null=True, unique=True)
    state = models.TextField(blank=True)
    due_at = models.DateTimeField(null=True)
    trouble = SaidField(blank=True)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.TextField(blank=True)

    side_id: int

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(author_kind__in=("agent", "outside", "system")), name="side_message_author_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("", "queued", "leaving", "sent", "failed", "unknown", "cancelled")),
                name="side_message_state_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["side", "id"], name="side_message_in_side"),
            models.Index(fields=["external_id"], condition=~Q(external_id=""), name="side_message_by_external_id"),
            models.Index(fields=["author_address"], condition=~Q(author_address=""), name="side_message_by_author"),
            models.Index(fields=["due_at"], condition=Q(state="queued"), name="side_message_to_let_go"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk} of side {self.side_id}"


class SideFile(models.Model):
    """A file in a side message; the bytes lie in `kernel.files` under `digest`."""

    message = models.ForeignKey(SideMessage, on_delete=models.CASCADE, related_name="files")
    digest = models.TextField()
    name = models.TextField()
    type = models.TextField()
    size = models.BigIntegerField()
    content_id = models.TextField(blank=True)
    is_inline = models.BooleanField(default=False)

    message_id: int

    class Meta:
        indexes = [models.Index(fields=["digest"], name="side_file_by_digest")]

    def __str__(self) -> str:
        return self.name
