import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Mailbox",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("folder", models.TextField()),
                ("uidvalidity", models.BigIntegerField()),
                ("first_uidvalidity", models.BigIntegerField()),
                ("last_uid", models.BigIntegerField(default=0)),
                ("history_uid", models.BigIntegerField(default=0)),
                ("connected_at", models.DateTimeField()),
                ("looked_at", models.DateTimeField(null=True)),
                ("failures", models.SmallIntegerField(default=0)),
                ("next_try_at", models.DateTimeField(null=True)),
                ("counted_at", models.DateTimeField(null=True)),
                ("on_server", models.IntegerField(null=True)),
                ("stored", models.IntegerField(null=True)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="channels.channel"
                    ),
                ),
            ],
            options={"verbose_name_plural": "mailboxes"},
        ),
        migrations.AddConstraint(
            model_name="mailbox",
            constraint=models.UniqueConstraint(fields=("channel", "folder"), name="mailbox_once"),
        ),
    ]
