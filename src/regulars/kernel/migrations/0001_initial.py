from django.db import migrations, models
from django.db.models import Q
from django.db.models.expressions import RawSQL
import django.db.models.deletion

# Text columns of facts are short or rarely read, so compression may be the fast one. The unique
# key stands before the rest of the indexes: it is what a replay meets first. The source is not
# checked row by row (see docs/adr/0003-one-fact-table.md).
FACT_TABLE = """
CREATE SEQUENCE kernel_fact_id_seq AS bigint CACHE 1;
CREATE TABLE kernel_fact (
    epoch integer NOT NULL DEFAULT 1,
    tx bigint NOT NULL DEFAULT (pg_current_xact_id())::text::bigint,
    id bigint NOT NULL DEFAULT nextval('kernel_fact_id_seq'::regclass),
    customer_id bigint NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    source_id bigint NOT NULL,
    is_trusted boolean NOT NULL DEFAULT true,
    is_recorded_assumed boolean NOT NULL DEFAULT false,
    name text NOT NULL,
    message_id text NOT NULL,
    properties jsonb NOT NULL DEFAULT '{}'::jsonb,
    PRIMARY KEY (epoch, tx, id),
    CONSTRAINT fact_once_per_source UNIQUE (source_id, message_id)
);
ALTER SEQUENCE kernel_fact_id_seq OWNED BY kernel_fact.id;
CREATE INDEX fact_timeline ON kernel_fact (customer_id, occurred_at);
CREATE INDEX fact_of_order ON kernel_fact (customer_id) WHERE name = 'Order Completed' AND is_trusted;
"""
EPOCH_ROW = "INSERT INTO kernel_logepoch (id, epoch) VALUES (1, 1) ON CONFLICT DO NOTHING"
# The product itself is always source 1.
PRODUCT_SOURCE = "INSERT INTO kernel_source (name, kind, created_at) VALUES ('regulars', 'product', now())"


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.TextField(unique=True)),
                ("kind", models.TextField(choices=[(kind, kind) for kind in ("product", "import", "browser", "server")])),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(kind__in=("product", "import", "browser", "server")), name="source_kind_is_known"
                    )
                ],
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(FACT_TABLE, "DROP TABLE kernel_fact")],
            state_operations=[
                migrations.CreateModel(
                    name="Fact",
                    fields=[
                        ("pk", models.CompositePrimaryKey("epoch", "tx", "id", blank=True, editable=False, primary_key=True, serialize=False)),
                        ("epoch", models.IntegerField(db_default=1)),
                        ("tx", models.BigIntegerField(db_default=RawSQL("(pg_current_xact_id())::text::bigint", []))),
                        ("id", models.BigIntegerField(db_default=RawSQL("nextval('kernel_fact_id_seq'::regclass)", []))),
                        ("customer_id", models.BigIntegerField()),
                        ("occurred_at", models.DateTimeField()),
                        ("recorded_at", models.DateTimeField()),
                        ("received_at", models.DateTimeField()),
                        ("is_trusted", models.BooleanField(db_default=True)),
                        ("is_recorded_assumed", models.BooleanField(db_default=False)),
                        ("name", models.TextField()),
                        ("message_id", models.TextField()),
                        ("properties", models.JSONField(db_default={})),
                        ("source", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.source")),
                    ],
                    options={
                        "indexes": [models.Index(fields=["customer_id", "occurred_at"], name="fact_timeline")],
                        "constraints": [models.UniqueConstraint(fields=["source", "message_id"], name="fact_once_per_source")],
                    },
                ),
            ],
        ),
        migrations.CreateModel(
            name="LogEpoch",
            fields=[
                ("id", models.IntegerField(default=1, primary_key=True, serialize=False)),
                ("epoch", models.IntegerField(default=1)),
            ],
            options={"constraints": [models.CheckConstraint(condition=Q(id=1), name="one_log_epoch")]},
        ),
        migrations.CreateModel(
            name="Cursor",
            fields=[
                ("consumer", models.TextField(primary_key=True, serialize=False)),
                ("epoch", models.IntegerField(default=0)),
                ("tx", models.BigIntegerField(default=0)),
                ("fact_id", models.BigIntegerField(default=0)),
                ("moved_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Handled",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event_id", models.UUIDField()),
                ("handler", models.TextField()),
                ("handled_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["event_id", "handler"], name="handled_once")],
            },
        ),
        migrations.CreateModel(
            name="PageSetting",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("value", models.TextField()),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("erased_at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(EPOCH_ROW, migrations.RunSQL.noop),
        migrations.RunSQL(PRODUCT_SOURCE, migrations.RunSQL.noop),
    ]
