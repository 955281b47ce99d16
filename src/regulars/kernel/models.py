"""What the spine keeps: facts and where they come from, cursors, settings, suppressions."""

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL


class Source(models.Model):
    """Where facts come from: the product itself, a file import, a browser key, a server key, a key of the API."""

    PRODUCT, IMPORT, BROWSER, SERVER, API = "product", "import", "browser", "server", "api"
    KINDS = (PRODUCT, IMPORT, BROWSER, SERVER, API)

    name = models.TextField(unique=True)
    kind = models.TextField(choices=[(kind, kind) for kind in KINDS])
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=("product", "import", "browser", "server", "api")), name="source_kind_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Fact(models.Model):
    """One thing that happened to one customer at one time; append-only.

    The key is the order in which the log may safely be read: see `kernel.tail`. `recorded_at` is
    when it became known, `received_at` when this installation got it; `is_trusted` is false for
    what a public browser key said without proof.
    """

    pk = models.CompositePrimaryKey("epoch", "tx", "id")
    epoch = models.IntegerField(db_default=1)
    tx = models.BigIntegerField(db_default=RawSQL("(pg_current_xact_id())::text::bigint", []))
    id = models.BigIntegerField(db_default=RawSQL("nextval('kernel_fact_id_seq'::regclass)", []))
    customer_id = models.BigIntegerField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    received_at = models.DateTimeField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    is_trusted = models.BooleanField(db_default=True)
    is_recorded_assumed = models.BooleanField(db_default=False)
    name = models.TextField()
    message_id = models.TextField()
    properties = models.JSONField(db_default={})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "message_id"], name="fact_once_per_source")]
        indexes = [models.Index(fields=["customer_id", "occurred_at"], name="fact_timeline")]

    def __str__(self) -> str:
        return f"{self.name} of customer {self.customer_id} at {self.occurred_at:%Y-%m-%d %H:%M}"


class LogEpoch(models.Model):
    """One row: the present epoch. A restore raises it, because transaction ids start anew."""

    id = models.IntegerField(primary_key=True, default=1)
    epoch = models.IntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_log_epoch")]


class Cursor(models.Model):
    """How far one consumer has read the log: the key of the last fact it dealt with."""

    consumer = models.TextField(primary_key=True)
    epoch = models.IntegerField(default=0)
    tx = models.BigIntegerField(default=0)
    fact_id = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)


class Handled(models.Model):
    """One domain event's effect in one handler, so that a second run does nothing."""

    event_id = models.UUIDField()
    handler = models.TextField()
    handled_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event_id", "handler"], name="handled_once")]


class PageSetting(models.Model):
    """A setting changed on a page; `kernel.settings_table` says which may be."""

    name = models.TextField(primary_key=True)
    value = models.TextField()
    changed_at = models.DateTimeField()
    changed_by = models.TextField()


class Suppression(models.Model):
    """A keyed hash of an identity that was erased: imports and tracking never bring it back."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    erased_at = models.DateTimeField()


class Change(models.Model):
    """Something on the screens of others changed: numbered, so that a stream that was cut off can catch up.

    Rows are few and short-lived; see `kernel.live`.
    """

    topic = models.TextField()
    subject_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="change_by_age")]
