from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0021_waiting_since")]

    operations = [
        migrations.CreateModel(
            name="Origin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField()),
                ("name", models.TextField(blank=True)),
                ("mark", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "name"), name="origin_once")],
            },
        ),
    ]
