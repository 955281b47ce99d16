import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Tables of side conversations, and what a list shows of them on the conversation itself."""

    dependencies = [
        ("channels", "0003_out_trouble"),
        ("desk", "0008_labels_of_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="SideConversation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.TextField(blank=True)),
                ("participants", models.JSONField(default=list)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.TextField()),
                ("last_at", models.DateTimeField()),
                ("message_count", models.IntegerField(default=0)),
                ("unread_since", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("done_by", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="SideFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.TextField()),
                ("name", models.TextField()),
                ("type", models.TextField()),
                ("size", models.BigIntegerField()),
                ("content_id", models.TextField(blank=True)),
                ("is_inline", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="SideMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("author_kind", models.TextField()),
                ("author_id", models.BigIntegerField(null=True)),
                ("author_name", models.TextField(blank=True)),
                ("author_address", models.TextField(blank=True)),
                ("text", models.TextField(blank=True)),
                ("quoted", models.TextField(blank=True)),
                ("signature", models.TextField(blank=True)),
                ("html", models.TextField(blank=True)),
                ("recipients", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                ("is_automatic", models.BooleanField(default=False)),
                ("automatic_reason", models.TextField(blank=True)),
                ("external_id", models.TextField(blank=True)),
                ("incoming_id", models.BigIntegerField(null=True)),
                ("key", models.TextField(null=True, unique=True)),
                ("state", models.TextField(blank=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("trouble", models.TextField(blank=True)),
                ("removed_at", models.DateTimeField(null=True)),
                ("removed_by", models.TextField(blank=True)),
            ],
        ),
        migrations.AddField(
            model_name="conversation",
            name="side_count",
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="conversation",
            name="side_unread",
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("side_unread__gt", 0)), fields=["assignee"], name="conversation_side_unread"
            ),
        ),
        migrations.AddField(
            model_name="sideconversation",
            name="channel",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="channels.channel"
            ),
        ),
        migrations.AddField(
            model_name="sideconversation",
            name="conversation",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sides",
                to="desk.conversation",
            ),
        ),
        migrations.AddField(
            model_name="sidemessage",
            name="side",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="messages",
                to="desk.sideconversation",
            ),
        ),
        migrations.AddField(
            model_name="sidefile",
            name="message",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="files", to="desk.sidemessage"
            ),
        ),
        migrations.AddIndex(
            model_name="sideconversation",
            index=models.Index(fields=["conversation", "id"], name="side_of_conversation"),
        ),
        migrations.AddIndex(
            model_name="sidemessage",
            index=models.Index(fields=["side", "id"], name="side_message_in_side"),
        ),
        migrations.AddIndex(
            model_name="sidemessage",
            index=models.Index(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=["external_id"],
                name="side_message_by_external_id",
            ),
        ),
        migrations.AddIndex(
            model_name="sidemessage",
            index=models.Index(
                condition=models.Q(("author_address", ""), _negated=True),
                fields=["author_address"],
                name="side_message_by_author",
            ),
        ),
        migrations.AddIndex(
            model_name="sidemessage",
            index=models.Index(
                condition=models.Q(("state", "queued")), fields=["due_at"], name="side_message_to_let_go"
            ),
        ),
        migrations.AddConstraint(
            model_name="sidemessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("author_kind__in", ("agent", "outside", "system"))),
                name="side_message_author_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="sidemessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("", "queued", "leaving", "sent", "failed", "unknown", "cancelled"))),
                name="side_message_state_is_known",
            ),
        ),
        migrations.AddIndex(
            model_name="sidefile",
            index=models.Index(fields=["digest"], name="side_file_by_digest"),
        ),
    ]
