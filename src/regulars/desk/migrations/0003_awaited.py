import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0001_initial"),
        ("desk", "0002_episodes_and_clocks"),
    ]

    operations = [
        migrations.CreateModel(
            name="Awaited",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("external_id", models.TextField()),
                (
                    "channel",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="channels.channel",
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="desk.conversation"
                    ),
                ),
            ],
            options={"verbose_name_plural": "awaited"},
        ),
        migrations.AddConstraint(
            model_name="awaited",
            constraint=models.UniqueConstraint(
                fields=("external_id", "channel", "conversation"), name="awaited_once"
            ),
        ),
    ]
