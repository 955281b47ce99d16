from django.db import migrations, models

LATEST = (models.OrderBy(models.F("last_at"), descending=True), models.OrderBy(models.F("id"), descending=True))


class Migration(migrations.Migration):
    dependencies = [("desk", "0015_words_by_period")]

    operations = [
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                *LATEST,
                include=["status", "assignee", "team"],
                condition=models.Q(has_attachments=True, merged_into__isnull=True, spam_at__isnull=True),
                name="conversation_with_files",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                models.F("status"),
                *LATEST,
                condition=models.Q(kind="account", merged_into__isnull=True, spam_at__isnull=True),
                name="conversation_about_accounts",
            ),
        ),
    ]
