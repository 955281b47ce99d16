"""Channels: the ways in and out, what came in as it came, what goes out before it leaves."""

from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Lower

from regulars.kernel.said import SaidField


class Channel(models.Model):
    """One configured way in and out: an adapter plus its settings.

    `address` is what customers write to. What is secret in the settings is kept sealed in `secrets`.
    `worked_at` is when it last did what it is for, `trouble` what keeps it from bringing what comes in,
    `out_trouble` what keeps it from sending, in words.
    """

    EMAIL, FORM, API, CHAT, PHONE, MESSENGER = "email", "form", "api", "chat", "phone", "messenger"
    KINDS = (EMAIL, FORM, API, CHAT, PHONE, MESSENGER)

    kind = models.TextField(choices=[(kind, kind) for kind in KINDS])
    name = models.TextField()
    address = models.TextField(blank=True)
    settings = models.JSONField(default=dict)
    secrets = models.BinaryField(default=bytes)
    team = models.ForeignKey("accounts.Team", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    synced_at = models.DateTimeField(null=True)  # when the first, silent sync was done
    worked_at = models.DateTimeField(null=True)
    trouble = SaidField(blank=True)
    trouble_at = models.DateTimeField(null=True)
    out_trouble = SaidField(blank=True, db_default="")
    out_trouble_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # when people were told by mail of the trouble there is

    team_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("address"),
                condition=~Q(address="") & Q(archived_at__isnull=True),
                name="channel_address_once",
            ),
            models.UniqueConstraint(
                KeyTextTransform("slug", "settings"),
                condition=Q(kind="form", archived_at__isnull=True),
                name="form_slug_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("email", "form", "api", "chat", "phone", "messenger")),
                name="channel_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Incoming(models.Model):
    """What came in on a channel, stored as it came before anybody tries to understand it.

    `source_key` is the source's own id (UIDVALIDITY and UID, SMTP transaction, provider id), so
    that fetching it again changes nothing. `is_history` came with a first sync: it is kept and
    shown, never answered.
    """

    STORED, PLACED, DROPPED, DEAD = "stored", "placed", "dropped", "dead"

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    source_key = models.TextField()
    raw = models.BinaryField()
    digest = models.BinaryField(max_length=32)
    received_at = models.DateTimeField()
    is_history = models.BooleanField(default=False)
    envelope = models.JSONField(default=dict)  # what the transport said: sender, recipients
    state = models.TextField(default=STORED)
    settled_at = models.DateTimeField(null=True)
    trouble = SaidField(blank=True)
    attempts = models.SmallIntegerField(default=0)

    channel_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "source_key"], name="incoming_once"),
            models.CheckConstraint(
                condition=Q(state__in=("stored", "placed", "dropped", "dead")), name="incoming_state_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["channel", "id"], condition=Q(state="stored"), name="incoming_to_understand"),
            models.Index(fields=["-id"], condition=Q(state="dead"), name="incoming_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.source_key} on channel {self.channel_id}"


class Mailbox(models.Model):
    """How far a folder on a mail server was read; one row for each folder a channel ever had.

    What the server calls `uidvalidity` says whether its numbers are still those of yesterday. Mail up
    to `last_uid` is stored. What was there when the channel was first connected is history: it is
    known by its number (`history_uid`), and by its day (`connected_at`) once the numbers have changed.
    """

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+")
    folder = models.TextField()
    uidvalidity = models.BigIntegerField()
    first_uidvalidity = models.BigIntegerField()
    last_uid = models.BigIntegerField(default=0)
    history_uid = models.BigIntegerField(default=0)
    connected_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)
    failures = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField(null=True)
    on_server = models.IntegerField(null=True)  # mails the server has, from the first day that was asked for
    stored = models.IntegerField(null=True)  # those of them that came in here

    channel_id: int

    class Meta:
        verbose_name_plural = "mailboxes"
        constraints = [models.UniqueConstraint(fields=["channel", "folder"], name="mailbox_once")]

    def __str__(self) -> str:
        return f"{self.folder} of channel {self.channel_id}"


class Delivery(models.Model):
    """One attempt to get a message out on a channel; a row before anything leaves.

    queued → claimed → sent, failed or unknown; or cancelled while queued. A crash between claiming
    and knowing leaves `unknown`, which is shown to a person and never sent again by itself.
    `letter` is the message in normal form: to, cc, bcc, subject, text, html, in_reply_to, references,
    attachments (digest, name, type, cid), is_automatic. `about` says what it belongs to
    (`message:17`), for whoever stands above.
    """

    QUEUED, CLAIMED, SENT, FAILED, UNKNOWN, CANCELLED = "queued", "claimed", "sent", "failed", "unknown", "cancelled"
    STATES = (QUEUED, CLAIMED, SENT, FAILED, UNKNOWN, CANCELLED)

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    key = models.TextField(unique=True)
    about = models.TextField(blank=True)
    customer_id = models.BigIntegerField(null=True)
    letter = models.JSONField()
    external_id = models.TextField(blank=True)  # the Message-ID it goes out with
    state = models.TextField(default=QUEUED)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    trouble = SaidField(blank=True)

    channel_id: int

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("queued", "claimed", "sent", "failed", "unknown", "cancelled")),
                name="delivery_state_is_known",
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="queued"), name="delivery_due"),
            models.Index(fields=["claimed_at"], condition=Q(state="claimed"), name="delivery_claimed"),
            models.Index(fields=["about"], name="delivery_about"),
            models.Index(fields=["external_id"], condition=~Q(external_id=""), name="delivery_by_external_id"),
            models.Index(fields=["customer_id"], condition=Q(customer_id__isnull=False), name="delivery_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.about or self.key} ({self.state})"


class SuppressedAddress(models.Model):
    """An address that refused mail for good, or that somebody put here; nothing is sent to it until this is lifted."""

    address = models.TextField(unique=True)  # normalised
    reason = SaidField()
    about = models.TextField(blank=True, db_default="")  # what came back (`message:17`)
    added_by = models.TextField(blank=True, db_default="")  # who put it here by hand
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "suppressed addresses"

    def __str__(self) -> str:
        return self.address
