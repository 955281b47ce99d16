import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Webhook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("url", models.TextField()),
                ("events", models.JSONField(default=list)),
                ("secret", models.BinaryField()),
                ("created_at", models.DateTimeField()),
                ("created_by", models.TextField()),
                ("paused_at", models.DateTimeField(null=True)),
                ("archived_at", models.DateTimeField(null=True)),
                ("trouble", models.TextField(blank=True)),
                ("trouble_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event_id", models.TextField()),
                ("event", models.TextField()),
                ("customer_id", models.BigIntegerField()),
                ("body", models.JSONField()),
                ("state", models.TextField(default="queued")),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("attempts", models.SmallIntegerField(default=0)),
                ("settled_at", models.DateTimeField(null=True)),
                ("answer_status", models.SmallIntegerField(null=True)),
                ("answer", models.TextField(blank=True)),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="api.webhook"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=Q(state="queued"), fields=["due_at"], name="notice_due"),
                    models.Index(fields=["webhook", "-id"], name="notice_of_webhook"),
                    models.Index(fields=["customer_id"], name="notice_of_customer"),
                    models.Index(fields=["created_at"], name="notice_by_age"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("webhook", "event_id"), name="notice_once"),
                    models.CheckConstraint(
                        condition=Q(("state__in", ("queued", "sent", "failed"))), name="notice_state_is_known"
                    ),
                ],
            },
        ),
    ]
