from django.db import migrations

# What is open is counted and listed from indexes alone, which works for pages nothing has changed since they were
# last looked over. The server does that after a fifth of a table has changed; here the same few thousand rows change
# all day, and at a million conversations it would come once a month.
TABLE = "ALTER TABLE desk_conversation SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)"
BACK = "ALTER TABLE desk_conversation RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold)"


class Migration(migrations.Migration):
    dependencies = [("desk", "0018_words_in_period")]

    operations = [migrations.RunSQL(TABLE, BACK)]
