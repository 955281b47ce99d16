import django.db.models.deletion
from django.db import migrations, models

OF_CUSTOMER = {"on_delete": django.db.models.deletion.CASCADE, "related_name": "+", "to": "customers.customer"}


class Migration(migrations.Migration):
    dependencies = [("customers", "0005_pending_calls")]

    operations = [
        migrations.CreateModel(
            name="PortalLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.TextField()),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                ("request", models.TextField(unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("customer", models.ForeignKey(**OF_CUSTOMER)),
            ],
            options={"indexes": [models.Index(fields=["expires_at"], name="portal_link_expires")]},
        ),
        migrations.CreateModel(
            name="PortalSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.TextField()),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("customer", models.ForeignKey(**OF_CUSTOMER)),
            ],
            options={"indexes": [models.Index(fields=["expires_at"], name="portal_session_expires")]},
        ),
    ]
