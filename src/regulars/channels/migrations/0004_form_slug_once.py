from django.db import migrations, models
from django.db.models.fields.json import KeyTextTransform


class Migration(migrations.Migration):
    dependencies = [("channels", "0004_why_suppressed")]

    operations = [
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.UniqueConstraint(
                KeyTextTransform("slug", "settings"),
                condition=models.Q(("archived_at__isnull", True), ("kind", "form")),
                name="form_slug_once",
            ),
        ),
    ]
