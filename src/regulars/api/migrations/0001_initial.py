from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key_id", models.BigIntegerField()),
                ("name", models.TextField()),
                ("digest", models.BinaryField(max_length=32)),
                ("made_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="call_by_age")],
                "constraints": [models.UniqueConstraint(fields=("key_id", "name"), name="call_once")],
            },
        ),
    ]
