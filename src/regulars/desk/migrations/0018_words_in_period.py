from django.db import migrations

_DAY = "((last_at AT TIME ZONE 'UTC')::date - '1970-01-01'::date)"
_WORDS = f"(replace(' ' || {{0}}::text, ' ''', ' ''' || ({_DAY} / 16)::text || '#')::tsvector)"
_CREATE = f"CREATE INDEX searched_{{0}}_in_period ON desk_searched USING gin ({_WORDS}) WITH (fastupdate = off)"
_OLD_PERIODS = ", ".join(f"'#{days}#' || ({_DAY} / {days})::text" for days in (1, 4, 16, 64))
_OLD_WORDS = f"({{0}} || array_to_tsvector(ARRAY[{_OLD_PERIODS}]))"
_OLD = f"CREATE INDEX searched_{{0}}_by_period ON desk_searched USING gin ({_OLD_WORDS})"


def _instead(column: str) -> list[migrations.RunSQL]:
    return [
        migrations.RunSQL(_CREATE.format(column), f"DROP INDEX searched_{column}_in_period"),
        migrations.RunSQL(f"DROP INDEX searched_{column}_by_period", _OLD.format(column)),
    ]


class Migration(migrations.Migration):
    """The indexes have each word once for each period it was said in: of a common beginning, too, only the latest."""

    dependencies = [("desk", "0017_read")]

    operations = [*_instead("words"), *_instead("title")]
