from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    """A label that was joined into another stays as its other name."""

    dependencies = [("desk", "0023_message_naming")]

    operations = [
        migrations.AddField(
            "label",
            "joined_into",
            models.ForeignKey(null=True, on_delete=models.deletion.CASCADE, related_name="joined", to="desk.label"),
        ),
        migrations.AddField("label", "joined_at", models.DateTimeField(null=True)),
        migrations.RemoveConstraint("label", "desk_label_once"),
        migrations.AddConstraint(
            "label",
            models.UniqueConstraint(Lower("name"), condition=Q(joined_into=None), name="desk_label_once"),
        ),
        migrations.AddConstraint(
            "label",
            models.CheckConstraint(condition=Q(joined_into=None) ^ Q(joined_at__isnull=False), name="label_joined_at"),
        ),
    ]
