from django.db import migrations, models


class Migration(migrations.Migration):
    """Who waits is few among many: views of how long are listed and counted without a walk through all."""

    dependencies = [("desk", "0020_houses")]

    operations = [
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                fields=["waiting_since"],
                condition=models.Q(spam_at__isnull=True, merged_into__isnull=True, waiting_since__isnull=False),
                name="conversation_waiting",
            ),
        ),
    ]
