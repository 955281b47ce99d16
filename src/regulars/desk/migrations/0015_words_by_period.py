from django.db import migrations

_DAY = "((last_at AT TIME ZONE 'UTC')::date - '1970-01-01'::date)"
_PERIODS = ", ".join(f"'#{days}#' || ({_DAY} / {days})::text" for days in (1, 4, 16, 64))
_CREATE = "CREATE INDEX searched_{0}_by_period ON desk_searched USING gin (({0} || array_to_tsvector(ARRAY[{1}])))"


class Migration(migrations.Migration):
    """The indexes of words have when it was, too: the latest with a word are looked up and no others fetched."""

    dependencies = [("desk", "0014_episode_marks")]

    operations = [
        migrations.RemoveIndex("searched", "searched_words"),
        migrations.RemoveIndex("searched", "searched_titles"),
        migrations.RunSQL(_CREATE.format("words", _PERIODS), "DROP INDEX searched_words_by_period"),
        migrations.RunSQL(_CREATE.format("title", _PERIODS), "DROP INDEX searched_title_by_period"),
    ]
