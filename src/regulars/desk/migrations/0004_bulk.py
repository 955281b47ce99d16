import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("desk", "0003_awaited"),
    ]

    operations = [
        migrations.CreateModel(
            name="Bulk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("deed", models.TextField()),
                ("value", models.JSONField(null=True)),
                ("told", models.TextField(blank=True)),
                (
                    "ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("total", models.IntegerField()),
                ("at", models.DateTimeField()),
                ("done", models.IntegerField(default=0)),
                ("changed", models.IntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
                ("undo_asked_at", models.DateTimeField(null=True)),
                ("undo_done", models.IntegerField(default=0)),
                ("undone", models.IntegerField(default=0)),
                ("not_undone", models.IntegerField(default=0)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["agent", "-id"], name="bulk_of_agent")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("done__lte", models.F("total")), ("undo_done__lte", models.F("total"))),
                        name="bulk_ends",
                    )
                ],
            },
        ),
    ]
