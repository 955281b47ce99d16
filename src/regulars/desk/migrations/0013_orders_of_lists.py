from django.db import migrations, models

SHOWN = models.Q(merged_into__isnull=True, spam_at__isnull=True)
NEWEST = (models.OrderBy(models.F("id"), descending=True),)


class Migration(migrations.Migration):
    dependencies = [("desk", "0012_exports")]

    operations = [
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                models.F("status"),
                models.F("due_at"),
                models.F("id"),
                condition=models.Q(due_at__isnull=False, merged_into__isnull=True, spam_at__isnull=True),
                name="conversation_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                models.F("status"),
                models.F("priority"),
                models.OrderBy(models.F("last_at"), descending=True),
                *NEWEST,
                condition=SHOWN,
                name="conversation_by_priority",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                models.F("status"),
                models.OrderBy(models.F("created_at"), descending=True),
                *NEWEST,
                condition=SHOWN,
                name="conversation_by_created",
            ),
        ),
    ]
