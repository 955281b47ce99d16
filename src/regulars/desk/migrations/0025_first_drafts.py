import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """What is written to somebody before there is a conversation has a place to be kept in."""

    dependencies = [
        ("desk", "0024_joined_labels"),
        ("customers", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FirstDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.TextField(blank=True)),
                ("text", models.TextField(blank=True)),
                ("said", models.JSONField(default=dict)),
                ("attachments", models.JSONField(default=list)),
                ("changed_at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agent", "customer", "address"), name="one_first_draft_each", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("customer__isnull", True), ("address", ""), _connector="XOR"),
                        name="first_draft_is_to_one",
                    ),
                ],
            },
        ),
    ]
