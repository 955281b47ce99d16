"""Emptying the tables after a test whose transactions were real, in a few milliseconds.

Django truncates every table, which makes each of them and of their indexes anew, and then writes its permissions
again: a tenth of a second or two, after each of some hundreds of tests. Most of them left a few rows in a few tables.
"""

from typing import Any

# Django's own list of models and permissions, which it would only write again.
STAYS = frozenset({"django_content_type", "auth_permission"})
# The queue's tables are not Django's to make, so it does not know that they are to be emptied: a job that one test
# left would be another's.
QUEUE = ("procrastinate_events", "procrastinate_jobs", "procrastinate_periodic_defers")

# Nobody may be in the middle of writing, as with TRUNCATE; no trigger runs, nor does a foreign key look at each row.
# A page the browser still asks for as its test ends may hold one table and want another: the emptying gives way, for it
# alone can begin again. It waits less than PostgreSQL's second, after which either of the two would be told to die.
_MAKE = """
CREATE OR REPLACE FUNCTION tests_emptied(names text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name text;
    until timestamptz := clock_timestamp() + interval '60 seconds';
BEGIN
    PERFORM set_config('session_replication_role', 'replica', true);
    PERFORM set_config('lock_timeout', '500ms', true);
    LOOP
        BEGIN
            EXECUTE 'LOCK TABLE ' || array_to_string(names, ', ') || ' IN ACCESS EXCLUSIVE MODE';
            EXIT;
        EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
            IF clock_timestamp() > until THEN RAISE; END IF;
            PERFORM pg_sleep(0.05);
        END;
    END LOOP;
    FOREACH name IN ARRAY names LOOP
        IF pg_relation_size(name::regclass) > 2000000 THEN
            EXECUTE 'TRUNCATE ' || name || ' CASCADE';
        ELSIF pg_relation_size(name::regclass) > 0 THEN
            EXECUTE 'DELETE FROM ' || name;
        END IF;
    END LOOP;
END $$
"""


def install() -> None:
    """Take the place of Django's emptying; where the tests' user is no superuser, Django's own stays."""
    from django.db import connection
    from django.test import TransactionTestCase

    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone() != (True,):
            return
        cursor.execute(_MAKE)
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    emptied = sorted(connection.ops.quote_name(name) for name in {*names, *QUEUE} - STAYS)

    def empty(_case: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tests_emptied(%s)", [emptied])

    TransactionTestCase._fixture_teardown = empty  # type: ignore[attr-defined]  # Django's own place for it, unnamed
