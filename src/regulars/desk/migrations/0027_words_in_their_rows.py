from django.db import migrations

# The words of a usual conversation are just too long to stay in their row as the server would have it, and every
# search looks at some hundreds of rows one after the other: kept aside, each takes four looks more, and twice the time.
# What stands there already moves when it is written anew.
INSIDE = "ALTER TABLE desk_searched SET (toast_tuple_target = 8128)"
ASIDE = "ALTER TABLE desk_searched RESET (toast_tuple_target)"


class Migration(migrations.Migration):
    dependencies = [("desk", "0026_far_files")]

    operations = [migrations.RunSQL(INSIDE, ASIDE)]
