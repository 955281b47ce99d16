"""What is said in a conversation, and what is about to be."""

from typing import Final

from django.db import models
from django.db.models import Q

from regulars.desk.models.conversations import Conversation
from regulars.kernel.said import SaidField

# Whom a message names, in lower case: the index `message_naming` (migration 0023) has it by each address.
NAMED: Final = "(lower(jsonb_path_query_array(recipients, '$.*[*].address')::text)::jsonb)"


class Message(models.Model):
    """One turn in a conversation, from customer, agent or bot; or a note, which no customer ever sees.

    Keys grow in the order in which a conversation got its messages, because each is added while the
    conversation is held: "newer than what I saw" is a greater key. `at` is when it was said (an
    imported one long ago), `created_at` when it was stored here. `text` is what was written now;
    `quoted` and `signature` are folded away, never deleted; `html` is as sent, and sanitised whenever
    it is shown. `key` is the writer's idempotency key.
    """

    MESSAGE, NOTE = "message", "note"
    # What becomes of a message that is to go out; empty for what came in and for notes. Queued can
    # still be taken back; leaving is with the channel; unknown may or may not have left.
    QUEUED, LEAVING, SENT, FAILED, UNKNOWN, CANCELLED = "queued", "leaving", "sent", "failed", "unknown", "cancelled"

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="messages", db_index=False)
    kind = models.TextField(default=MESSAGE)
    channel = models.ForeignKey(
        "channels.Channel", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    author_kind = models.TextField()
    author_id = models.BigIntegerField(null=True)
    author_name = models.TextField(blank=True)
    subject = models.TextField(blank=True)
    text = models.TextField(blank=True)
    quoted = models.TextField(blank=True)
    signature = models.TextField(blank=True)
    html = models.TextField(blank=True)
    recipients = models.JSONField(default=dict)  # from, to, cc, bcc: lists of {name, address}
    at = models.DateTimeField()
    created_at = models.DateTimeField()
    is_automatic = models.BooleanField(default=False)
    automatic_reason = models.TextField(blank=True)
    external_id = models.TextField(blank=True)  # Message-ID, without angle brackets
    incoming_id = models.BigIntegerField(null=True)
    key = models.TextField(null=True, unique=True)
    state = models.TextField(blank=True)
    due_at = models.DateTimeField(null=True)  # leaves not before this: the time to undo, or send later
    trouble = SaidField(blank=True)
    before = models.JSONField(default=dict)  # how the conversation stood, for taking a reply back
    removed_at = models.DateTimeField(null=True)
    removed_by = models.TextField(blank=True)

    conversation_id: int
    channel_id: int | None

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=("message", "note")), name="message_kind_is_known"),
            models.CheckConstraint(
                condition=Q(author_kind__in=("agent", "customer", "bot", "rule", "key", "system")),
                name="message_author_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("", "queued", "leaving", "sent", "failed", "unknown", "cancelled")),
                name="message_state_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "id"], name="message_in_conversation"),
            models.Index(fields=["external_id"], condition=~Q(external_id=""), name="message_by_external_id"),
            models.Index(fields=["due_at"], condition=Q(state="queued"), name="message_to_let_go"),
            models.Index(fields=["author_id"], condition=Q(author_kind="customer"), name="message_by_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} of #{self.conversation_id}"


class Attachment(models.Model):
    """A file in a message; the bytes lie in `kernel.files` under `digest`."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    digest = models.TextField()
    name = models.TextField()
    type = models.TextField()
    size = models.BigIntegerField()
    content_id = models.TextField(blank=True)
    is_inline = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["digest"], name="attachment_by_digest")]

    def __str__(self) -> str:
        return self.name


class Mention(models.Model):
    """An agent named in a note."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentions")
    agent = models.ForeignKey("accounts.Agent", on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "agent"], name="mentioned_once")]


class Draft(models.Model):
    """What an agent is writing in a conversation; saved as they type, so that nothing typed is lost."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="drafts")
    agent = models.ForeignKey("accounts.Agent", on_delete=models.CASCADE, related_name="+")
    kind = models.TextField(default=Message.MESSAGE)
    text = models.TextField(blank=True)
    recipients = models.JSONField(default=dict)
    attachments = models.JSONField(default=list)  # of {digest, name, type, size}
    doing = models.JSONField(default=dict)  # what a chosen macro will do on sending: {"macro", "deeds"}
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "agent", "kind"], name="one_draft_each")]
