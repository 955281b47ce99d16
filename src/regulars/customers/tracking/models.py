"""What tracking keeps besides facts."""

from django.db import models


class AppliedMessage(models.Model):
    """An identify, group or alias that took effect, kept for good: the same message again changes nothing.

    These are no facts. A program that identifies everybody every night would otherwise make
    everybody look active.
    """

    pk = models.CompositePrimaryKey("source_id", "message_id")
    source_id = models.BigIntegerField()
    message_id = models.TextField()

    class Meta:
        app_label = "customers"


class ClaimedLink(models.Model):
    """A browser said, without proof, that a visitor is this customer. For analytics only; nothing is merged."""

    visitor = models.OneToOneField("customers.Customer", on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    source_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        app_label = "customers"


class RejectedMessage(models.Model):
    """One thing a program sent that could not be used, and why. What it said is not kept; pruned after a while."""

    source_id = models.BigIntegerField()
    at = models.DateTimeField()
    code = models.TextField()
    reason = models.TextField()
    kind = models.TextField(blank=True)
    event = models.TextField(blank=True)
    message_id = models.TextField(blank=True)

    class Meta:
        app_label = "customers"
        indexes = [models.Index(fields=["source_id", "-id"], name="rejected_by_source")]


class PendingCall(models.Model):
    """A call that was answered and is not in the log yet; what came in is stored before anything comes of it.

    `payload` is a `pending.Receipt`. A call with a `fault` could not be settled and was set aside.
    """

    source_id = models.BigIntegerField()
    is_saying = models.BooleanField()
    weight = models.BigIntegerField()
    stored_at = models.DateTimeField()
    fault = models.TextField()
    payload = models.BinaryField()

    class Meta:
        app_label = "customers"
