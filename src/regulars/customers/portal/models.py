"""What lets a customer in. Only hashes are kept: whoever reads the database cannot sign in with it."""

from django.db import models


class PortalLink(models.Model):
    """A link that was mailed to an address and signs its customer in, once.

    `request` is what asked for it, so that a job that runs twice mails one link.
    """

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    address = models.TextField()
    digest = models.BinaryField(max_length=32, unique=True)
    request = models.TextField(unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "customers"
        indexes = [models.Index(fields=["expires_at"], name="portal_link_expires")]


class PortalSession(models.Model):
    """A browser in which a customer is signed in; it holds a token of which this is the hash."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    address = models.TextField()
    digest = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    customer_id: int

    class Meta:
        app_label = "customers"
        indexes = [models.Index(fields=["expires_at"], name="portal_session_expires")]
