from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_team")]

    operations = [
        migrations.AddField(model_name="key", name="scopes", field=models.JSONField(db_default=[], default=list)),
    ]
