"""Each day of episodes bears marks: whatever is written anew adds one (see `desk.models.numbers.EpisodeMark`)."""

from django.db import migrations, models

# The columns of a day are kept elsewhere as long as its marks are the same. The waits of an episode are
# written only together with it.
MARKING = """
CREATE FUNCTION desk_mark_days_of_episodes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO desk_episodemark (day, mark)
    SELECT day, (random() * 9007199254740992)::bigint
    FROM (SELECT DISTINCT (opened_at AT TIME ZONE 'UTC')::date AS day FROM touched) AS days;
    RETURN NULL;
END
$$;
CREATE TRIGGER desk_episode_added AFTER INSERT ON desk_episode REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION desk_mark_days_of_episodes();
CREATE TRIGGER desk_episode_removed AFTER DELETE ON desk_episode REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION desk_mark_days_of_episodes();
CREATE TRIGGER desk_episode_was AFTER UPDATE ON desk_episode REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION desk_mark_days_of_episodes();
CREATE TRIGGER desk_episode_is AFTER UPDATE ON desk_episode REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION desk_mark_days_of_episodes();
INSERT INTO desk_episodemark (day, mark)
SELECT day, (random() * 9007199254740992)::bigint
FROM (SELECT DISTINCT (opened_at AT TIME ZONE 'UTC')::date AS day FROM desk_episode) AS days;
"""
MARKING_BACK = """
DROP TRIGGER desk_episode_added ON desk_episode;
DROP TRIGGER desk_episode_removed ON desk_episode;
DROP TRIGGER desk_episode_was ON desk_episode;
DROP TRIGGER desk_episode_is ON desk_episode;
DROP FUNCTION desk_mark_days_of_episodes();
"""


class Migration(migrations.Migration):
    dependencies = [("desk", "0013_orders_of_lists")]

    operations = [
        migrations.CreateModel(
            name="EpisodeMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("mark", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(MARKING, MARKING_BACK),
    ]
