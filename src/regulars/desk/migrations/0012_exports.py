import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Exports that are asked for on the page."""

    dependencies = [
        ("desk", "0011_macros_with_deeds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_by", models.TextField()),
                ("asked_by_name", models.TextField(blank=True)),
                ("asked_at", models.DateTimeField()),
                ("form", models.TextField()),
                ("since", models.DateTimeField(null=True)),
                ("with_files", models.BooleanField(default=True)),
                ("state", models.TextField(default="asked")),
                ("progress", models.FloatField(default=0.0)),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("size", models.BigIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("trouble", models.TextField(blank=True)),
                (
                    "agent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("asked", "running", "ready", "failed", "gone"))),
                        name="export_state_is_known",
                    ),
                    models.UniqueConstraint(
                        models.Value(1),
                        condition=models.Q(("state__in", ("asked", "running"))),
                        name="export_one_at_a_time",
                    ),
                ],
            },
        ),
    ]
