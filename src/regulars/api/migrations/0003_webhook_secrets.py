from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("api", "0002_webhooks")]

    operations = [
        migrations.AddField(
            model_name="webhook", name="description", field=models.TextField(blank=True, db_default="")
        ),
        migrations.AddField(
            model_name="webhook", name="old_secret", field=models.BinaryField(db_default=b"", default=bytes)
        ),
        migrations.AddField(model_name="webhook", name="rotated_at", field=models.DateTimeField(null=True)),
    ]
