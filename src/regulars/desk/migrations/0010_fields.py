"""Fields of the company's own, and an index for asking what is in them: rows with nothing in theirs are not in it."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

KINDS = ("short text", "long text", "number", "money", "date", "yes or no", "choice", "choices", "link")


class Migration(migrations.Migration):
    dependencies = [("desk", "0009_side_conversations")]

    operations = [
        migrations.CreateModel(
            name="FieldDefinition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.TextField(unique=True)),
                ("label", models.TextField()),
                ("kind", models.TextField(choices=[(kind, kind) for kind in KINDS])),
                ("help", models.TextField(blank=True)),
                ("choices", models.JSONField(default=list)),
                ("is_required", models.BooleanField(default=False)),
                (
                    "team_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("position", models.IntegerField(default=0)),
                ("retired_at", models.DateTimeField(null=True)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.TextField()),
            ],
            options={
                "ordering": ["position", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=~models.Q(key="") & ~models.Q(label=""), name="field_has_a_name"
                    ),
                    models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="field_kind_is_known"),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=~models.Q(fields={}), fields=["fields"], name="conversation_fields"
            ),
        ),
    ]
