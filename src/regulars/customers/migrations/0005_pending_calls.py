from django.db import migrations, models

# Rows come and go: what they leave is taken up again soon. Payloads are not packed, which would cost more than
# writing them as they are.
TABLE = """
ALTER TABLE customers_pendingcall ALTER COLUMN payload SET STORAGE EXTERNAL;
ALTER TABLE customers_pendingcall SET (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0,
    toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 50000,
    toast.autovacuum_vacuum_cost_delay = 0
)
"""

# As before, but each fact brings the moment at which it was received: calls of different times are written together.
# They are written in order of the customers, which is kind to the index of timelines; only one process writes at a
# time, so it waits for nobody. And nothing compares each new customer with every other: ten thousand may come at once.
TRACK = r"""
CREATE FUNCTION customers_track(
    received timestamptz, erasures_seen bigint,
    way_kinds text, way_values text, way_searches text, way_digests text, way_sources bigint[], way_verified boolean[],
    fact_who bigint[], fact_sources bigint[], fact_names text, fact_times bigint[], fact_received bigint[],
    fact_messages text, fact_properties bytea, fact_trusted boolean[],
    OUT stored integer, OUT erasures bigint, OUT ids bigint[]
)
LANGUAGE plpgsql
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    start CONSTANT timestamptz := '1970-01-01 00:00:00+00';
    kinds text[];
    vals text[];
    new_ids bigint[];
    claimed integer;
    xid bigint;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7301904);
    erasures := coalesce((SELECT id FROM customers_erasure ORDER BY id DESC LIMIT 1), 0);
    IF erasures <> erasures_seen THEN
        RETURN;  -- somebody was erased meanwhile: whoever was remembered must be looked up again
    END IF;
    IF way_kinds <> '' THEN
        kinds := string_to_array(way_kinds, E'\x1f');
        vals := string_to_array(way_values, E'\x1f');
        SELECT array_agg(coalesce(identity.customer_id, 0) ORDER BY n),
               count(*) FILTER (WHERE identity.verified_at IS NULL AND identity.id IS NOT NULL AND way_verified[n])
        INTO ids, claimed
        FROM unnest(kinds, vals) WITH ORDINALITY AS way (kind, value, n)
        LEFT JOIN customers_identity identity USING (kind, value);
        IF claimed > 0 THEN
            UPDATE customers_identity SET verified_at = received
            FROM (SELECT identity.id FROM customers_identity identity
                  JOIN unnest(kinds, vals, way_verified) AS seen (kind, value, is_verified) USING (kind, value)
                  WHERE verified_at IS NULL AND is_verified ORDER BY identity.id FOR UPDATE OF identity) AS claim
            WHERE customers_identity.id = claim.id;
        END IF;
        IF 0 = ANY(ids) THEN
            SELECT array_agg(CASE WHEN id = 0 AND erased.digest IS NULL
                                  THEN nextval('customers_customer_id_seq') END ORDER BY n)
            INTO new_ids
            FROM unnest(ids, string_to_array(way_digests, E'\x1f')) WITH ORDINALITY AS way (id, digest, n)
            LEFT JOIN kernel_suppression erased ON id = 0 AND erased.digest = decode(way.digest, 'hex');
            INSERT INTO customers_identity (customer_id, kind, value, source_id, created_at, verified_at)
            SELECT new_id, kind, value, source_id, received, CASE WHEN is_verified THEN received END
            FROM unnest(new_ids, kinds, vals, way_sources, way_verified)
                 AS way (new_id, kind, value, source_id, is_verified)
            WHERE new_id IS NOT NULL ORDER BY kind COLLATE "C", value COLLATE "C"
            ON CONFLICT (kind, value) DO NOTHING;
            SELECT array_agg(CASE WHEN known <> 0 THEN known ELSE coalesce(identity.customer_id, 0) END ORDER BY n)
            INTO ids
            FROM unnest(ids, kinds, vals) WITH ORDINALITY AS way (known, kind, value, n)
            LEFT JOIN customers_identity identity
                   ON known = 0 AND identity.kind = way.kind AND identity.value = way.value;
            INSERT INTO customers_customer (id, name, email, phone, language, time_zone, attributes, created_at,
                                            known_at, search_text)
            SELECT id, '', '', '', '', '', '{}', received, CASE WHEN kind <> 'anonymous' THEN received END,
                   coalesce(search, '')  -- a list of one empty text is split into none
            FROM unnest(ids, new_ids, kinds, string_to_array(way_searches, E'\x1f')) AS way (id, new_id, kind, search)
            WHERE id = new_id;
        END IF;
    END IF;
    xid := pg_current_xact_id()::text::bigint;
    INSERT INTO kernel_fact (tx, customer_id, name, occurred_at, recorded_at, received_at, source_id, message_id,
                             properties, is_trusted)
    SELECT xid, CASE WHEN who > 0 THEN who ELSE ids[-who] END, name,
           start + at * interval '1 microsecond', start + received_us * interval '1 microsecond',
           start + received_us * interval '1 microsecond', source_id, message_id, properties::jsonb, is_trusted
    FROM unnest(fact_who, fact_sources, string_to_array(fact_names, E'\x1f'), fact_times, fact_received,
                string_to_array(fact_messages, E'\x1f'),
                string_to_array(convert_from(fact_properties, 'UTF8'), E'\x1f'), fact_trusted)
         AS fact (who, source_id, name, at, received_us, message_id, properties, is_trusted)
    WHERE who > 0 OR ids[-who] <> 0
    ORDER BY 2, at
    ON CONFLICT (source_id, message_id) DO NOTHING;
    GET DIAGNOSTICS stored = ROW_COUNT;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_scores")]
    operations = [
        migrations.CreateModel(
            name="PendingCall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source_id", models.BigIntegerField()),
                ("is_saying", models.BooleanField()),
                ("weight", models.BigIntegerField()),
                ("stored_at", models.DateTimeField()),
                ("fault", models.TextField()),
                ("payload", models.BinaryField()),
            ],
        ),
        migrations.RunSQL(TABLE, migrations.RunSQL.noop),
        migrations.RunSQL("DROP FUNCTION customers_track", migrations.RunSQL.noop),
        migrations.RunSQL(TRACK, "DROP FUNCTION customers_track"),
    ]
