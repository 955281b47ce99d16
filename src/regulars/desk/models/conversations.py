"""Conversations: one matter each between a customer and the company."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower


class Label(models.Model):
    """A word agents put on conversations.

    One that was joined into another stays as its other name: who says it means the other, and facts that tell
    of it are read so. `joined_into` is never one that was joined itself.
    """

    name = models.TextField()
    hue = models.SmallIntegerField(default=212)
    joined_into = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="joined")
    joined_at = models.DateTimeField(null=True)

    joined_into_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), condition=Q(joined_into=None), name="desk_label_once"),
            models.CheckConstraint(condition=Q(joined_into=None) ^ Q(joined_at__isnull=False), name="label_joined_at"),
        ]

    def __str__(self) -> str:
        return self.name


class Conversation(models.Model):
    """One matter between a customer and the company, on one or more channels.

    open: it is our turn. waiting: it is the customer's turn. snoozed: nobody's until `snoozed_until`.
    resolved: done, until somebody writes again. `waiting_since` is when the customer's first message
    that no person has answered came; null when none waits. After a merge the row stays, with
    `merged_into` pointing at the one that is shown, never at another merged one; undo clears it.
    `due_at` is when the next running clock ends. What a list shows is kept here, so that a list reads
    one row for each conversation.
    """

    ISSUE, ACCOUNT = "issue", "account"
    KINDS = (ISSUE, ACCOUNT)
    OPEN, WAITING, SNOOZED, RESOLVED = "open", "waiting", "snoozed", "resolved"
    STATUSES = (OPEN, WAITING, SNOOZED, RESOLVED)
    URGENT, HIGH, NORMAL, LOW = 1, 2, 3, 4
    PRIORITIES = (URGENT, HIGH, NORMAL, LOW)

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.ForeignKey("channels.Channel", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.TextField(choices=[(kind, kind) for kind in KINDS], default=ISSUE)
    status = models.TextField(choices=[(status, status) for status in STATUSES], default=OPEN)
    priority = models.SmallIntegerField(choices=[(priority, priority) for priority in PRIORITIES], default=NORMAL)
    subject = models.TextField(blank=True)
    team = models.ForeignKey("accounts.Team", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    assignee = models.ForeignKey(
        "accounts.Agent", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    labels = models.ManyToManyField(Label, related_name="conversations", blank=True)
    fields = models.JSONField(default=dict)
    language = models.TextField(blank=True)

    created_at = models.DateTimeField()
    last_at = models.DateTimeField()  # the last message or note
    waiting_since = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    snoozed_by = models.TextField(blank=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.TextField(blank=True)
    spam_at = models.DateTimeField(null=True)
    spam_by = models.TextField(blank=True)
    due_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged", db_index=False)
    is_history = models.BooleanField(default=False)  # began before this desk: came with a first sync or a move
    key = models.TextField(null=True, unique=True)  # what it is called where it came from, so that it comes once

    preview = models.TextField(blank=True)  # the beginning of the last message
    last_author = models.TextField(blank=True)  # actor kind of the last message
    message_count = models.IntegerField(default=0)
    has_attachments = models.BooleanField(default=False)
    side_count = models.IntegerField(default=0, db_default=0)  # side conversations, of merged ones too
    side_unread = models.IntegerField(default=0, db_default=0)  # those of them with an answer nobody has read
    read_message_id = models.BigIntegerField(null=True)  # our last message the customer has opened in the portal
    read_at = models.DateTimeField(null=True)

    customer_id: int
    channel_id: int
    team_id: int | None
    assignee_id: int | None
    merged_into_id: int | None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=("open", "waiting", "snoozed", "resolved")), name="conversation_status_is_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=("issue", "account")), name="conversation_kind_is_known"),
            models.CheckConstraint(condition=Q(priority__range=(1, 4)), name="conversation_priority_is_known"),
            models.CheckConstraint(
                condition=Q(status="snoozed") ^ Q(snoozed_until__isnull=True), name="conversation_snoozed_until"
            ),
            models.CheckConstraint(
                condition=Q(status="resolved") ^ Q(resolved_at__isnull=True), name="conversation_resolved_at"
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="conversation_not_merged_into_itself"),
        ]
        indexes = [
            # Lists leave out spam and merged ones; what is not resolved is few and has indexes of its own.
            models.Index(
                "status", F("last_at").desc(), F("id").desc(),
                condition=Q(spam_at__isnull=True, merged_into__isnull=True), name="conversation_by_status",
            ),
            models.Index(
                "assignee", "status", F("last_at").desc(), F("id").desc(),
                condition=Q(spam_at__isnull=True, merged_into__isnull=True), name="conversation_by_assignee",
            ),
            models.Index(
                "team", "status", F("last_at").desc(), F("id").desc(),
                condition=Q(spam_at__isnull=True, merged_into__isnull=True), name="conversation_by_team",
            ),
            models.Index(
                F("last_at").desc(), F("id").desc(),
                condition=Q(spam_at__isnull=True, merged_into__isnull=True), name="conversation_by_last",
            ),
            models.Index(
                F("waiting_since").asc(nulls_last=True), F("id").asc(),
                condition=Q(spam_at__isnull=True, merged_into__isnull=True, status="open"),
                name="conversation_longest_waiting",
            ),
            # For the other orders of a list.
            models.Index(
                "status", "due_at", "id",
                condition=Q(spam_at__isnull=True, merged_into__isnull=True, due_at__isnull=False),
                name="conversation_by_due",
            ),
            models.Index(
                "status", "priority", F("last_at").desc(), F("id").desc(),
                condition=Q(spam_at__isnull=True, merged_into__isnull=True), name="conversation_by_priority",
            ),
            models.Index(
                "status", F("created_at").desc(), F("id").desc(),
                condition=Q(spam_at__isnull=True, merged_into__isnull=True), name="conversation_by_created",
            ),
            # What is few among many, so that views of it are listed and counted without a walk through all.
            models.Index(
                F("last_at").desc(), F("id").desc(), include=["status", "assignee", "team"],
                condition=Q(spam_at__isnull=True, merged_into__isnull=True, has_attachments=True),
                name="conversation_with_files",
            ),
            models.Index(
                fields=["waiting_since"],
                condition=Q(spam_at__isnull=True, merged_into__isnull=True, waiting_since__isnull=False),
                name="conversation_waiting",
            ),
            models.Index(
                "status", F("last_at").desc(), F("id").desc(),
                condition=Q(spam_at__isnull=True, merged_into__isnull=True, kind="account"),
                name="conversation_about_accounts",
            ),
            models.Index(fields=["snoozed_until"], condition=Q(status="snoozed"), name="conversation_to_wake"),
            models.Index(fields=["assignee"], condition=Q(side_unread__gt=0), name="conversation_side_unread"),
            models.Index(F("last_at").desc(), condition=Q(spam_at__isnull=False), name="conversation_spam"),
            models.Index("customer", F("last_at").desc(), name="conversation_of_customer"),
            models.Index(
                fields=["merged_into"], condition=Q(merged_into__isnull=False), name="conversation_merged"
            ),
            GinIndex(fields=["fields"], condition=~Q(fields={}), name="conversation_fields"),  # most have none
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.pk} {self.subject}".strip()

    @property
    def is_open(self) -> bool:
        """Whether it is not resolved yet."""
        return self.status != self.RESOLVED

    @property
    def is_spam(self) -> bool:
        return self.spam_at is not None


class Watch(models.Model):
    """An agent who wants to hear what happens in a conversation that is not theirs."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="watches")
    agent = models.ForeignKey("accounts.Agent", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "watches"
        constraints = [models.UniqueConstraint(fields=["conversation", "agent"], name="watched_once")]


class Link(models.Model):
    """Two conversations that belong together, and why: one followed the other, or came to two mailboxes."""

    FOLLOWS, SAME_MAIL, BY_HAND, SPLIT_FROM = "follows", "same mail", "by hand", "split from"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="linked_from")
    why = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()

    conversation_id: int
    other_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "other"], name="linked_once"),
            models.CheckConstraint(condition=~Q(conversation=F("other")), name="not_linked_to_itself"),
        ]
