from django.db import migrations


class Migration(migrations.Migration):
    """A list of one label reads it by label; the key of the table begins with the conversation."""

    dependencies = [("desk", "0007_rules_and_routes")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX desk_label_of_lists ON desk_conversation_labels (label_id, conversation_id)",
            "DROP INDEX desk_label_of_lists",
        ),
    ]
