from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0003_out_trouble")]

    operations = [
        migrations.AddField(
            model_name="suppressedaddress",
            name="about",
            field=models.TextField(blank=True, db_default=""),
        ),
        migrations.AddField(
            model_name="suppressedaddress",
            name="added_by",
            field=models.TextField(blank=True, db_default=""),
        ),
    ]
