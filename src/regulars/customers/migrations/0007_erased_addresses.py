from django.db import migrations, models


class Migration(migrations.Migration):
    """Addresses to be looked for among what is others', sealed, until an erasure is over."""

    dependencies = [("customers", "0006_portal")]

    operations = [
        migrations.AddField(
            model_name="erasure", name="addresses", field=models.BinaryField(default=bytes, db_default=b"")
        ),
    ]
