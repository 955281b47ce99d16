"""Macros that do things: for a team too, counted, retired; a draft remembers what its macro will do; bulks say
what they left."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_team"), ("desk", "0010_fields")]

    operations = [
        migrations.AlterField("macro", "text", models.TextField(blank=True)),
        migrations.AddField("macro", "is_note", models.BooleanField(default=False)),
        migrations.AddField("macro", "deeds", models.JSONField(default=list)),
        migrations.AddField(
            "macro",
            "team",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.team"
            ),
        ),
        migrations.AddField("macro", "used_count", models.IntegerField(default=0)),
        migrations.AddField("macro", "used_at", models.DateTimeField(null=True)),
        migrations.AddField("macro", "retired_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "macro", models.CheckConstraint(condition=~models.Q(deeds=[], text=""), name="macro_does_something")
        ),
        migrations.AddField("draft", "doing", models.JSONField(default=dict)),
        migrations.AddField("bulk", "refused", models.IntegerField(default=0)),
        migrations.AddField("bulk", "refusals", models.JSONField(default=dict)),
    ]
