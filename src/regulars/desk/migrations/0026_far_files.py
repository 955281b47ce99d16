import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0025_first_drafts")]

    operations = [
        migrations.CreateModel(
            name="FarFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.TextField()),
                ("where", models.TextField()),
                ("url", models.TextField(blank=True)),
                ("name", models.TextField()),
                ("type", models.TextField()),
                ("size", models.BigIntegerField(null=True)),
                ("digest", models.TextField(blank=True)),
                ("state", models.TextField(default="waiting")),
                ("reason", models.TextField(blank=True)),
                ("said", models.TextField(blank=True)),
                ("tried_at", models.DateTimeField(null=True)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="far_files", to="desk.message"
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="desk.origin"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["origin", "state", "id"], name="far_file_by_state"),
                    models.Index(fields=["origin", "number"], name="far_file_by_number"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("message", "number"), name="far_file_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("waiting", "fetched", "failed"))),
                        name="far_file_state_is_known",
                    ),
                ],
            },
        ),
    ]
