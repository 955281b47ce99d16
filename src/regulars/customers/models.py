"""Customers: people, the ways to recognise them, their companies, what is known about them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left, Lower, NullIf

from regulars.customers.importing.models import Import as Import
from regulars.customers.portal.models import PortalLink as PortalLink
from regulars.customers.portal.models import PortalSession as PortalSession
from regulars.customers.tracking.models import AppliedMessage as AppliedMessage


class Company(models.Model):
    """An organisation customers belong to."""

    external_id = models.TextField(unique=True)
    name = models.TextField(blank=True)
    attributes = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name or self.external_id


class Label(models.Model):
    """A word agents put on customers."""

    name = models.TextField(unique=True)
    hue = models.SmallIntegerField(default=212)

    def __str__(self) -> str:
        return self.name


class Customer(models.Model):
    """A person the company serves.

    `known_at` is when they were first more than an anonymous visitor. After a merge the row stays,
    with `merged_into` pointing at the one that is shown, never at another merged one; undo clears
    it. `search_text` is what the search reads: names and identities, folded.
    """

    name = models.TextField(blank=True)
    email = models.TextField(blank=True)
    phone = models.TextField(blank=True)
    language = models.TextField(blank=True)
    time_zone = models.TextField(blank=True)
    company = models.ForeignKey(Company, null=True, on_delete=models.SET_NULL, related_name="customers", db_index=False)
    attributes = models.JSONField(default=dict)
    labels = models.ManyToManyField(Label, related_name="customers", blank=True)
    created_at = models.DateTimeField()
    known_at = models.DateTimeField(null=True)
    first_seen_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged", db_index=False)
    search_text = models.TextField(blank=True)

    company_id: int | None
    merged_into_id: int | None

    class Meta:
        indexes = [
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="customer_search"),
            models.Index(
                models.F("last_seen_at").desc(nulls_last=True), models.F("id").desc(), name="customer_last_seen"
            ),
            models.Index(NullIf(Lower(Left("name", 80)), models.Value("")), "id", name="customer_by_name"),
            models.Index(fields=["company", "-id"], name="customer_by_company"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="customer_merged"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=models.F("id")), name="customer_not_merged_into_itself")
        ]

    def __str__(self) -> str:
        return self.name or self.email or f"#{self.pk}"


class Identity(models.Model):
    """One way to recognise a customer; `value` is normalised, so that one way is one row.

    `verified_at` is when a trusted source vouched for it; a claim without proof has none.
    """

    EXTERNAL, EMAIL, PHONE, ANONYMOUS, HANDLE = "external", "email", "phone", "anonymous", "handle"
    KINDS = (EXTERNAL, EMAIL, PHONE, ANONYMOUS, HANDLE)

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="identities")
    kind = models.TextField(choices=[(kind, kind) for kind in KINDS])
    value = models.TextField()
    source_id = models.BigIntegerField()
    created_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "identities"
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="identity_once")]
        indexes = [models.Index(fields=["source_id", "customer"], name="identity_by_source")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"


class Consent(models.Model):
    """What a customer agreed to for one purpose, and when; the latest row of a purpose counts."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="consents")
    purpose = models.TextField(choices=[(purpose, purpose) for purpose in ("service", "goodwill", "news", "sales")])
    is_given = models.BooleanField()
    at = models.DateTimeField()
    source = models.TextField()
    text_version = models.TextField(blank=True)
    actor = models.TextField()

    class Meta:
        ordering = ["-at", "-id"]


class Trait(models.Model):
    """A value about a customer that its owner writes down for others to filter and sort by.

    `number` is what is sorted and compared, `value` the whole of it: intervals, units, reasons.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="traits")
    name = models.TextField()
    number = models.FloatField(null=True)
    value = models.JSONField()
    as_of = models.DateTimeField()
    why = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "name"], name="trait_once")]
        indexes = [models.Index("name", models.F("number").desc(nulls_last=True), name="trait_by_number")]


class Merge(models.Model):
    """Two customers found to be one person; undone, it stays on record.

    The merges that stand form trees; `Customer.merged_into` is the root of a customer's tree,
    worked out again whenever a merge is made or undone.
    """

    kept = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    merged = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    actor = models.TextField()
    why = models.TextField(blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.TextField(blank=True)

    kept_id: int
    merged_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merged"], condition=Q(undone_at__isnull=True), name="merged_once")
        ]


class Erasure(models.Model):
    """One erasure asked for, so that a crash half-way is found and finished.

    It keeps numbers only, nothing that says who it was; but for the addresses that are looked for among what
    is others', sealed, and gone when it is over. Everything is gone through once more (`swept_at`) for whoever
    had remembered a number a moment longer.
    """

    customer_ids = ArrayField(models.BigIntegerField())
    digests = ArrayField(models.BinaryField(max_length=32))
    addresses = models.BinaryField(default=bytes, db_default=b"")
    asked_at = models.DateTimeField()
    asked_by = models.TextField()
    journaled_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    swept_at = models.DateTimeField(null=True)
    removed = models.JSONField(default=dict)

    class Meta:
        indexes = [GinIndex(fields=["customer_ids"], name="erasure_of_customer")]

    def __str__(self) -> str:
        return f"erasure {self.pk}"
