"""What is being written to somebody with whom there is no conversation yet."""

from django.db import models


class FirstDraft(models.Model):
    """What an agent writes first, to a customer or to an address nobody has yet; saved as they type.

    `said` is the rest of the form as it was typed: channel, to, cc, subject, kind. An address that is half
    written is kept as it stands.
    """

    agent = models.ForeignKey("accounts.Agent", on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, null=True, related_name="+")
    address = models.TextField(blank=True)  # in the form in which identities are compared; empty with a customer
    text = models.TextField(blank=True)
    said = models.JSONField(default=dict)
    attachments = models.JSONField(default=list)  # of {digest, name, type, size}
    changed_at = models.DateTimeField()

    customer_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "customer", "address"], nulls_distinct=False, name="one_first_draft_each"
            ),
            models.CheckConstraint(
                condition=models.Q(customer__isnull=True) ^ models.Q(address=""), name="first_draft_is_to_one"
            ),
        ]

    def __str__(self) -> str:
        return f"first draft to {self.address or self.customer_id}"
