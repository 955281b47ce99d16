from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("accounts", "0002_append_only_and_cache")]

    operations = [
        migrations.AddField(model_name="agent", name="language", field=models.TextField(blank=True, default="")),
    ]
