from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0002_mailbox")]

    operations = [
        migrations.AddField(
            model_name="channel", name="out_trouble", field=models.TextField(blank=True, db_default="")
        ),
        migrations.AddField(model_name="channel", name="out_trouble_at", field=models.DateTimeField(null=True)),
    ]
