from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0016_few_among_many")]

    operations = [
        migrations.AddField("conversation", "read_message_id", models.BigIntegerField(null=True)),
        migrations.AddField("conversation", "read_at", models.DateTimeField(null=True)),
    ]
