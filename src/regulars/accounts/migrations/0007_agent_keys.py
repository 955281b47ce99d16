from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_key_agent")]

    operations = [
        migrations.AddField(model_name="agent", name="keys", field=models.JSONField(default=dict, db_default={})),
    ]
