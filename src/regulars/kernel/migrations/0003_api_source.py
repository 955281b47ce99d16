from django.db import migrations, models

KINDS = ("product", "import", "browser", "server", "api")


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_change")]

    operations = [
        migrations.AlterField(
            model_name="source", name="kind", field=models.TextField(choices=[(kind, kind) for kind in KINDS])
        ),
        migrations.RemoveConstraint(model_name="source", name="source_kind_is_known"),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="source_kind_is_known"),
        ),
    ]
