from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("insights", "0003_reports")]

    operations = [
        migrations.AlterField(
            model_name="scorerun",
            name="kind",
            field=models.TextField(choices=[("value", "value"), ("risk", "risk"), ("survival", "survival")]),
        ),
    ]
