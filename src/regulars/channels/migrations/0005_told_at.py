from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0004_form_slug_once")]

    operations = [migrations.AddField("channel", "told_at", models.DateTimeField(null=True))]
