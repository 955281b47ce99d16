from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0019_vacuumed")]

    operations = [
        migrations.CreateModel(
            name="House",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("mark", models.TextField(blank=True)),
                ("is_own", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(is_own=True), fields=("is_own",), name="one_own_house"),
                    models.UniqueConstraint(condition=models.Q(is_own=False), fields=("mark",), name="house_mark_once"),
                ],
            },
        ),
    ]
