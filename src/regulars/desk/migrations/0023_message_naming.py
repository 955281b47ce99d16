from django.db import migrations, models

_NAMED = "(lower(jsonb_path_query_array(recipients, '$.*[*].address')::text)::jsonb)"
_CREATE = f"CREATE INDEX message_naming ON desk_message USING gin ({_NAMED} jsonb_path_ops)"


class Migration(migrations.Migration):
    """Where somebody wrote, and whom a message names: an erasure finds both without reading all messages."""

    dependencies = [("desk", "0022_origins")]

    operations = [
        migrations.RunSQL(_CREATE, "DROP INDEX message_naming"),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                fields=["author_id"], condition=models.Q(author_kind="customer"), name="message_by_customer"
            ),
        ),
    ]
