"""What insights keeps: the list of the mirror's files, and what is known of it at a glance."""

from django.db import models

from regulars.kernel.said import SaidField


class MirrorFile(models.Model):
    """One Parquet file of the mirror and the stretch of the log it holds.

    The rows of this table are the mirror: a file that none of them names is a leftover of a crash.
    First is exclusive and last inclusive, both places in the log's order.
    """

    path = models.TextField(primary_key=True)
    day = models.DateField()
    first_epoch = models.IntegerField()
    first_tx = models.BigIntegerField()
    first_id = models.BigIntegerField()
    last_epoch = models.IntegerField()
    last_tx = models.BigIntegerField()
    last_id = models.BigIntegerField()
    rows = models.BigIntegerField()
    bytes = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["last_epoch", "last_tx", "last_id"], name="mirror_by_position")]

    def __str__(self) -> str:
        return self.path


class FactCount(models.Model):
    """How many facts of a name the mirror holds and when they happened, so that pages need not count."""

    name = models.TextField(primary_key=True)
    rows = models.BigIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class MirrorState(models.Model):
    """One row: how often something was erased. What was derived before an erasure is thrown away."""

    id = models.IntegerField(primary_key=True, default=1)
    erasures = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_mirror_state")]


class ScoreRun(models.Model):
    """One night's learning of one kind of score: the model and its card, or why there is none.

    `epoch`, `tx` and `fact_id` say how far into the log it looked.
    """

    VALUE, RISK, SURVIVAL = "value", "risk", "survival"

    kind = models.TextField(choices=[(kind, kind) for kind in (VALUE, RISK, SURVIVAL)])
    as_of = models.DateTimeField()
    model = models.JSONField(null=True)
    summary = models.JSONField(default=dict)
    refusal = SaidField(blank=True)
    epoch = models.IntegerField(default=0)
    tx = models.BigIntegerField(default=0)
    fact_id = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "as_of"], name="one_run_of_a_kind"),
            models.CheckConstraint(
                condition=models.Q(model__isnull=True) ^ models.Q(refusal=""), name="a_model_or_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} as of {self.as_of:%Y-%m-%d %H:%M}"


class Report(models.Model):
    """One page of figures that an agent wants by mail, every day, week or month.

    `page` names it and `question` is its address behind the question mark, so that what is mailed is
    what the page shows.
    """

    agent = models.ForeignKey("accounts.Agent", on_delete=models.CASCADE, related_name="+")
    page = models.TextField()
    question = models.TextField(blank=True)
    every = models.TextField()
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()

    agent_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "page", "question"], name="report_wished_once"),
            models.CheckConstraint(
                condition=models.Q(every__in=("day", "week", "month")), name="report_every_is_known"
            ),
        ]
        indexes = [models.Index(fields=["next_at"], name="report_due")]

    def __str__(self) -> str:
        return f"{self.page} every {self.every}"
