-- What all migrations leave. Written by: python -m regulars.cli.fresh.writing
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

CREATE TYPE public.procrastinate_job_event_type AS ENUM (
    'deferred',
    'started',
    'deferred_for_retry',
    'failed',
    'succeeded',
    'cancelled',
    'abort_requested',
    'aborted',
    'scheduled',
    'retried'
);

CREATE TYPE public.procrastinate_job_status AS ENUM (
    'todo',
    'doing',
    'succeeded',
    'failed',
    'cancelled',
    'aborting',
    'aborted'
);

CREATE TYPE public.procrastinate_job_to_defer_v1 AS (
	queue_name character varying,
	task_name character varying,
	priority integer,
	lock text,
	queueing_lock text,
	args jsonb,
	scheduled_at timestamp with time zone
);

CREATE FUNCTION public.accounts_audit_is_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'the record of acts is append-only' USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE FUNCTION public.customers_track(received timestamp with time zone, erasures_seen bigint, way_kinds text, way_values text, way_searches text, way_digests text, way_sources bigint[], way_verified boolean[], fact_who bigint[], fact_sources bigint[], fact_names text, fact_times bigint[], fact_received bigint[], fact_messages text, fact_properties bytea, fact_trusted boolean[], OUT stored integer, OUT erasures bigint, OUT ids bigint[]) RETURNS record
    LANGUAGE plpgsql
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET enable_seqscan TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
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
$$;

CREATE FUNCTION public.desk_mark_days_of_episodes() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO desk_episodemark (day, mark)
    SELECT day, (random() * 9007199254740992)::bigint
    FROM (SELECT DISTINCT (opened_at AT TIME ZONE 'UTC')::date AS day FROM touched) AS days;
    RETURN NULL;
END
$$;

CREATE FUNCTION public.procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$$;

CREATE FUNCTION public.procrastinate_defer_jobs_v1(jobs public.procrastinate_job_to_defer_v1[]) RETURNS bigint[]
    LANGUAGE plpgsql
    AS $$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;

    RETURN job_ids;
END;
$$;

CREATE FUNCTION public.procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
	_job_id bigint;
	_defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;

    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;

    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;

    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;

    RETURN _job_id;
END;
$$;

CREATE TABLE public.procrastinate_jobs (
    id bigint NOT NULL,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    lock text,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    status public.procrastinate_job_status DEFAULT 'todo'::public.procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    queueing_lock text,
    priority integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint,
    CONSTRAINT check_not_todo_abort_requested CHECK ((NOT ((status = 'todo'::public.procrastinate_job_status) AND (abort_requested = true))))
);

CREATE FUNCTION public.procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint) RETURNS public.procrastinate_jobs
    LANGUAGE plpgsql
    AS $$
DECLARE
	found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;

 RETURN found_jobs;
END;
$$;

CREATE FUNCTION public.procrastinate_finish_job_v1(job_id bigint, end_status public.procrastinate_job_status, delete_job boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$$;

CREATE FUNCTION public.procrastinate_notify_queue_abort_job_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_notify_queue_job_inserted_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision) RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$$;

CREATE FUNCTION public.procrastinate_register_worker_v1() RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$$;

CREATE FUNCTION public.procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$$;

CREATE FUNCTION public.procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;

END;
$$;

CREATE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);

	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_status_events_update_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_unlink_periodic_defers_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$$;

CREATE FUNCTION public.procrastinate_unregister_worker_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$$;

CREATE FUNCTION public.procrastinate_update_heartbeat_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$$;

CREATE TABLE public.account_emailaddress (
    id integer NOT NULL,
    email character varying(254) NOT NULL,
    verified boolean NOT NULL,
    "primary" boolean NOT NULL,
    user_id bigint NOT NULL
);

ALTER TABLE public.account_emailaddress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailaddress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.account_emailconfirmation (
    id integer NOT NULL,
    created timestamp with time zone NOT NULL,
    sent timestamp with time zone,
    key character varying(64) NOT NULL,
    email_address_id integer NOT NULL
);

ALTER TABLE public.account_emailconfirmation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailconfirmation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_agent (
    id bigint NOT NULL,
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    email character varying(254) NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    deactivated_at timestamp with time zone,
    density text NOT NULL,
    theme text NOT NULL,
    language text NOT NULL,
    keys jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT agent_role_is_known CHECK ((role = ANY (ARRAY['owner'::text, 'manager'::text, 'agent'::text, 'analyst'::text])))
);

ALTER TABLE public.accounts_agent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_agent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_auditentry (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    actor_name text NOT NULL,
    verb text NOT NULL,
    subject text NOT NULL,
    details jsonb NOT NULL,
    address inet
);

ALTER TABLE public.accounts_auditentry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_auditentry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE UNLOGGED TABLE public.accounts_cache (
    cache_key character varying(255) NOT NULL,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);

CREATE TABLE public.accounts_invitation (
    id bigint NOT NULL,
    email character varying(254) NOT NULL,
    role text NOT NULL,
    digest bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    created_by_name text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    accepted_at timestamp with time zone,
    revoked_at timestamp with time zone,
    revoked_by text NOT NULL,
    accepted_by_id bigint,
    CONSTRAINT invitation_ends_once CHECK (((accepted_at IS NULL) OR (revoked_at IS NULL))),
    CONSTRAINT invitation_role_is_known CHECK ((role = ANY (ARRAY['owner'::text, 'manager'::text, 'agent'::text, 'analyst'::text])))
);

ALTER TABLE public.accounts_invitation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_invitation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_key (
    id bigint NOT NULL,
    prefix text NOT NULL,
    digest bytea NOT NULL,
    public_text text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    revoked_by text NOT NULL,
    source_id bigint NOT NULL,
    scopes jsonb DEFAULT '[]'::jsonb NOT NULL,
    agent_id bigint
);

ALTER TABLE public.accounts_key ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_key_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_onetimelink (
    id bigint NOT NULL,
    purpose text NOT NULL,
    digest bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    agent_id bigint,
    CONSTRAINT one_time_link_has_its_agent CHECK ((((agent_id IS NULL) AND (purpose = 'first_owner'::text)) OR ((agent_id IS NOT NULL) AND (purpose = 'sign_in'::text))))
);

ALTER TABLE public.accounts_onetimelink ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_onetimelink_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_team (
    id bigint NOT NULL,
    name text NOT NULL,
    is_open boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    archived_at timestamp with time zone
);

CREATE TABLE public.accounts_team_agents (
    id bigint NOT NULL,
    team_id bigint NOT NULL,
    agent_id bigint NOT NULL
);

ALTER TABLE public.accounts_team_agents ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_team_agents_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.accounts_team ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_team_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.api_call (
    id bigint NOT NULL,
    key_id bigint NOT NULL,
    name text NOT NULL,
    digest bytea NOT NULL,
    made_id bigint,
    at timestamp with time zone NOT NULL
);

ALTER TABLE public.api_call ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.api_call_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.api_notice (
    id bigint NOT NULL,
    event_id text NOT NULL,
    event text NOT NULL,
    customer_id bigint NOT NULL,
    body jsonb NOT NULL,
    state text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    attempts smallint NOT NULL,
    settled_at timestamp with time zone,
    answer_status smallint,
    answer text NOT NULL,
    webhook_id bigint NOT NULL,
    CONSTRAINT notice_state_is_known CHECK ((state = ANY (ARRAY['queued'::text, 'sent'::text, 'failed'::text])))
);

ALTER TABLE public.api_notice ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.api_notice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.api_webhook (
    id bigint NOT NULL,
    url text NOT NULL,
    events jsonb NOT NULL,
    secret bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    paused_at timestamp with time zone,
    archived_at timestamp with time zone,
    trouble text NOT NULL,
    trouble_at timestamp with time zone,
    description text DEFAULT ''::text NOT NULL,
    old_secret bytea DEFAULT '\x'::bytea NOT NULL,
    rotated_at timestamp with time zone
);

ALTER TABLE public.api_webhook ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.api_webhook_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);

ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);

ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);

ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.channels_channel (
    id bigint NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    address text NOT NULL,
    settings jsonb NOT NULL,
    secrets bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    archived_at timestamp with time zone,
    paused_at timestamp with time zone,
    synced_at timestamp with time zone,
    worked_at timestamp with time zone,
    trouble text NOT NULL,
    trouble_at timestamp with time zone,
    team_id bigint,
    out_trouble text DEFAULT ''::text NOT NULL,
    out_trouble_at timestamp with time zone,
    told_at timestamp with time zone,
    CONSTRAINT channel_kind_is_known CHECK ((kind = ANY (ARRAY['email'::text, 'form'::text, 'api'::text, 'chat'::text, 'phone'::text, 'messenger'::text])))
);

ALTER TABLE public.channels_channel ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.channels_channel_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.channels_delivery (
    id bigint NOT NULL,
    key text NOT NULL,
    about text NOT NULL,
    customer_id bigint,
    letter jsonb NOT NULL,
    external_id text NOT NULL,
    state text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    claimed_at timestamp with time zone,
    settled_at timestamp with time zone,
    attempts smallint NOT NULL,
    trouble text NOT NULL,
    channel_id bigint NOT NULL,
    CONSTRAINT delivery_state_is_known CHECK ((state = ANY (ARRAY['queued'::text, 'claimed'::text, 'sent'::text, 'failed'::text, 'unknown'::text, 'cancelled'::text])))
);

ALTER TABLE public.channels_delivery ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.channels_delivery_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.channels_incoming (
    id bigint NOT NULL,
    source_key text NOT NULL,
    raw bytea NOT NULL,
    digest bytea NOT NULL,
    received_at timestamp with time zone NOT NULL,
    is_history boolean NOT NULL,
    envelope jsonb NOT NULL,
    state text NOT NULL,
    settled_at timestamp with time zone,
    trouble text NOT NULL,
    attempts smallint NOT NULL,
    channel_id bigint NOT NULL,
    CONSTRAINT incoming_state_is_known CHECK ((state = ANY (ARRAY['stored'::text, 'placed'::text, 'dropped'::text, 'dead'::text])))
);

ALTER TABLE public.channels_incoming ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.channels_incoming_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.channels_mailbox (
    id bigint NOT NULL,
    folder text NOT NULL,
    uidvalidity bigint NOT NULL,
    first_uidvalidity bigint NOT NULL,
    last_uid bigint NOT NULL,
    history_uid bigint NOT NULL,
    connected_at timestamp with time zone NOT NULL,
    looked_at timestamp with time zone,
    failures smallint NOT NULL,
    next_try_at timestamp with time zone,
    counted_at timestamp with time zone,
    on_server integer,
    stored integer,
    channel_id bigint NOT NULL
);

ALTER TABLE public.channels_mailbox ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.channels_mailbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.channels_suppressedaddress (
    id bigint NOT NULL,
    address text NOT NULL,
    reason text NOT NULL,
    at timestamp with time zone NOT NULL,
    lifted_at timestamp with time zone,
    lifted_by text NOT NULL,
    about text DEFAULT ''::text NOT NULL,
    added_by text DEFAULT ''::text NOT NULL
);

ALTER TABLE public.channels_suppressedaddress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.channels_suppressedaddress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.customers_appliedmessage (
    source_id bigint NOT NULL,
    message_id text NOT NULL
);

CREATE TABLE public.customers_claimedlink (
    id bigint NOT NULL,
    source_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    customer_id bigint NOT NULL,
    visitor_id bigint NOT NULL
);

ALTER TABLE public.customers_claimedlink ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_claimedlink_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.customers_company (
    id bigint NOT NULL,
    external_id text NOT NULL,
    name text NOT NULL,
    attributes jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE public.customers_company ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_company_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.customers_consent (
    id bigint NOT NULL,
    purpose text NOT NULL,
    is_given boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    source text NOT NULL,
    text_version text NOT NULL,
    actor text NOT NULL,
    customer_id bigint NOT NULL
);

ALTER TABLE public.customers_consent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_consent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.customers_customer (
    id bigint NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    phone text NOT NULL,
    language text NOT NULL,
    time_zone text NOT NULL,
    attributes jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    known_at timestamp with time zone,
    first_seen_at timestamp with time zone,
    last_seen_at timestamp with time zone,
    search_text text NOT NULL,
    company_id bigint,
    merged_into_id bigint,
    CONSTRAINT customer_not_merged_into_itself CHECK ((NOT ((merged_into_id = id) AND (merged_into_id IS NOT NULL))))
);

ALTER TABLE public.customers_customer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_customer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.customers_customer_labels (
    id bigint NOT NULL,
    customer_id bigint NOT NULL,
    label_id bigint NOT NULL
);

ALTER TABLE public.customers_customer_labels ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_customer_labels_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.customers_erasure (
    id bigint NOT NULL,
    customer_ids bigint[] NOT NULL,
    digests bytea[] NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    asked_by text NOT NULL,
    journaled_at timestamp with time zone,
    erased_at timestamp with time zone,
    swept_at timestamp with time zone,
    removed jsonb NOT NULL
);

ALTER TABLE public.customers_erasure ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_erasure_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.customers_identity (
    id bigint NOT NULL,
    kind text NOT NULL,
    value text NOT NULL,
    source_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    verified_at timestamp with time zone,
    customer_id bigint NOT NULL
);

ALTER TABLE public.customers_identity ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_identity_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.customers_import (
    id bigint NOT NULL,
    kind text NOT NULL,
    file_name text NOT NULL,
    digest text NOT NULL,
    size bigint NOT NULL,
    state text NOT NULL,
    plan jsonb NOT NULL,
    found jsonb NOT NULL,
    counts jsonb NOT NULL,
    batches_done integer NOT NULL,
    progress double precision NOT NULL,
    problem text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    cancelled_by text NOT NULL,
    CONSTRAINT import_kind_is_known CHECK ((kind = ANY (ARRAY['orders'::text, 'customers'::text, 'facts'::text]))),
    CONSTRAINT import_state_is_known CHECK ((state = ANY (ARRAY['waiting'::text, 'checking'::text, 'ready'::text, 'running'::text, 'done'::text, 'failed'::text, 'cancelled'::text])))
);

ALTER TABLE public.customers_import ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_import_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.customers_label (
    id bigint NOT NULL,
    name text NOT NULL,
    hue smallint NOT NULL
);

ALTER TABLE public.customers_label ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_label_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.customers_merge (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    why text NOT NULL,
    undone_at timestamp with time zone,
    undone_by text NOT NULL,
    kept_id bigint NOT NULL,
    merged_id bigint NOT NULL
);

ALTER TABLE public.customers_merge ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_merge_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.customers_pendingcall (
    id bigint NOT NULL,
    source_id bigint NOT NULL,
    is_saying boolean NOT NULL,
    weight bigint NOT NULL,
    stored_at timestamp with time zone NOT NULL,
    fault text NOT NULL,
    payload bytea NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='5000', autovacuum_vacuum_cost_delay='0', toast.autovacuum_vacuum_scale_factor='0', toast.autovacuum_vacuum_threshold='50000', toast.autovacuum_vacuum_cost_delay='0');
ALTER TABLE ONLY public.customers_pendingcall ALTER COLUMN payload SET STORAGE EXTERNAL;

ALTER TABLE public.customers_pendingcall ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_pendingcall_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.customers_portallink (
    id bigint NOT NULL,
    address text NOT NULL,
    digest bytea NOT NULL,
    request text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    customer_id bigint NOT NULL
);

ALTER TABLE public.customers_portallink ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_portallink_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.customers_portalsession (
    id bigint NOT NULL,
    address text NOT NULL,
    digest bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    customer_id bigint NOT NULL
);

ALTER TABLE public.customers_portalsession ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_portalsession_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.customers_rejectedmessage (
    id bigint NOT NULL,
    source_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    code text NOT NULL,
    reason text NOT NULL,
    kind text NOT NULL,
    event text NOT NULL,
    message_id text NOT NULL
);

ALTER TABLE public.customers_rejectedmessage ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_rejectedmessage_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.customers_trait (
    id bigint NOT NULL,
    name text NOT NULL,
    value jsonb NOT NULL,
    as_of timestamp with time zone NOT NULL,
    why text NOT NULL,
    customer_id bigint NOT NULL,
    number double precision
);

ALTER TABLE public.customers_trait ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_trait_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_attachment (
    id bigint NOT NULL,
    digest text NOT NULL,
    name text NOT NULL,
    type text NOT NULL,
    size bigint NOT NULL,
    content_id text NOT NULL,
    is_inline boolean NOT NULL,
    message_id bigint NOT NULL
);

ALTER TABLE public.desk_attachment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_attachment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_awaited (
    id bigint NOT NULL,
    external_id text NOT NULL,
    channel_id bigint NOT NULL,
    conversation_id bigint NOT NULL
);

ALTER TABLE public.desk_awaited ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_awaited_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_bulk (
    id bigint NOT NULL,
    deed text NOT NULL,
    value jsonb,
    told text NOT NULL,
    ids bigint[] NOT NULL,
    total integer NOT NULL,
    at timestamp with time zone NOT NULL,
    done integer NOT NULL,
    changed integer NOT NULL,
    finished_at timestamp with time zone,
    undo_asked_at timestamp with time zone,
    undo_done integer NOT NULL,
    undone integer NOT NULL,
    not_undone integer NOT NULL,
    undone_at timestamp with time zone,
    agent_id bigint NOT NULL,
    refused integer NOT NULL,
    refusals jsonb NOT NULL,
    CONSTRAINT bulk_ends CHECK (((done <= total) AND (undo_done <= total)))
);

ALTER TABLE public.desk_bulk ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_bulk_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_clock (
    id bigint NOT NULL,
    episode integer NOT NULL,
    kind text NOT NULL,
    turn integer NOT NULL,
    target text NOT NULL,
    seconds integer NOT NULL,
    started_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone,
    warn_at timestamp with time zone,
    paused_at timestamp with time zone,
    met_at timestamp with time zone,
    stopped_at timestamp with time zone,
    warned_at timestamp with time zone,
    breached_at timestamp with time zone,
    conversation_id bigint NOT NULL,
    policy_id bigint NOT NULL,
    CONSTRAINT clock_kind_is_known CHECK ((kind = ANY (ARRAY['first'::text, 'next'::text, 'resolution'::text])))
);

ALTER TABLE public.desk_clock ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_clock_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_conversation (
    id bigint NOT NULL,
    kind text NOT NULL,
    status text NOT NULL,
    priority smallint NOT NULL,
    subject text NOT NULL,
    fields jsonb NOT NULL,
    language text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    waiting_since timestamp with time zone,
    snoozed_until timestamp with time zone,
    snoozed_by text NOT NULL,
    resolved_at timestamp with time zone,
    resolved_by text NOT NULL,
    spam_at timestamp with time zone,
    spam_by text NOT NULL,
    due_at timestamp with time zone,
    is_history boolean NOT NULL,
    key text,
    preview text NOT NULL,
    last_author text NOT NULL,
    message_count integer NOT NULL,
    has_attachments boolean NOT NULL,
    assignee_id bigint,
    channel_id bigint NOT NULL,
    customer_id bigint NOT NULL,
    merged_into_id bigint,
    team_id bigint,
    side_count integer DEFAULT 0 NOT NULL,
    side_unread integer DEFAULT 0 NOT NULL,
    read_message_id bigint,
    read_at timestamp with time zone,
    CONSTRAINT conversation_kind_is_known CHECK ((kind = ANY (ARRAY['issue'::text, 'account'::text]))),
    CONSTRAINT conversation_not_merged_into_itself CHECK ((NOT ((merged_into_id = id) AND (merged_into_id IS NOT NULL)))),
    CONSTRAINT conversation_priority_is_known CHECK (((priority >= 1) AND (priority <= 4))),
    CONSTRAINT conversation_resolved_at CHECK ((((status = 'resolved'::text) OR (resolved_at IS NULL)) AND (1 = (
CASE
    WHEN (status = 'resolved'::text) THEN 1
    ELSE 0
END +
CASE
    WHEN (resolved_at IS NULL) THEN 1
    ELSE 0
END)))),
    CONSTRAINT conversation_snoozed_until CHECK ((((status = 'snoozed'::text) OR (snoozed_until IS NULL)) AND (1 = (
CASE
    WHEN (status = 'snoozed'::text) THEN 1
    ELSE 0
END +
CASE
    WHEN (snoozed_until IS NULL) THEN 1
    ELSE 0
END)))),
    CONSTRAINT conversation_status_is_known CHECK ((status = ANY (ARRAY['open'::text, 'waiting'::text, 'snoozed'::text, 'resolved'::text])))
);

ALTER TABLE public.desk_conversation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_conversation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_conversation_labels (
    id bigint NOT NULL,
    conversation_id bigint NOT NULL,
    label_id bigint NOT NULL
);

ALTER TABLE public.desk_conversation_labels ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_conversation_labels_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_draft (
    id bigint NOT NULL,
    kind text NOT NULL,
    text text NOT NULL,
    recipients jsonb NOT NULL,
    attachments jsonb NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    agent_id bigint NOT NULL,
    conversation_id bigint NOT NULL,
    doing jsonb NOT NULL
);

ALTER TABLE public.desk_draft ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_draft_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_episode (
    id bigint NOT NULL,
    ordinal integer NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    began_at timestamp with time zone,
    ended_at timestamp with time zone,
    ending text NOT NULL,
    resolved_by integer,
    channel_id bigint,
    team_id bigint,
    agent_id bigint,
    priority smallint,
    kind text NOT NULL,
    labels text[] NOT NULL,
    messages integer NOT NULL,
    replies integer NOT NULL,
    seconds double precision,
    business_seconds double precision,
    paused_seconds double precision,
    paused_business_seconds double precision,
    bot_seconds double precision,
    bot_business_seconds double precision,
    target_seconds integer,
    due_at timestamp with time zone,
    conversation_id bigint NOT NULL
);

ALTER TABLE public.desk_episode ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_episode_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_episodemark (
    id bigint NOT NULL,
    day date NOT NULL,
    mark bigint NOT NULL
);

ALTER TABLE public.desk_episodemark ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_episodemark_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_export (
    id bigint NOT NULL,
    asked_by text NOT NULL,
    asked_by_name text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    form text NOT NULL,
    since timestamp with time zone,
    with_files boolean NOT NULL,
    state text NOT NULL,
    progress double precision NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    expires_at timestamp with time zone,
    size bigint NOT NULL,
    counts jsonb NOT NULL,
    trouble text NOT NULL,
    agent_id bigint,
    CONSTRAINT export_state_is_known CHECK ((state = ANY (ARRAY['asked'::text, 'running'::text, 'ready'::text, 'failed'::text, 'gone'::text])))
);

ALTER TABLE public.desk_export ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_export_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_fielddefinition (
    id bigint NOT NULL,
    key text NOT NULL,
    label text NOT NULL,
    kind text NOT NULL,
    help text NOT NULL,
    choices jsonb NOT NULL,
    is_required boolean NOT NULL,
    team_ids bigint[] NOT NULL,
    "position" integer NOT NULL,
    retired_at timestamp with time zone,
    changed_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL,
    CONSTRAINT field_has_a_name CHECK (((NOT (key = ''::text)) AND (NOT (label = ''::text)))),
    CONSTRAINT field_kind_is_known CHECK ((kind = ANY (ARRAY['short text'::text, 'long text'::text, 'number'::text, 'money'::text, 'date'::text, 'yes or no'::text, 'choice'::text, 'choices'::text, 'link'::text])))
);

ALTER TABLE public.desk_fielddefinition ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_fielddefinition_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_firing (
    id bigint NOT NULL,
    rule_name text NOT NULL,
    because text NOT NULL,
    trigger text NOT NULL,
    at timestamp with time zone NOT NULL,
    did jsonb NOT NULL,
    trouble text NOT NULL,
    conversation_id bigint NOT NULL,
    rule_id bigint
);

ALTER TABLE public.desk_firing ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_firing_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_label (
    id bigint NOT NULL,
    name text NOT NULL,
    hue smallint NOT NULL
);

ALTER TABLE public.desk_label ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_label_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_link (
    id bigint NOT NULL,
    why text NOT NULL,
    at timestamp with time zone NOT NULL,
    by text NOT NULL,
    conversation_id bigint NOT NULL,
    other_id bigint NOT NULL,
    CONSTRAINT not_linked_to_itself CHECK ((NOT (conversation_id = other_id)))
);

ALTER TABLE public.desk_link ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_link_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_macro (
    id bigint NOT NULL,
    name text NOT NULL,
    text text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL,
    agent_id bigint,
    is_note boolean NOT NULL,
    deeds jsonb NOT NULL,
    team_id bigint,
    used_count integer NOT NULL,
    used_at timestamp with time zone,
    retired_at timestamp with time zone,
    CONSTRAINT macro_does_something CHECK ((NOT ((deeds = '[]'::jsonb) AND (text = ''::text)))),
    CONSTRAINT macro_has_a_name CHECK ((NOT (name = ''::text)))
);

ALTER TABLE public.desk_macro ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_macro_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_mention (
    id bigint NOT NULL,
    seen_at timestamp with time zone,
    agent_id bigint NOT NULL,
    message_id bigint NOT NULL
);

ALTER TABLE public.desk_mention ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_mention_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_merge (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    before jsonb NOT NULL,
    undone_at timestamp with time zone,
    undone_by text NOT NULL,
    kept_id bigint NOT NULL,
    merged_id bigint NOT NULL
);

ALTER TABLE public.desk_merge ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_merge_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_message (
    id bigint NOT NULL,
    kind text NOT NULL,
    author_kind text NOT NULL,
    author_id bigint,
    author_name text NOT NULL,
    subject text NOT NULL,
    text text NOT NULL,
    quoted text NOT NULL,
    signature text NOT NULL,
    html text NOT NULL,
    recipients jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    is_automatic boolean NOT NULL,
    automatic_reason text NOT NULL,
    external_id text NOT NULL,
    incoming_id bigint,
    key text,
    state text NOT NULL,
    due_at timestamp with time zone,
    trouble text NOT NULL,
    before jsonb NOT NULL,
    removed_at timestamp with time zone,
    removed_by text NOT NULL,
    channel_id bigint,
    conversation_id bigint NOT NULL,
    CONSTRAINT message_author_is_known CHECK ((author_kind = ANY (ARRAY['agent'::text, 'customer'::text, 'bot'::text, 'rule'::text, 'key'::text, 'system'::text]))),
    CONSTRAINT message_kind_is_known CHECK ((kind = ANY (ARRAY['message'::text, 'note'::text]))),
    CONSTRAINT message_state_is_known CHECK ((state = ANY (ARRAY[''::text, 'queued'::text, 'leaving'::text, 'sent'::text, 'failed'::text, 'unknown'::text, 'cancelled'::text])))
);

ALTER TABLE public.desk_message ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_policy (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    by text NOT NULL,
    content jsonb NOT NULL
);

ALTER TABLE public.desk_policy ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_policy_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_presence (
    id bigint NOT NULL,
    is_writing boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    agent_id bigint NOT NULL,
    conversation_id bigint NOT NULL
);

ALTER TABLE public.desk_presence ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_presence_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_route (
    id bigint NOT NULL,
    method text NOT NULL,
    is_by_skill boolean NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL,
    team_id bigint,
    CONSTRAINT route_method_is_known CHECK ((method = ANY (ARRAY['by hand'::text, 'in turn'::text, 'least busy'::text])))
);

ALTER TABLE public.desk_route ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_route_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_routed (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    method text NOT NULL,
    among smallint NOT NULL,
    probability double precision NOT NULL,
    agent_id bigint NOT NULL,
    conversation_id bigint NOT NULL
);

ALTER TABLE public.desk_routed ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_routed_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_rule (
    id bigint NOT NULL,
    name text NOT NULL,
    triggers text[] NOT NULL,
    conditions jsonb NOT NULL,
    deeds jsonb NOT NULL,
    is_last boolean NOT NULL,
    "position" integer NOT NULL,
    paused_at timestamp with time zone,
    changed_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL
);

ALTER TABLE public.desk_rule ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_rule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_searched (
    conversation_id bigint NOT NULL,
    last_at timestamp with time zone NOT NULL,
    title tsvector NOT NULL,
    words tsvector NOT NULL
);

CREATE TABLE public.desk_seat (
    agent_id bigint NOT NULL,
    capacity smallint NOT NULL,
    skills text[] NOT NULL,
    away_at timestamp with time zone,
    CONSTRAINT seat_capacity_is_sane CHECK (((capacity >= 0) AND (capacity <= 1000)))
);

CREATE TABLE public.desk_sideconversation (
    id bigint NOT NULL,
    subject text NOT NULL,
    participants jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    last_at timestamp with time zone NOT NULL,
    message_count integer NOT NULL,
    unread_since timestamp with time zone,
    done_at timestamp with time zone,
    done_by text NOT NULL,
    channel_id bigint NOT NULL,
    conversation_id bigint NOT NULL
);

ALTER TABLE public.desk_sideconversation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_sideconversation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_sidefile (
    id bigint NOT NULL,
    digest text NOT NULL,
    name text NOT NULL,
    type text NOT NULL,
    size bigint NOT NULL,
    content_id text NOT NULL,
    is_inline boolean NOT NULL,
    message_id bigint NOT NULL
);

ALTER TABLE public.desk_sidefile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_sidefile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_sidemessage (
    id bigint NOT NULL,
    author_kind text NOT NULL,
    author_id bigint,
    author_name text NOT NULL,
    author_address text NOT NULL,
    text text NOT NULL,
    quoted text NOT NULL,
    signature text NOT NULL,
    html text NOT NULL,
    recipients jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    is_automatic boolean NOT NULL,
    automatic_reason text NOT NULL,
    external_id text NOT NULL,
    incoming_id bigint,
    key text,
    state text NOT NULL,
    due_at timestamp with time zone,
    trouble text NOT NULL,
    removed_at timestamp with time zone,
    removed_by text NOT NULL,
    side_id bigint NOT NULL,
    CONSTRAINT side_message_author_is_known CHECK ((author_kind = ANY (ARRAY['agent'::text, 'outside'::text, 'system'::text]))),
    CONSTRAINT side_message_state_is_known CHECK ((state = ANY (ARRAY[''::text, 'queued'::text, 'leaving'::text, 'sent'::text, 'failed'::text, 'unknown'::text, 'cancelled'::text])))
);

ALTER TABLE public.desk_sidemessage ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_sidemessage_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_step (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    actor_name text NOT NULL,
    verb text NOT NULL,
    details jsonb NOT NULL,
    batch text NOT NULL,
    conversation_id bigint NOT NULL
);

ALTER TABLE public.desk_step ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_step_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_turn (
    id bigint NOT NULL,
    ordinal integer NOT NULL,
    began_at timestamp with time zone NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    stopped_at timestamp with time zone,
    channel_id bigint,
    team_id bigint,
    agent_id bigint,
    priority smallint,
    kind text NOT NULL,
    seconds double precision,
    business_seconds double precision,
    target_seconds integer,
    due_at timestamp with time zone,
    episode_id bigint NOT NULL
);

ALTER TABLE public.desk_turn ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_turn_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_view (
    id bigint NOT NULL,
    name text NOT NULL,
    conditions jsonb NOT NULL,
    sort text NOT NULL,
    "position" integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    agent_id bigint
);

ALTER TABLE public.desk_view ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_view_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_watch (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    agent_id bigint NOT NULL,
    conversation_id bigint NOT NULL
);

ALTER TABLE public.desk_watch ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.desk_watch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.desk_word (
    text text NOT NULL
);

CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);

ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);

ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);

CREATE TABLE public.insights_factcount (
    name text NOT NULL,
    rows bigint NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL
);

CREATE TABLE public.insights_mirrorfile (
    path text NOT NULL,
    day date NOT NULL,
    first_epoch integer NOT NULL,
    first_tx bigint NOT NULL,
    first_id bigint NOT NULL,
    last_epoch integer NOT NULL,
    last_tx bigint NOT NULL,
    last_id bigint NOT NULL,
    rows bigint NOT NULL,
    bytes bigint NOT NULL
);

CREATE TABLE public.insights_mirrorstate (
    id integer NOT NULL,
    erasures bigint NOT NULL,
    CONSTRAINT one_mirror_state CHECK ((id = 1))
);

CREATE TABLE public.insights_report (
    id bigint NOT NULL,
    page text NOT NULL,
    question text NOT NULL,
    every text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    next_at timestamp with time zone NOT NULL,
    agent_id bigint NOT NULL,
    CONSTRAINT report_every_is_known CHECK ((every = ANY (ARRAY['day'::text, 'week'::text, 'month'::text])))
);

ALTER TABLE public.insights_report ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.insights_report_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.insights_scorerun (
    id bigint NOT NULL,
    kind text NOT NULL,
    as_of timestamp with time zone NOT NULL,
    model jsonb,
    summary jsonb NOT NULL,
    refusal text NOT NULL,
    epoch integer NOT NULL,
    tx bigint NOT NULL,
    fact_id bigint NOT NULL,
    CONSTRAINT a_model_or_a_reason CHECK ((((model IS NULL) OR (refusal = ''::text)) AND (1 = (
CASE
    WHEN (model IS NULL) THEN 1
    ELSE 0
END +
CASE
    WHEN (refusal = ''::text) THEN 1
    ELSE 0
END))))
);

ALTER TABLE public.insights_scorerun ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.insights_scorerun_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.kernel_change (
    id bigint NOT NULL,
    topic text NOT NULL,
    subject_id bigint NOT NULL,
    at timestamp with time zone NOT NULL
);

ALTER TABLE public.kernel_change ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.kernel_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.kernel_cursor (
    consumer text NOT NULL,
    epoch integer NOT NULL,
    tx bigint NOT NULL,
    fact_id bigint NOT NULL,
    moved_at timestamp with time zone
);

CREATE TABLE public.kernel_fact (
    epoch integer DEFAULT 1 NOT NULL,
    tx bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    id bigint NOT NULL,
    customer_id bigint NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    source_id bigint NOT NULL,
    is_trusted boolean DEFAULT true NOT NULL,
    is_recorded_assumed boolean DEFAULT false NOT NULL,
    name text NOT NULL,
    message_id text NOT NULL,
    properties jsonb DEFAULT '{}'::jsonb NOT NULL
);

CREATE SEQUENCE public.kernel_fact_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.kernel_fact_id_seq OWNED BY public.kernel_fact.id;

CREATE TABLE public.kernel_handled (
    id bigint NOT NULL,
    event_id uuid NOT NULL,
    handler text NOT NULL,
    handled_at timestamp with time zone NOT NULL
);

ALTER TABLE public.kernel_handled ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.kernel_handled_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.kernel_logepoch (
    id integer NOT NULL,
    epoch integer NOT NULL,
    CONSTRAINT one_log_epoch CHECK ((id = 1))
);

CREATE TABLE public.kernel_pagesetting (
    name text NOT NULL,
    value text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL
);

CREATE TABLE public.kernel_source (
    id bigint NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT source_kind_is_known CHECK ((kind = ANY (ARRAY['product'::text, 'import'::text, 'browser'::text, 'server'::text, 'api'::text])))
);

ALTER TABLE public.kernel_source ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.kernel_source_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.kernel_suppression (
    digest bytea NOT NULL,
    erased_at timestamp with time zone NOT NULL
);

CREATE TABLE public.mfa_authenticator (
    id bigint NOT NULL,
    type character varying(20) NOT NULL,
    data jsonb NOT NULL,
    user_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone
);

ALTER TABLE public.mfa_authenticator ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mfa_authenticator_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.procrastinate_events (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    type public.procrastinate_job_event_type,
    at timestamp with time zone DEFAULT now()
);

CREATE SEQUENCE public.procrastinate_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_events_id_seq OWNED BY public.procrastinate_events.id;

CREATE SEQUENCE public.procrastinate_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_jobs_id_seq OWNED BY public.procrastinate_jobs.id;

CREATE TABLE public.procrastinate_periodic_defers (
    id bigint NOT NULL,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint,
    periodic_id character varying(128) DEFAULT ''::character varying NOT NULL
);

CREATE SEQUENCE public.procrastinate_periodic_defers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_periodic_defers_id_seq OWNED BY public.procrastinate_periodic_defers.id;

CREATE TABLE public.procrastinate_workers (
    id bigint NOT NULL,
    last_heartbeat timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.procrastinate_workers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.procrastinate_workers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.usersessions_usersession (
    id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ip inet NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    session_key character varying(40) NOT NULL,
    user_agent character varying(200) NOT NULL,
    data jsonb NOT NULL,
    user_id bigint NOT NULL
);

ALTER TABLE public.usersessions_usersession ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.usersessions_usersession_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY public.kernel_fact ALTER COLUMN id SET DEFAULT nextval('public.kernel_fact_id_seq'::regclass);

ALTER TABLE ONLY public.procrastinate_events ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_events_id_seq'::regclass);

ALTER TABLE ONLY public.procrastinate_jobs ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_jobs_id_seq'::regclass);

ALTER TABLE ONLY public.procrastinate_periodic_defers ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_periodic_defers_id_seq'::regclass);

INSERT INTO public.auth_permission VALUES
	(1, 'Can add permission', 1, 'add_permission'),
	(2, 'Can change permission', 1, 'change_permission'),
	(3, 'Can delete permission', 1, 'delete_permission'),
	(4, 'Can view permission', 1, 'view_permission'),
	(5, 'Can add group', 2, 'add_group'),
	(6, 'Can change group', 2, 'change_group'),
	(7, 'Can delete group', 2, 'delete_group'),
	(8, 'Can view group', 2, 'view_group'),
	(9, 'Can add content type', 3, 'add_contenttype'),
	(10, 'Can change content type', 3, 'change_contenttype'),
	(11, 'Can delete content type', 3, 'delete_contenttype'),
	(12, 'Can view content type', 3, 'view_contenttype'),
	(13, 'Can add session', 4, 'add_session'),
	(14, 'Can change session', 4, 'change_session'),
	(15, 'Can delete session', 4, 'delete_session'),
	(16, 'Can view session', 4, 'view_session'),
	(17, 'Can add email address', 5, 'add_emailaddress'),
	(18, 'Can change email address', 5, 'change_emailaddress'),
	(19, 'Can delete email address', 5, 'delete_emailaddress'),
	(20, 'Can view email address', 5, 'view_emailaddress'),
	(21, 'Can add email confirmation', 6, 'add_emailconfirmation'),
	(22, 'Can change email confirmation', 6, 'change_emailconfirmation'),
	(23, 'Can delete email confirmation', 6, 'delete_emailconfirmation'),
	(24, 'Can view email confirmation', 6, 'view_emailconfirmation'),
	(25, 'Can add authenticator', 7, 'add_authenticator'),
	(26, 'Can change authenticator', 7, 'change_authenticator'),
	(27, 'Can delete authenticator', 7, 'delete_authenticator'),
	(28, 'Can view authenticator', 7, 'view_authenticator'),
	(29, 'Can add user session', 8, 'add_usersession'),
	(30, 'Can change user session', 8, 'change_usersession'),
	(31, 'Can delete user session', 8, 'delete_usersession'),
	(32, 'Can view user session', 8, 'view_usersession'),
	(33, 'Can add procrastinate event', 9, 'add_procrastinateevent'),
	(34, 'Can change procrastinate event', 9, 'change_procrastinateevent'),
	(35, 'Can delete procrastinate event', 9, 'delete_procrastinateevent'),
	(36, 'Can view procrastinate event', 9, 'view_procrastinateevent'),
	(37, 'Can add procrastinate job', 10, 'add_procrastinatejob'),
	(38, 'Can change procrastinate job', 10, 'change_procrastinatejob'),
	(39, 'Can delete procrastinate job', 10, 'delete_procrastinatejob'),
	(40, 'Can view procrastinate job', 10, 'view_procrastinatejob'),
	(41, 'Can add procrastinate periodic defer', 11, 'add_procrastinateperiodicdefer'),
	(42, 'Can change procrastinate periodic defer', 11, 'change_procrastinateperiodicdefer'),
	(43, 'Can delete procrastinate periodic defer', 11, 'delete_procrastinateperiodicdefer'),
	(44, 'Can view procrastinate periodic defer', 11, 'view_procrastinateperiodicdefer'),
	(45, 'Can add procrastinate worker', 12, 'add_procrastinateworker'),
	(46, 'Can change procrastinate worker', 12, 'change_procrastinateworker'),
	(47, 'Can delete procrastinate worker', 12, 'delete_procrastinateworker'),
	(48, 'Can view procrastinate worker', 12, 'view_procrastinateworker'),
	(49, 'Can add source', 13, 'add_source'),
	(50, 'Can change source', 13, 'change_source'),
	(51, 'Can delete source', 13, 'delete_source'),
	(52, 'Can view source', 13, 'view_source'),
	(53, 'Can add fact', 14, 'add_fact'),
	(54, 'Can change fact', 14, 'change_fact'),
	(55, 'Can delete fact', 14, 'delete_fact'),
	(56, 'Can view fact', 14, 'view_fact'),
	(57, 'Can add log epoch', 15, 'add_logepoch'),
	(58, 'Can change log epoch', 15, 'change_logepoch'),
	(59, 'Can delete log epoch', 15, 'delete_logepoch'),
	(60, 'Can view log epoch', 15, 'view_logepoch'),
	(61, 'Can add cursor', 16, 'add_cursor'),
	(62, 'Can change cursor', 16, 'change_cursor'),
	(63, 'Can delete cursor', 16, 'delete_cursor'),
	(64, 'Can view cursor', 16, 'view_cursor'),
	(65, 'Can add handled', 17, 'add_handled'),
	(66, 'Can change handled', 17, 'change_handled'),
	(67, 'Can delete handled', 17, 'delete_handled'),
	(68, 'Can view handled', 17, 'view_handled'),
	(69, 'Can add page setting', 18, 'add_pagesetting'),
	(70, 'Can change page setting', 18, 'change_pagesetting'),
	(71, 'Can delete page setting', 18, 'delete_pagesetting'),
	(72, 'Can view page setting', 18, 'view_pagesetting'),
	(73, 'Can add suppression', 19, 'add_suppression'),
	(74, 'Can change suppression', 19, 'change_suppression'),
	(75, 'Can delete suppression', 19, 'delete_suppression'),
	(76, 'Can view suppression', 19, 'view_suppression'),
	(77, 'Can add change', 20, 'add_change'),
	(78, 'Can change change', 20, 'change_change'),
	(79, 'Can delete change', 20, 'delete_change'),
	(80, 'Can view change', 20, 'view_change'),
	(81, 'Can add agent', 21, 'add_agent'),
	(82, 'Can change agent', 21, 'change_agent'),
	(83, 'Can delete agent', 21, 'delete_agent'),
	(84, 'Can view agent', 21, 'view_agent'),
	(85, 'Can add audit entry', 22, 'add_auditentry'),
	(86, 'Can change audit entry', 22, 'change_auditentry'),
	(87, 'Can delete audit entry', 22, 'delete_auditentry'),
	(88, 'Can view audit entry', 22, 'view_auditentry'),
	(89, 'Can add key', 23, 'add_key'),
	(90, 'Can change key', 23, 'change_key'),
	(91, 'Can delete key', 23, 'delete_key'),
	(92, 'Can view key', 23, 'view_key'),
	(93, 'Can add invitation', 24, 'add_invitation'),
	(94, 'Can change invitation', 24, 'change_invitation'),
	(95, 'Can delete invitation', 24, 'delete_invitation'),
	(96, 'Can view invitation', 24, 'view_invitation'),
	(97, 'Can add one time link', 25, 'add_onetimelink'),
	(98, 'Can change one time link', 25, 'change_onetimelink'),
	(99, 'Can delete one time link', 25, 'delete_onetimelink'),
	(100, 'Can view one time link', 25, 'view_onetimelink'),
	(101, 'Can add team', 26, 'add_team'),
	(102, 'Can change team', 26, 'change_team'),
	(103, 'Can delete team', 26, 'delete_team'),
	(104, 'Can view team', 26, 'view_team'),
	(105, 'Can add company', 27, 'add_company'),
	(106, 'Can change company', 27, 'change_company'),
	(107, 'Can delete company', 27, 'delete_company'),
	(108, 'Can view company', 27, 'view_company'),
	(109, 'Can add label', 28, 'add_label'),
	(110, 'Can change label', 28, 'change_label'),
	(111, 'Can delete label', 28, 'delete_label'),
	(112, 'Can view label', 28, 'view_label'),
	(113, 'Can add customer', 29, 'add_customer'),
	(114, 'Can change customer', 29, 'change_customer'),
	(115, 'Can delete customer', 29, 'delete_customer'),
	(116, 'Can view customer', 29, 'view_customer'),
	(117, 'Can add consent', 30, 'add_consent'),
	(118, 'Can change consent', 30, 'change_consent'),
	(119, 'Can delete consent', 30, 'delete_consent'),
	(120, 'Can view consent', 30, 'view_consent'),
	(121, 'Can add erasure', 31, 'add_erasure'),
	(122, 'Can change erasure', 31, 'change_erasure'),
	(123, 'Can delete erasure', 31, 'delete_erasure'),
	(124, 'Can view erasure', 31, 'view_erasure'),
	(125, 'Can add merge', 32, 'add_merge'),
	(126, 'Can change merge', 32, 'change_merge'),
	(127, 'Can delete merge', 32, 'delete_merge'),
	(128, 'Can view merge', 32, 'view_merge'),
	(129, 'Can add trait', 33, 'add_trait'),
	(130, 'Can change trait', 33, 'change_trait'),
	(131, 'Can delete trait', 33, 'delete_trait'),
	(132, 'Can view trait', 33, 'view_trait'),
	(133, 'Can add identity', 34, 'add_identity'),
	(134, 'Can change identity', 34, 'change_identity'),
	(135, 'Can delete identity', 34, 'delete_identity'),
	(136, 'Can view identity', 34, 'view_identity'),
	(137, 'Can add applied message', 35, 'add_appliedmessage'),
	(138, 'Can change applied message', 35, 'change_appliedmessage'),
	(139, 'Can delete applied message', 35, 'delete_appliedmessage'),
	(140, 'Can view applied message', 35, 'view_appliedmessage'),
	(141, 'Can add claimed link', 36, 'add_claimedlink'),
	(142, 'Can change claimed link', 36, 'change_claimedlink'),
	(143, 'Can delete claimed link', 36, 'delete_claimedlink'),
	(144, 'Can view claimed link', 36, 'view_claimedlink'),
	(145, 'Can add rejected message', 37, 'add_rejectedmessage'),
	(146, 'Can change rejected message', 37, 'change_rejectedmessage'),
	(147, 'Can delete rejected message', 37, 'delete_rejectedmessage'),
	(148, 'Can view rejected message', 37, 'view_rejectedmessage'),
	(149, 'Can add import', 38, 'add_import'),
	(150, 'Can change import', 38, 'change_import'),
	(151, 'Can delete import', 38, 'delete_import'),
	(152, 'Can view import', 38, 'view_import'),
	(153, 'Can add pending call', 39, 'add_pendingcall'),
	(154, 'Can change pending call', 39, 'change_pendingcall'),
	(155, 'Can delete pending call', 39, 'delete_pendingcall'),
	(156, 'Can view pending call', 39, 'view_pendingcall'),
	(157, 'Can add portal link', 40, 'add_portallink'),
	(158, 'Can change portal link', 40, 'change_portallink'),
	(159, 'Can delete portal link', 40, 'delete_portallink'),
	(160, 'Can view portal link', 40, 'view_portallink'),
	(161, 'Can add portal session', 41, 'add_portalsession'),
	(162, 'Can change portal session', 41, 'change_portalsession'),
	(163, 'Can delete portal session', 41, 'delete_portalsession'),
	(164, 'Can view portal session', 41, 'view_portalsession'),
	(165, 'Can add suppressed address', 42, 'add_suppressedaddress'),
	(166, 'Can change suppressed address', 42, 'change_suppressedaddress'),
	(167, 'Can delete suppressed address', 42, 'delete_suppressedaddress'),
	(168, 'Can view suppressed address', 42, 'view_suppressedaddress'),
	(169, 'Can add channel', 43, 'add_channel'),
	(170, 'Can change channel', 43, 'change_channel'),
	(171, 'Can delete channel', 43, 'delete_channel'),
	(172, 'Can view channel', 43, 'view_channel'),
	(173, 'Can add delivery', 44, 'add_delivery'),
	(174, 'Can change delivery', 44, 'change_delivery'),
	(175, 'Can delete delivery', 44, 'delete_delivery'),
	(176, 'Can view delivery', 44, 'view_delivery'),
	(177, 'Can add incoming', 45, 'add_incoming'),
	(178, 'Can change incoming', 45, 'change_incoming'),
	(179, 'Can delete incoming', 45, 'delete_incoming'),
	(180, 'Can view incoming', 45, 'view_incoming'),
	(181, 'Can add mailbox', 46, 'add_mailbox'),
	(182, 'Can change mailbox', 46, 'change_mailbox'),
	(183, 'Can delete mailbox', 46, 'delete_mailbox'),
	(184, 'Can view mailbox', 46, 'view_mailbox'),
	(185, 'Can add label', 47, 'add_label'),
	(186, 'Can change label', 47, 'change_label'),
	(187, 'Can delete label', 47, 'delete_label'),
	(188, 'Can view label', 47, 'view_label'),
	(189, 'Can add conversation', 48, 'add_conversation'),
	(190, 'Can change conversation', 48, 'change_conversation'),
	(191, 'Can delete conversation', 48, 'delete_conversation'),
	(192, 'Can view conversation', 48, 'view_conversation'),
	(193, 'Can add link', 49, 'add_link'),
	(194, 'Can change link', 49, 'change_link'),
	(195, 'Can delete link', 49, 'delete_link'),
	(196, 'Can view link', 49, 'view_link'),
	(197, 'Can add merge', 50, 'add_merge'),
	(198, 'Can change merge', 50, 'change_merge'),
	(199, 'Can delete merge', 50, 'delete_merge'),
	(200, 'Can view merge', 50, 'view_merge'),
	(201, 'Can add message', 51, 'add_message'),
	(202, 'Can change message', 51, 'change_message'),
	(203, 'Can delete message', 51, 'delete_message'),
	(204, 'Can view message', 51, 'view_message'),
	(205, 'Can add mention', 52, 'add_mention'),
	(206, 'Can change mention', 52, 'change_mention'),
	(207, 'Can delete mention', 52, 'delete_mention'),
	(208, 'Can view mention', 52, 'view_mention'),
	(209, 'Can add attachment', 53, 'add_attachment'),
	(210, 'Can change attachment', 53, 'change_attachment'),
	(211, 'Can delete attachment', 53, 'delete_attachment'),
	(212, 'Can view attachment', 53, 'view_attachment'),
	(213, 'Can add step', 54, 'add_step'),
	(214, 'Can change step', 54, 'change_step'),
	(215, 'Can delete step', 54, 'delete_step'),
	(216, 'Can view step', 54, 'view_step'),
	(217, 'Can add view', 55, 'add_view'),
	(218, 'Can change view', 55, 'change_view'),
	(219, 'Can delete view', 55, 'delete_view'),
	(220, 'Can view view', 55, 'view_view'),
	(221, 'Can add watch', 56, 'add_watch'),
	(222, 'Can change watch', 56, 'change_watch'),
	(223, 'Can delete watch', 56, 'delete_watch'),
	(224, 'Can view watch', 56, 'view_watch'),
	(225, 'Can add draft', 57, 'add_draft'),
	(226, 'Can change draft', 57, 'change_draft'),
	(227, 'Can delete draft', 57, 'delete_draft'),
	(228, 'Can view draft', 57, 'view_draft'),
	(229, 'Can add presence', 58, 'add_presence'),
	(230, 'Can change presence', 58, 'change_presence'),
	(231, 'Can delete presence', 58, 'delete_presence'),
	(232, 'Can view presence', 58, 'view_presence'),
	(233, 'Can add episode', 59, 'add_episode'),
	(234, 'Can change episode', 59, 'change_episode'),
	(235, 'Can delete episode', 59, 'delete_episode'),
	(236, 'Can view episode', 59, 'view_episode'),
	(237, 'Can add policy', 60, 'add_policy'),
	(238, 'Can change policy', 60, 'change_policy'),
	(239, 'Can delete policy', 60, 'delete_policy'),
	(240, 'Can view policy', 60, 'view_policy'),
	(241, 'Can add clock', 61, 'add_clock'),
	(242, 'Can change clock', 61, 'change_clock'),
	(243, 'Can delete clock', 61, 'delete_clock'),
	(244, 'Can view clock', 61, 'view_clock'),
	(245, 'Can add turn', 62, 'add_turn'),
	(246, 'Can change turn', 62, 'change_turn'),
	(247, 'Can delete turn', 62, 'delete_turn'),
	(248, 'Can view turn', 62, 'view_turn'),
	(249, 'Can add awaited', 63, 'add_awaited'),
	(250, 'Can change awaited', 63, 'change_awaited'),
	(251, 'Can delete awaited', 63, 'delete_awaited'),
	(252, 'Can view awaited', 63, 'view_awaited'),
	(253, 'Can add bulk', 64, 'add_bulk'),
	(254, 'Can change bulk', 64, 'change_bulk'),
	(255, 'Can delete bulk', 64, 'delete_bulk'),
	(256, 'Can view bulk', 64, 'view_bulk'),
	(257, 'Can add searched', 65, 'add_searched'),
	(258, 'Can change searched', 65, 'change_searched'),
	(259, 'Can delete searched', 65, 'delete_searched'),
	(260, 'Can view searched', 65, 'view_searched'),
	(261, 'Can add word', 66, 'add_word'),
	(262, 'Can change word', 66, 'change_word'),
	(263, 'Can delete word', 66, 'delete_word'),
	(264, 'Can view word', 66, 'view_word'),
	(265, 'Can add macro', 67, 'add_macro'),
	(266, 'Can change macro', 67, 'change_macro'),
	(267, 'Can delete macro', 67, 'delete_macro'),
	(268, 'Can view macro', 67, 'view_macro'),
	(269, 'Can add rule', 68, 'add_rule'),
	(270, 'Can change rule', 68, 'change_rule'),
	(271, 'Can delete rule', 68, 'delete_rule'),
	(272, 'Can view rule', 68, 'view_rule'),
	(273, 'Can add seat', 69, 'add_seat'),
	(274, 'Can change seat', 69, 'change_seat'),
	(275, 'Can delete seat', 69, 'delete_seat'),
	(276, 'Can view seat', 69, 'view_seat'),
	(277, 'Can add route', 70, 'add_route'),
	(278, 'Can change route', 70, 'change_route'),
	(279, 'Can delete route', 70, 'delete_route'),
	(280, 'Can view route', 70, 'view_route'),
	(281, 'Can add routed', 71, 'add_routed'),
	(282, 'Can change routed', 71, 'change_routed'),
	(283, 'Can delete routed', 71, 'delete_routed'),
	(284, 'Can view routed', 71, 'view_routed'),
	(285, 'Can add firing', 72, 'add_firing'),
	(286, 'Can change firing', 72, 'change_firing'),
	(287, 'Can delete firing', 72, 'delete_firing'),
	(288, 'Can view firing', 72, 'view_firing'),
	(289, 'Can add side conversation', 73, 'add_sideconversation'),
	(290, 'Can change side conversation', 73, 'change_sideconversation'),
	(291, 'Can delete side conversation', 73, 'delete_sideconversation'),
	(292, 'Can view side conversation', 73, 'view_sideconversation'),
	(293, 'Can add side file', 74, 'add_sidefile'),
	(294, 'Can change side file', 74, 'change_sidefile'),
	(295, 'Can delete side file', 74, 'delete_sidefile'),
	(296, 'Can view side file', 74, 'view_sidefile'),
	(297, 'Can add side message', 75, 'add_sidemessage'),
	(298, 'Can change side message', 75, 'change_sidemessage'),
	(299, 'Can delete side message', 75, 'delete_sidemessage'),
	(300, 'Can view side message', 75, 'view_sidemessage'),
	(301, 'Can add field definition', 76, 'add_fielddefinition'),
	(302, 'Can change field definition', 76, 'change_fielddefinition'),
	(303, 'Can delete field definition', 76, 'delete_fielddefinition'),
	(304, 'Can view field definition', 76, 'view_fielddefinition'),
	(305, 'Can add export', 77, 'add_export'),
	(306, 'Can change export', 77, 'change_export'),
	(307, 'Can delete export', 77, 'delete_export'),
	(308, 'Can view export', 77, 'view_export'),
	(309, 'Can add episode mark', 78, 'add_episodemark'),
	(310, 'Can change episode mark', 78, 'change_episodemark'),
	(311, 'Can delete episode mark', 78, 'delete_episodemark'),
	(312, 'Can view episode mark', 78, 'view_episodemark'),
	(313, 'Can add fact count', 79, 'add_factcount'),
	(314, 'Can change fact count', 79, 'change_factcount'),
	(315, 'Can delete fact count', 79, 'delete_factcount'),
	(316, 'Can view fact count', 79, 'view_factcount'),
	(317, 'Can add mirror file', 80, 'add_mirrorfile'),
	(318, 'Can change mirror file', 80, 'change_mirrorfile'),
	(319, 'Can delete mirror file', 80, 'delete_mirrorfile'),
	(320, 'Can view mirror file', 80, 'view_mirrorfile'),
	(321, 'Can add mirror state', 81, 'add_mirrorstate'),
	(322, 'Can change mirror state', 81, 'change_mirrorstate'),
	(323, 'Can delete mirror state', 81, 'delete_mirrorstate'),
	(324, 'Can view mirror state', 81, 'view_mirrorstate'),
	(325, 'Can add score run', 82, 'add_scorerun'),
	(326, 'Can change score run', 82, 'change_scorerun'),
	(327, 'Can delete score run', 82, 'delete_scorerun'),
	(328, 'Can view score run', 82, 'view_scorerun'),
	(329, 'Can add report', 83, 'add_report'),
	(330, 'Can change report', 83, 'change_report'),
	(331, 'Can delete report', 83, 'delete_report'),
	(332, 'Can view report', 83, 'view_report'),
	(333, 'Can add call', 84, 'add_call'),
	(334, 'Can change call', 84, 'change_call'),
	(335, 'Can delete call', 84, 'delete_call'),
	(336, 'Can view call', 84, 'view_call'),
	(337, 'Can add webhook', 85, 'add_webhook'),
	(338, 'Can change webhook', 85, 'change_webhook'),
	(339, 'Can delete webhook', 85, 'delete_webhook'),
	(340, 'Can view webhook', 85, 'view_webhook'),
	(341, 'Can add notice', 86, 'add_notice'),
	(342, 'Can change notice', 86, 'change_notice'),
	(343, 'Can delete notice', 86, 'delete_notice'),
	(344, 'Can view notice', 86, 'view_notice');

INSERT INTO public.django_content_type VALUES
	(1, 'auth', 'permission'),
	(2, 'auth', 'group'),
	(3, 'contenttypes', 'contenttype'),
	(4, 'sessions', 'session'),
	(5, 'account', 'emailaddress'),
	(6, 'account', 'emailconfirmation'),
	(7, 'mfa', 'authenticator'),
	(8, 'usersessions', 'usersession'),
	(9, 'procrastinate', 'procrastinateevent'),
	(10, 'procrastinate', 'procrastinatejob'),
	(11, 'procrastinate', 'procrastinateperiodicdefer'),
	(12, 'procrastinate', 'procrastinateworker'),
	(13, 'kernel', 'source'),
	(14, 'kernel', 'fact'),
	(15, 'kernel', 'logepoch'),
	(16, 'kernel', 'cursor'),
	(17, 'kernel', 'handled'),
	(18, 'kernel', 'pagesetting'),
	(19, 'kernel', 'suppression'),
	(20, 'kernel', 'change'),
	(21, 'accounts', 'agent'),
	(22, 'accounts', 'auditentry'),
	(23, 'accounts', 'key'),
	(24, 'accounts', 'invitation'),
	(25, 'accounts', 'onetimelink'),
	(26, 'accounts', 'team'),
	(27, 'customers', 'company'),
	(28, 'customers', 'label'),
	(29, 'customers', 'customer'),
	(30, 'customers', 'consent'),
	(31, 'customers', 'erasure'),
	(32, 'customers', 'merge'),
	(33, 'customers', 'trait'),
	(34, 'customers', 'identity'),
	(35, 'customers', 'appliedmessage'),
	(36, 'customers', 'claimedlink'),
	(37, 'customers', 'rejectedmessage'),
	(38, 'customers', 'import'),
	(39, 'customers', 'pendingcall'),
	(40, 'customers', 'portallink'),
	(41, 'customers', 'portalsession'),
	(42, 'channels', 'suppressedaddress'),
	(43, 'channels', 'channel'),
	(44, 'channels', 'delivery'),
	(45, 'channels', 'incoming'),
	(46, 'channels', 'mailbox'),
	(47, 'desk', 'label'),
	(48, 'desk', 'conversation'),
	(49, 'desk', 'link'),
	(50, 'desk', 'merge'),
	(51, 'desk', 'message'),
	(52, 'desk', 'mention'),
	(53, 'desk', 'attachment'),
	(54, 'desk', 'step'),
	(55, 'desk', 'view'),
	(56, 'desk', 'watch'),
	(57, 'desk', 'draft'),
	(58, 'desk', 'presence'),
	(59, 'desk', 'episode'),
	(60, 'desk', 'policy'),
	(61, 'desk', 'clock'),
	(62, 'desk', 'turn'),
	(63, 'desk', 'awaited'),
	(64, 'desk', 'bulk'),
	(65, 'desk', 'searched'),
	(66, 'desk', 'word'),
	(67, 'desk', 'macro'),
	(68, 'desk', 'rule'),
	(69, 'desk', 'seat'),
	(70, 'desk', 'route'),
	(71, 'desk', 'routed'),
	(72, 'desk', 'firing'),
	(73, 'desk', 'sideconversation'),
	(74, 'desk', 'sidefile'),
	(75, 'desk', 'sidemessage'),
	(76, 'desk', 'fielddefinition'),
	(77, 'desk', 'export'),
	(78, 'desk', 'episodemark'),
	(79, 'insights', 'factcount'),
	(80, 'insights', 'mirrorfile'),
	(81, 'insights', 'mirrorstate'),
	(82, 'insights', 'scorerun'),
	(83, 'insights', 'report'),
	(84, 'api', 'call'),
	(85, 'api', 'webhook'),
	(86, 'api', 'notice');

INSERT INTO public.django_migrations VALUES
	(1, 'kernel', '0001_initial', now()),
	(2, 'accounts', '0001_initial', now()),
	(3, 'account', '0001_initial', now()),
	(4, 'account', '0002_email_max_length', now()),
	(5, 'account', '0003_alter_emailaddress_create_unique_verified_email', now()),
	(6, 'account', '0004_alter_emailaddress_drop_unique_email', now()),
	(7, 'account', '0005_emailaddress_idx_upper_email', now()),
	(8, 'account', '0006_emailaddress_lower', now()),
	(9, 'account', '0007_emailaddress_idx_email', now()),
	(10, 'account', '0008_emailaddress_unique_primary_email_fixup', now()),
	(11, 'account', '0009_emailaddress_unique_primary_email', now()),
	(12, 'accounts', '0002_append_only_and_cache', now()),
	(13, 'accounts', '0003_agent_language', now()),
	(14, 'accounts', '0004_team', now()),
	(15, 'accounts', '0005_key_scopes', now()),
	(16, 'accounts', '0006_key_agent', now()),
	(17, 'accounts', '0007_agent_keys', now()),
	(18, 'api', '0001_initial', now()),
	(19, 'api', '0002_webhooks', now()),
	(20, 'api', '0003_webhook_secrets', now()),
	(21, 'contenttypes', '0001_initial', now()),
	(22, 'contenttypes', '0002_remove_content_type_name', now()),
	(23, 'auth', '0001_initial', now()),
	(24, 'auth', '0002_alter_permission_name_max_length', now()),
	(25, 'auth', '0003_alter_user_email_max_length', now()),
	(26, 'auth', '0004_alter_user_username_opts', now()),
	(27, 'auth', '0005_alter_user_last_login_null', now()),
	(28, 'auth', '0006_require_contenttypes_0002', now()),
	(29, 'auth', '0007_alter_validators_add_error_messages', now()),
	(30, 'auth', '0008_alter_user_username_max_length', now()),
	(31, 'auth', '0009_alter_user_last_name_max_length', now()),
	(32, 'auth', '0010_alter_group_name_max_length', now()),
	(33, 'auth', '0011_update_proxy_permissions', now()),
	(34, 'auth', '0012_alter_user_first_name_max_length', now()),
	(35, 'channels', '0001_initial', now()),
	(36, 'channels', '0002_mailbox', now()),
	(37, 'channels', '0003_out_trouble', now()),
	(38, 'channels', '0004_why_suppressed', now()),
	(39, 'channels', '0004_form_slug_once', now()),
	(40, 'channels', '0005_told_at', now()),
	(41, 'customers', '0001_initial', now()),
	(42, 'customers', '0002_tracking', now()),
	(43, 'customers', '0003_imports', now()),
	(44, 'customers', '0004_scores', now()),
	(45, 'customers', '0005_pending_calls', now()),
	(46, 'customers', '0006_portal', now()),
	(47, 'desk', '0001_initial', now()),
	(48, 'desk', '0002_episodes_and_clocks', now()),
	(49, 'desk', '0003_awaited', now()),
	(50, 'desk', '0004_bulk', now()),
	(51, 'desk', '0005_search', now()),
	(52, 'desk', '0006_macros', now()),
	(53, 'desk', '0007_rules_and_routes', now()),
	(54, 'desk', '0008_labels_of_lists', now()),
	(55, 'desk', '0009_side_conversations', now()),
	(56, 'desk', '0010_fields', now()),
	(57, 'desk', '0011_macros_with_deeds', now()),
	(58, 'desk', '0012_exports', now()),
	(59, 'desk', '0013_orders_of_lists', now()),
	(60, 'desk', '0014_episode_marks', now()),
	(61, 'desk', '0015_words_by_period', now()),
	(62, 'desk', '0016_few_among_many', now()),
	(63, 'desk', '0017_read', now()),
	(64, 'insights', '0001_initial', now()),
	(65, 'insights', '0002_scores', now()),
	(66, 'insights', '0003_reports', now()),
	(67, 'kernel', '0002_change', now()),
	(68, 'kernel', '0003_api_source', now()),
	(69, 'mfa', '0001_initial', now()),
	(70, 'mfa', '0002_authenticator_timestamps', now()),
	(71, 'mfa', '0003_authenticator_type_uniq', now()),
	(72, 'procrastinate', '0001_initial', now()),
	(73, 'procrastinate', '0002_drop_started_at_column', now()),
	(74, 'procrastinate', '0003_drop_started_at_column', now()),
	(75, 'procrastinate', '0004_drop_procrastinate_version_table', now()),
	(76, 'procrastinate', '0005_fix_procrastinate_fetch_job', now()),
	(77, 'procrastinate', '0006_fix_trigger_status_events_insert', now()),
	(78, 'procrastinate', '0007_add_queueing_lock_column', now()),
	(79, 'procrastinate', '0008_close_fetch_job_race_condition', now()),
	(80, 'procrastinate', '0009_add_defer_job_function', now()),
	(81, 'procrastinate', '0010_add_procrastinate_periodic_defers', now()),
	(82, 'procrastinate', '0011_add_foreign_key_index', now()),
	(83, 'procrastinate', '0012_add_locks_to_periodic_defer', now()),
	(84, 'procrastinate', '0013_fix_procrastinate_defer_periodic_job', now()),
	(85, 'procrastinate', '0014_add_finish_job_and_retry_job_functions', now()),
	(86, 'procrastinate', '0015_add_trigger_on_job_deletion', now()),
	(87, 'procrastinate', '0016_delete_finished_jobs', now()),
	(88, 'procrastinate', '0017_add_checks_to_finish_job', now()),
	(89, 'procrastinate', '0018_add_checks_to_retry_job', now()),
	(90, 'procrastinate', '0019_fix_finish_job_compat_issue', now()),
	(91, 'procrastinate', '0020_add_index_on_procrastinate_jobs', now()),
	(92, 'procrastinate', '0021_add_kwargs_to_defer_periodic_job', now()),
	(93, 'procrastinate', '0022_null_locks_excluded', now()),
	(94, 'procrastinate', '0023_remove_old_finish_job_function', now()),
	(95, 'procrastinate', '0024_job_id_bigint', now()),
	(96, 'procrastinate', '0025_add_models', now()),
	(97, 'procrastinate', '0026_add_job_priority', now()),
	(98, 'procrastinate', '0027_add_periodic_job_priority', now()),
	(99, 'procrastinate', '0028_add_cancel_states', now()),
	(100, 'procrastinate', '0029_add_additional_params_to_retry_job', now()),
	(101, 'procrastinate', '0030_alter_procrastinateevent_options', now()),
	(102, 'procrastinate', '0031_add_indexes_for_fetch_job', now()),
	(103, 'procrastinate', '0032_pre_cancel_notification', now()),
	(104, 'procrastinate', '0033_post_cancel_notification', now()),
	(105, 'procrastinate', '0034_pre_add_heartbeat', now()),
	(106, 'procrastinate', '0035_post_add_heartbeat', now()),
	(107, 'procrastinate', '0036_add_worker_model', now()),
	(108, 'procrastinate', '0037_pre_batch_defer_jobs', now()),
	(109, 'procrastinate', '0038_post_batch_defer_jobs', now()),
	(110, 'procrastinate', '0039_pre_priority_lock_fetch_job', now()),
	(111, 'procrastinate', '0040_pre_retry_failed_job', now()),
	(112, 'procrastinate', '0041_post_retry_failed_job', now()),
	(113, 'sessions', '0001_initial', now()),
	(114, 'usersessions', '0001_initial', now());

INSERT INTO public.kernel_logepoch VALUES
	(1, 1);

INSERT INTO public.kernel_source VALUES
	(1, 'regulars', 'product', now());

SELECT pg_catalog.setval('public.auth_permission_id_seq', 344, true);

SELECT pg_catalog.setval('public.django_content_type_id_seq', 86, true);

SELECT pg_catalog.setval('public.django_migrations_id_seq', 114, true);

SELECT pg_catalog.setval('public.kernel_source_id_seq', 1, true);

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_email_987c8728_uniq UNIQUE (user_id, email);

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_key_key UNIQUE (key);

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_agent
    ADD CONSTRAINT accounts_agent_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_auditentry
    ADD CONSTRAINT accounts_auditentry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_cache
    ADD CONSTRAINT accounts_cache_pkey PRIMARY KEY (cache_key);

ALTER TABLE ONLY public.accounts_invitation
    ADD CONSTRAINT accounts_invitation_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.accounts_invitation
    ADD CONSTRAINT accounts_invitation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_key
    ADD CONSTRAINT accounts_key_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.accounts_key
    ADD CONSTRAINT accounts_key_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_onetimelink
    ADD CONSTRAINT accounts_onetimelink_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.accounts_onetimelink
    ADD CONSTRAINT accounts_onetimelink_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_team_agents
    ADD CONSTRAINT accounts_team_agents_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_team_agents
    ADD CONSTRAINT accounts_team_agents_team_id_agent_id_be54410e_uniq UNIQUE (team_id, agent_id);

ALTER TABLE ONLY public.accounts_team
    ADD CONSTRAINT accounts_team_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.api_call
    ADD CONSTRAINT api_call_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.api_notice
    ADD CONSTRAINT api_notice_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.api_webhook
    ADD CONSTRAINT api_webhook_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_awaited
    ADD CONSTRAINT awaited_once UNIQUE (external_id, channel_id, conversation_id);

ALTER TABLE ONLY public.api_call
    ADD CONSTRAINT call_once UNIQUE (key_id, name);

ALTER TABLE ONLY public.channels_channel
    ADD CONSTRAINT channels_channel_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.channels_delivery
    ADD CONSTRAINT channels_delivery_key_key UNIQUE (key);

ALTER TABLE ONLY public.channels_delivery
    ADD CONSTRAINT channels_delivery_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.channels_incoming
    ADD CONSTRAINT channels_incoming_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.channels_mailbox
    ADD CONSTRAINT channels_mailbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.channels_suppressedaddress
    ADD CONSTRAINT channels_suppressedaddress_address_key UNIQUE (address);

ALTER TABLE ONLY public.channels_suppressedaddress
    ADD CONSTRAINT channels_suppressedaddress_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_clock
    ADD CONSTRAINT clock_once UNIQUE (conversation_id, episode, kind, turn);

ALTER TABLE ONLY public.customers_appliedmessage
    ADD CONSTRAINT customers_appliedmessage_pkey PRIMARY KEY (source_id, message_id);

ALTER TABLE ONLY public.customers_claimedlink
    ADD CONSTRAINT customers_claimedlink_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.customers_claimedlink
    ADD CONSTRAINT customers_claimedlink_visitor_id_key UNIQUE (visitor_id);

ALTER TABLE ONLY public.customers_company
    ADD CONSTRAINT customers_company_external_id_key UNIQUE (external_id);

ALTER TABLE ONLY public.customers_company
    ADD CONSTRAINT customers_company_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.customers_consent
    ADD CONSTRAINT customers_consent_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.customers_customer_labels
    ADD CONSTRAINT customers_customer_labels_customer_id_label_id_39970452_uniq UNIQUE (customer_id, label_id);

ALTER TABLE ONLY public.customers_customer_labels
    ADD CONSTRAINT customers_customer_labels_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.customers_customer
    ADD CONSTRAINT customers_customer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.customers_erasure
    ADD CONSTRAINT customers_erasure_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.customers_identity
    ADD CONSTRAINT customers_identity_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.customers_import
    ADD CONSTRAINT customers_import_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.customers_label
    ADD CONSTRAINT customers_label_name_key UNIQUE (name);

ALTER TABLE ONLY public.customers_label
    ADD CONSTRAINT customers_label_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.customers_merge
    ADD CONSTRAINT customers_merge_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.customers_pendingcall
    ADD CONSTRAINT customers_pendingcall_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.customers_portallink
    ADD CONSTRAINT customers_portallink_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.customers_portallink
    ADD CONSTRAINT customers_portallink_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.customers_portallink
    ADD CONSTRAINT customers_portallink_request_key UNIQUE (request);

ALTER TABLE ONLY public.customers_portalsession
    ADD CONSTRAINT customers_portalsession_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.customers_portalsession
    ADD CONSTRAINT customers_portalsession_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.customers_rejectedmessage
    ADD CONSTRAINT customers_rejectedmessage_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.customers_trait
    ADD CONSTRAINT customers_trait_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_attachment
    ADD CONSTRAINT desk_attachment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_awaited
    ADD CONSTRAINT desk_awaited_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_bulk
    ADD CONSTRAINT desk_bulk_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_clock
    ADD CONSTRAINT desk_clock_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_conversation
    ADD CONSTRAINT desk_conversation_key_key UNIQUE (key);

ALTER TABLE ONLY public.desk_conversation_labels
    ADD CONSTRAINT desk_conversation_labels_conversation_id_label_id_7587a213_uniq UNIQUE (conversation_id, label_id);

ALTER TABLE ONLY public.desk_conversation_labels
    ADD CONSTRAINT desk_conversation_labels_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_conversation
    ADD CONSTRAINT desk_conversation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_draft
    ADD CONSTRAINT desk_draft_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_episode
    ADD CONSTRAINT desk_episode_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_episodemark
    ADD CONSTRAINT desk_episodemark_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_export
    ADD CONSTRAINT desk_export_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_fielddefinition
    ADD CONSTRAINT desk_fielddefinition_key_key UNIQUE (key);

ALTER TABLE ONLY public.desk_fielddefinition
    ADD CONSTRAINT desk_fielddefinition_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_firing
    ADD CONSTRAINT desk_firing_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_label
    ADD CONSTRAINT desk_label_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_link
    ADD CONSTRAINT desk_link_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_macro
    ADD CONSTRAINT desk_macro_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_mention
    ADD CONSTRAINT desk_mention_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_merge
    ADD CONSTRAINT desk_merge_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_message
    ADD CONSTRAINT desk_message_key_key UNIQUE (key);

ALTER TABLE ONLY public.desk_message
    ADD CONSTRAINT desk_message_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_policy
    ADD CONSTRAINT desk_policy_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_presence
    ADD CONSTRAINT desk_presence_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_route
    ADD CONSTRAINT desk_route_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_route
    ADD CONSTRAINT desk_route_team_id_key UNIQUE (team_id);

ALTER TABLE ONLY public.desk_routed
    ADD CONSTRAINT desk_routed_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_rule
    ADD CONSTRAINT desk_rule_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_searched
    ADD CONSTRAINT desk_searched_pkey PRIMARY KEY (conversation_id);

ALTER TABLE ONLY public.desk_seat
    ADD CONSTRAINT desk_seat_pkey PRIMARY KEY (agent_id);

ALTER TABLE ONLY public.desk_sideconversation
    ADD CONSTRAINT desk_sideconversation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_sidefile
    ADD CONSTRAINT desk_sidefile_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_sidemessage
    ADD CONSTRAINT desk_sidemessage_key_key UNIQUE (key);

ALTER TABLE ONLY public.desk_sidemessage
    ADD CONSTRAINT desk_sidemessage_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_step
    ADD CONSTRAINT desk_step_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_turn
    ADD CONSTRAINT desk_turn_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_view
    ADD CONSTRAINT desk_view_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_watch
    ADD CONSTRAINT desk_watch_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_word
    ADD CONSTRAINT desk_word_pkey PRIMARY KEY (text);

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);

ALTER TABLE ONLY public.desk_episode
    ADD CONSTRAINT episode_once UNIQUE (conversation_id, ordinal);

ALTER TABLE ONLY public.kernel_fact
    ADD CONSTRAINT fact_once_per_source UNIQUE (source_id, message_id);

ALTER TABLE ONLY public.desk_firing
    ADD CONSTRAINT fired_once UNIQUE (rule_id, because);

ALTER TABLE ONLY public.kernel_handled
    ADD CONSTRAINT handled_once UNIQUE (event_id, handler);

ALTER TABLE ONLY public.customers_identity
    ADD CONSTRAINT identity_once UNIQUE (kind, value);

ALTER TABLE ONLY public.channels_incoming
    ADD CONSTRAINT incoming_once UNIQUE (channel_id, source_key);

ALTER TABLE ONLY public.insights_factcount
    ADD CONSTRAINT insights_factcount_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.insights_mirrorfile
    ADD CONSTRAINT insights_mirrorfile_pkey PRIMARY KEY (path);

ALTER TABLE ONLY public.insights_mirrorstate
    ADD CONSTRAINT insights_mirrorstate_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.insights_report
    ADD CONSTRAINT insights_report_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.insights_scorerun
    ADD CONSTRAINT insights_scorerun_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.kernel_change
    ADD CONSTRAINT kernel_change_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.kernel_cursor
    ADD CONSTRAINT kernel_cursor_pkey PRIMARY KEY (consumer);

ALTER TABLE ONLY public.kernel_fact
    ADD CONSTRAINT kernel_fact_pkey PRIMARY KEY (epoch, tx, id);

ALTER TABLE ONLY public.kernel_handled
    ADD CONSTRAINT kernel_handled_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.kernel_logepoch
    ADD CONSTRAINT kernel_logepoch_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.kernel_pagesetting
    ADD CONSTRAINT kernel_pagesetting_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.kernel_source
    ADD CONSTRAINT kernel_source_name_key UNIQUE (name);

ALTER TABLE ONLY public.kernel_source
    ADD CONSTRAINT kernel_source_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.kernel_suppression
    ADD CONSTRAINT kernel_suppression_pkey PRIMARY KEY (digest);

ALTER TABLE ONLY public.desk_link
    ADD CONSTRAINT linked_once UNIQUE (conversation_id, other_id);

ALTER TABLE ONLY public.channels_mailbox
    ADD CONSTRAINT mailbox_once UNIQUE (channel_id, folder);

ALTER TABLE ONLY public.desk_mention
    ADD CONSTRAINT mentioned_once UNIQUE (message_id, agent_id);

ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.api_notice
    ADD CONSTRAINT notice_once UNIQUE (webhook_id, event_id);

ALTER TABLE ONLY public.desk_draft
    ADD CONSTRAINT one_draft_each UNIQUE (conversation_id, agent_id, kind);

ALTER TABLE ONLY public.desk_route
    ADD CONSTRAINT one_route_each UNIQUE NULLS NOT DISTINCT (team_id);

ALTER TABLE ONLY public.insights_scorerun
    ADD CONSTRAINT one_run_of_a_kind UNIQUE (kind, as_of);

ALTER TABLE ONLY public.desk_presence
    ADD CONSTRAINT present_once UNIQUE (conversation_id, agent_id);

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp);

ALTER TABLE ONLY public.procrastinate_workers
    ADD CONSTRAINT procrastinate_workers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.insights_report
    ADD CONSTRAINT report_wished_once UNIQUE (agent_id, page, question);

ALTER TABLE ONLY public.customers_trait
    ADD CONSTRAINT trait_once UNIQUE (customer_id, name);

ALTER TABLE ONLY public.desk_turn
    ADD CONSTRAINT turn_once UNIQUE (episode_id, ordinal);

ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_session_key_key UNIQUE (session_key);

ALTER TABLE ONLY public.desk_watch
    ADD CONSTRAINT watched_once UNIQUE (conversation_id, agent_id);

CREATE INDEX account_emailaddress_email_03be32b2 ON public.account_emailaddress USING btree (email);

CREATE INDEX account_emailaddress_email_03be32b2_like ON public.account_emailaddress USING btree (email varchar_pattern_ops);

CREATE INDEX account_emailaddress_user_id_2c513194 ON public.account_emailaddress USING btree (user_id);

CREATE INDEX account_emailconfirmation_email_address_id_5b7f8c58 ON public.account_emailconfirmation USING btree (email_address_id);

CREATE INDEX account_emailconfirmation_key_f43612bd_like ON public.account_emailconfirmation USING btree (key varchar_pattern_ops);

CREATE INDEX accounts_cache_expires ON public.accounts_cache USING btree (expires);

CREATE INDEX accounts_invitation_accepted_by_id_ba632539 ON public.accounts_invitation USING btree (accepted_by_id);

CREATE INDEX accounts_key_source_id_40fcf93a ON public.accounts_key USING btree (source_id);

CREATE INDEX accounts_onetimelink_agent_id_f26b7031 ON public.accounts_onetimelink USING btree (agent_id);

CREATE INDEX accounts_team_agents_agent_id_6bcbbae9 ON public.accounts_team_agents USING btree (agent_id);

CREATE INDEX accounts_team_agents_team_id_cceb1f52 ON public.accounts_team_agents USING btree (team_id);

CREATE UNIQUE INDEX agent_email_once ON public.accounts_agent USING btree (lower((email)::text));

CREATE INDEX api_notice_webhook_id_d8173b52 ON public.api_notice USING btree (webhook_id);

CREATE INDEX attachment_by_digest ON public.desk_attachment USING btree (digest);

CREATE INDEX audit_by_verb ON public.accounts_auditentry USING btree (verb, id DESC);

CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);

CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);

CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);

CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);

CREATE INDEX bulk_of_agent ON public.desk_bulk USING btree (agent_id, id DESC);

CREATE INDEX call_by_age ON public.api_call USING btree (at);

CREATE INDEX change_by_age ON public.kernel_change USING btree (at);

CREATE UNIQUE INDEX channel_address_once ON public.channels_channel USING btree (lower(address)) WHERE ((NOT (address = ''::text)) AND (archived_at IS NULL));

CREATE INDEX channels_channel_team_id_4c7a34c2 ON public.channels_channel USING btree (team_id);

CREATE INDEX channels_delivery_channel_id_59493e4b ON public.channels_delivery USING btree (channel_id);

CREATE INDEX channels_delivery_key_d0079264_like ON public.channels_delivery USING btree (key text_pattern_ops);

CREATE INDEX channels_incoming_channel_id_96c97bbc ON public.channels_incoming USING btree (channel_id);

CREATE INDEX channels_mailbox_channel_id_b56e6e4a ON public.channels_mailbox USING btree (channel_id);

CREATE INDEX channels_suppressedaddress_address_92d79b68_like ON public.channels_suppressedaddress USING btree (address text_pattern_ops);

CREATE INDEX clock_to_breach ON public.desk_clock USING btree (due_at) WHERE ((breached_at IS NULL) AND (((met_at IS NULL) AND (stopped_at IS NULL)) OR (met_at > due_at) OR (stopped_at > due_at)));

CREATE INDEX clock_to_warn ON public.desk_clock USING btree (warn_at) WHERE ((met_at IS NULL) AND (stopped_at IS NULL) AND (warned_at IS NULL));

CREATE INDEX consent_given ON public.customers_consent USING btree (purpose, customer_id) WHERE is_given;

CREATE INDEX conversation_about_accounts ON public.desk_conversation USING btree (status, last_at DESC, id DESC) WHERE ((kind = 'account'::text) AND (merged_into_id IS NULL) AND (spam_at IS NULL));

CREATE INDEX conversation_by_assignee ON public.desk_conversation USING btree (assignee_id, status, last_at DESC, id DESC) WHERE ((merged_into_id IS NULL) AND (spam_at IS NULL));

CREATE INDEX conversation_by_created ON public.desk_conversation USING btree (status, created_at DESC, id DESC) WHERE ((merged_into_id IS NULL) AND (spam_at IS NULL));

CREATE INDEX conversation_by_due ON public.desk_conversation USING btree (status, due_at, id) WHERE ((due_at IS NOT NULL) AND (merged_into_id IS NULL) AND (spam_at IS NULL));

CREATE INDEX conversation_by_last ON public.desk_conversation USING btree (last_at DESC, id DESC) WHERE ((merged_into_id IS NULL) AND (spam_at IS NULL));

CREATE INDEX conversation_by_priority ON public.desk_conversation USING btree (status, priority, last_at DESC, id DESC) WHERE ((merged_into_id IS NULL) AND (spam_at IS NULL));

CREATE INDEX conversation_by_status ON public.desk_conversation USING btree (status, last_at DESC, id DESC) WHERE ((merged_into_id IS NULL) AND (spam_at IS NULL));

CREATE INDEX conversation_by_team ON public.desk_conversation USING btree (team_id, status, last_at DESC, id DESC) WHERE ((merged_into_id IS NULL) AND (spam_at IS NULL));

CREATE INDEX conversation_fields ON public.desk_conversation USING gin (fields) WHERE (NOT (fields = '{}'::jsonb));

CREATE INDEX conversation_longest_waiting ON public.desk_conversation USING btree (waiting_since, id) WHERE ((merged_into_id IS NULL) AND (spam_at IS NULL) AND (status = 'open'::text));

CREATE INDEX conversation_merged ON public.desk_conversation USING btree (merged_into_id) WHERE (merged_into_id IS NOT NULL);

CREATE UNIQUE INDEX conversation_merged_once ON public.desk_merge USING btree (merged_id) WHERE (undone_at IS NULL);

CREATE INDEX conversation_of_customer ON public.desk_conversation USING btree (customer_id, last_at DESC);

CREATE INDEX conversation_side_unread ON public.desk_conversation USING btree (assignee_id) WHERE (side_unread > 0);

CREATE INDEX conversation_spam ON public.desk_conversation USING btree (last_at DESC) WHERE (spam_at IS NOT NULL);

CREATE INDEX conversation_to_wake ON public.desk_conversation USING btree (snoozed_until) WHERE (status = 'snoozed'::text);

CREATE INDEX conversation_with_files ON public.desk_conversation USING btree (last_at DESC, id DESC) INCLUDE (status, assignee_id, team_id) WHERE (has_attachments AND (merged_into_id IS NULL) AND (spam_at IS NULL));

CREATE INDEX customer_by_company ON public.customers_customer USING btree (company_id, id DESC);

CREATE INDEX customer_by_name ON public.customers_customer USING btree (NULLIF(lower("left"(name, 80)), ''::text), id);

CREATE INDEX customer_last_seen ON public.customers_customer USING btree (last_seen_at DESC NULLS LAST, id DESC);

CREATE INDEX customer_merged ON public.customers_customer USING btree (merged_into_id) WHERE (merged_into_id IS NOT NULL);

CREATE INDEX customer_search ON public.customers_customer USING gin (search_text public.gin_trgm_ops);

CREATE INDEX customer_shown_as ON public.customers_customer USING btree (id, merged_into_id) WHERE (merged_into_id IS NOT NULL);

CREATE INDEX customers_claimedlink_customer_id_2eefaaf7 ON public.customers_claimedlink USING btree (customer_id);

CREATE INDEX customers_company_external_id_d78f94a1_like ON public.customers_company USING btree (external_id text_pattern_ops);

CREATE INDEX customers_consent_customer_id_e5c9af2d ON public.customers_consent USING btree (customer_id);

CREATE INDEX customers_customer_labels_customer_id_60756a2a ON public.customers_customer_labels USING btree (customer_id);

CREATE INDEX customers_customer_labels_label_id_913d6ef9 ON public.customers_customer_labels USING btree (label_id);

CREATE INDEX customers_identity_customer_id_b1e21f37 ON public.customers_identity USING btree (customer_id);

CREATE INDEX customers_label_name_0b297414_like ON public.customers_label USING btree (name text_pattern_ops);

CREATE INDEX customers_merge_kept_id_079eb59f ON public.customers_merge USING btree (kept_id);

CREATE INDEX customers_merge_merged_id_fa9d6919 ON public.customers_merge USING btree (merged_id);

CREATE INDEX customers_portallink_customer_id_aaab5f63 ON public.customers_portallink USING btree (customer_id);

CREATE INDEX customers_portallink_request_3c6ac0c5_like ON public.customers_portallink USING btree (request text_pattern_ops);

CREATE INDEX customers_portalsession_customer_id_d0505b9c ON public.customers_portalsession USING btree (customer_id);

CREATE INDEX customers_trait_customer_id_d9502fa2 ON public.customers_trait USING btree (customer_id);

CREATE INDEX delivery_about ON public.channels_delivery USING btree (about);

CREATE INDEX delivery_by_external_id ON public.channels_delivery USING btree (external_id) WHERE (NOT (external_id = ''::text));

CREATE INDEX delivery_claimed ON public.channels_delivery USING btree (claimed_at) WHERE (state = 'claimed'::text);

CREATE INDEX delivery_due ON public.channels_delivery USING btree (due_at) WHERE (state = 'queued'::text);

CREATE INDEX delivery_of_customer ON public.channels_delivery USING btree (customer_id) WHERE (customer_id IS NOT NULL);

CREATE INDEX desk_attachment_message_id_b308aa5a ON public.desk_attachment USING btree (message_id);

CREATE INDEX desk_awaited_conversation_id_97fb96f2 ON public.desk_awaited USING btree (conversation_id);

CREATE INDEX desk_conversation_key_ee3a1eb9_like ON public.desk_conversation USING btree (key text_pattern_ops);

CREATE INDEX desk_conversation_labels_conversation_id_6929c583 ON public.desk_conversation_labels USING btree (conversation_id);

CREATE INDEX desk_conversation_labels_label_id_a33ccf28 ON public.desk_conversation_labels USING btree (label_id);

CREATE INDEX desk_draft_agent_id_8800f015 ON public.desk_draft USING btree (agent_id);

CREATE INDEX desk_draft_conversation_id_efa204d1 ON public.desk_draft USING btree (conversation_id);

CREATE INDEX desk_export_agent_id_4c000462 ON public.desk_export USING btree (agent_id);

CREATE INDEX desk_fielddefinition_key_774140f0_like ON public.desk_fielddefinition USING btree (key text_pattern_ops);

CREATE INDEX desk_firing_conversation_id_e6e4c535 ON public.desk_firing USING btree (conversation_id);

CREATE INDEX desk_label_of_lists ON public.desk_conversation_labels USING btree (label_id, conversation_id);

CREATE UNIQUE INDEX desk_label_once ON public.desk_label USING btree (lower(name));

CREATE INDEX desk_link_conversation_id_2532c059 ON public.desk_link USING btree (conversation_id);

CREATE INDEX desk_link_other_id_d46d33e3 ON public.desk_link USING btree (other_id);

CREATE INDEX desk_macro_agent_id_994a25ff ON public.desk_macro USING btree (agent_id);

CREATE INDEX desk_macro_team_id_4012368f ON public.desk_macro USING btree (team_id);

CREATE INDEX desk_mention_agent_id_4a0f1362 ON public.desk_mention USING btree (agent_id);

CREATE INDEX desk_mention_message_id_aa7d3e50 ON public.desk_mention USING btree (message_id);

CREATE INDEX desk_merge_kept_id_8ab91c32 ON public.desk_merge USING btree (kept_id);

CREATE INDEX desk_merge_merged_id_563d2463 ON public.desk_merge USING btree (merged_id);

CREATE INDEX desk_message_key_8ac8ee13_like ON public.desk_message USING btree (key text_pattern_ops);

CREATE INDEX desk_presence_agent_id_58b8e454 ON public.desk_presence USING btree (agent_id);

CREATE INDEX desk_presence_conversation_id_bd89d7ec ON public.desk_presence USING btree (conversation_id);

CREATE INDEX desk_routed_conversation_id_381b76dc ON public.desk_routed USING btree (conversation_id);

CREATE INDEX desk_sidefile_message_id_dd651488 ON public.desk_sidefile USING btree (message_id);

CREATE INDEX desk_sidemessage_key_f64ff304_like ON public.desk_sidemessage USING btree (key text_pattern_ops);

CREATE INDEX desk_turn_episode_id_06a65e5b ON public.desk_turn USING btree (episode_id);

CREATE INDEX desk_view_agent_id_b3cf9a98 ON public.desk_view USING btree (agent_id);

CREATE INDEX desk_watch_agent_id_a8cff6e1 ON public.desk_watch USING btree (agent_id);

CREATE INDEX desk_watch_conversation_id_5d4d25c2 ON public.desk_watch USING btree (conversation_id);

CREATE INDEX desk_word_text_95a9fd31_like ON public.desk_word USING btree (text text_pattern_ops);

CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);

CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);

CREATE INDEX episode_began ON public.desk_episode USING btree (began_at);

CREATE INDEX episode_ended ON public.desk_episode USING btree (ended_at);

CREATE INDEX episode_opened ON public.desk_episode USING btree (opened_at);

CREATE INDEX erasure_of_customer ON public.customers_erasure USING gin (customer_ids);

CREATE UNIQUE INDEX export_one_at_a_time ON public.desk_export USING btree ((1)) WHERE (state = ANY (ARRAY['asked'::text, 'running'::text]));

CREATE INDEX fact_of_conversation ON public.kernel_fact USING btree ((((properties ->> 'conversation_id'::text))::bigint)) WHERE ((source_id = 1) AND (properties ? 'conversation_id'::text));

CREATE INDEX fact_of_order ON public.kernel_fact USING btree (customer_id) WHERE ((name = 'Order Completed'::text) AND is_trusted);

CREATE INDEX fact_timeline ON public.kernel_fact USING btree (customer_id, occurred_at);

CREATE INDEX firings_of_rule ON public.desk_firing USING btree (rule_id, id DESC);

CREATE UNIQUE INDEX form_slug_once ON public.channels_channel USING btree (((settings ->> 'slug'::text))) WHERE ((archived_at IS NULL) AND (kind = 'form'::text));

CREATE INDEX identity_by_source ON public.customers_identity USING btree (source_id, customer_id);

CREATE INDEX idx_procrastinate_jobs_worker_not_null ON public.procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::public.procrastinate_job_status));

CREATE INDEX idx_procrastinate_workers_last_heartbeat ON public.procrastinate_workers USING btree (last_heartbeat);

CREATE INDEX import_history ON public.customers_import USING btree (created_at DESC, id DESC);

CREATE INDEX incoming_dead ON public.channels_incoming USING btree (id DESC) WHERE (state = 'dead'::text);

CREATE INDEX incoming_to_understand ON public.channels_incoming USING btree (channel_id, id) WHERE (state = 'stored'::text);

CREATE INDEX insights_factcount_name_cc9a9389_like ON public.insights_factcount USING btree (name text_pattern_ops);

CREATE INDEX insights_mirrorfile_path_fb9801fa_like ON public.insights_mirrorfile USING btree (path text_pattern_ops);

CREATE INDEX insights_report_agent_id_e04ca133 ON public.insights_report USING btree (agent_id);

CREATE UNIQUE INDEX invitation_open_once ON public.accounts_invitation USING btree (lower((email)::text)) WHERE ((accepted_at IS NULL) AND (revoked_at IS NULL));

CREATE INDEX kernel_cursor_consumer_c05f6015_like ON public.kernel_cursor USING btree (consumer text_pattern_ops);

CREATE INDEX kernel_pagesetting_name_a4d85db7_like ON public.kernel_pagesetting USING btree (name text_pattern_ops);

CREATE INDEX kernel_source_name_8e2913d5_like ON public.kernel_source USING btree (name text_pattern_ops);

CREATE INDEX label_customers ON public.customers_customer_labels USING btree (label_id, customer_id);

CREATE INDEX macro_by_name ON public.desk_macro USING btree (agent_id, name);

CREATE UNIQUE INDEX merged_once ON public.customers_merge USING btree (merged_id) WHERE (undone_at IS NULL);

CREATE INDEX message_by_external_id ON public.desk_message USING btree (external_id) WHERE (NOT (external_id = ''::text));

CREATE INDEX message_in_conversation ON public.desk_message USING btree (conversation_id, id);

CREATE INDEX message_to_let_go ON public.desk_message USING btree (due_at) WHERE (state = 'queued'::text);

CREATE INDEX mfa_authenticator_user_id_0c3a50c0 ON public.mfa_authenticator USING btree (user_id);

CREATE INDEX mirror_by_position ON public.insights_mirrorfile USING btree (last_epoch, last_tx, last_id);

CREATE INDEX notice_by_age ON public.api_notice USING btree (created_at);

CREATE INDEX notice_due ON public.api_notice USING btree (due_at) WHERE (state = 'queued'::text);

CREATE INDEX notice_of_customer ON public.api_notice USING btree (customer_id);

CREATE INDEX notice_of_webhook ON public.api_notice USING btree (webhook_id, id DESC);

CREATE INDEX policy_newest ON public.desk_policy USING btree (at DESC, id DESC);

CREATE INDEX portal_link_expires ON public.customers_portallink USING btree (expires_at);

CREATE INDEX portal_session_expires ON public.customers_portalsession USING btree (expires_at);

CREATE INDEX presence_by_age ON public.desk_presence USING btree (at);

CREATE INDEX procrastinate_events_job_id_fkey_v1 ON public.procrastinate_events USING btree (job_id);

CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON public.procrastinate_jobs USING btree (id, lock) WHERE (status = ANY (ARRAY['todo'::public.procrastinate_job_status, 'doing'::public.procrastinate_job_status]));

CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON public.procrastinate_jobs USING btree (lock) WHERE (status = 'doing'::public.procrastinate_job_status);

CREATE INDEX procrastinate_jobs_priority_idx_v1 ON public.procrastinate_jobs USING btree (priority DESC, id) WHERE (status = 'todo'::public.procrastinate_job_status);

CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON public.procrastinate_jobs USING btree (queue_name);

CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON public.procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'todo'::public.procrastinate_job_status);

CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON public.procrastinate_periodic_defers USING btree (job_id);

CREATE INDEX rejected_by_source ON public.customers_rejectedmessage USING btree (source_id, id DESC);

CREATE INDEX report_due ON public.insights_report USING btree (next_at);

CREATE INDEX routed_lately ON public.desk_routed USING btree (agent_id, at DESC);

CREATE INDEX searched_last ON public.desk_searched USING btree (last_at DESC);

CREATE INDEX searched_title_by_period ON public.desk_searched USING gin (((title || array_to_tsvector(ARRAY[('#1#'::text || (((((last_at AT TIME ZONE 'UTC'::text))::date - '1970-01-01'::date) / 1))::text), ('#4#'::text || (((((last_at AT TIME ZONE 'UTC'::text))::date - '1970-01-01'::date) / 4))::text), ('#16#'::text || (((((last_at AT TIME ZONE 'UTC'::text))::date - '1970-01-01'::date) / 16))::text), ('#64#'::text || (((((last_at AT TIME ZONE 'UTC'::text))::date - '1970-01-01'::date) / 64))::text)]))));

CREATE INDEX searched_words_by_period ON public.desk_searched USING gin (((words || array_to_tsvector(ARRAY[('#1#'::text || (((((last_at AT TIME ZONE 'UTC'::text))::date - '1970-01-01'::date) / 1))::text), ('#4#'::text || (((((last_at AT TIME ZONE 'UTC'::text))::date - '1970-01-01'::date) / 4))::text), ('#16#'::text || (((((last_at AT TIME ZONE 'UTC'::text))::date - '1970-01-01'::date) / 16))::text), ('#64#'::text || (((((last_at AT TIME ZONE 'UTC'::text))::date - '1970-01-01'::date) / 64))::text)]))));

CREATE INDEX side_file_by_digest ON public.desk_sidefile USING btree (digest);

CREATE INDEX side_message_by_author ON public.desk_sidemessage USING btree (author_address) WHERE (NOT (author_address = ''::text));

CREATE INDEX side_message_by_external_id ON public.desk_sidemessage USING btree (external_id) WHERE (NOT (external_id = ''::text));

CREATE INDEX side_message_in_side ON public.desk_sidemessage USING btree (side_id, id);

CREATE INDEX side_message_to_let_go ON public.desk_sidemessage USING btree (due_at) WHERE (state = 'queued'::text);

CREATE INDEX side_of_conversation ON public.desk_sideconversation USING btree (conversation_id, id);

CREATE INDEX step_in_conversation ON public.desk_step USING btree (conversation_id, id);

CREATE INDEX step_of_batch ON public.desk_step USING btree (batch) WHERE (NOT (batch = ''::text));

CREATE UNIQUE INDEX team_name_once ON public.accounts_team USING btree (lower(name));

CREATE INDEX trait_by_number ON public.customers_trait USING btree (name, number DESC NULLS LAST);

CREATE INDEX turn_began ON public.desk_turn USING btree (began_at);

CREATE UNIQUE INDEX unique_authenticator_type ON public.mfa_authenticator USING btree (user_id, type) WHERE ((type)::text = ANY ((ARRAY['totp'::character varying, 'recovery_codes'::character varying])::text[]));

CREATE UNIQUE INDEX unique_primary_email ON public.account_emailaddress USING btree (user_id, "primary") WHERE "primary";

CREATE UNIQUE INDEX unique_verified_email ON public.account_emailaddress USING btree (email) WHERE verified;

CREATE INDEX usersessions_usersession_session_key_fd35de43_like ON public.usersessions_usersession USING btree (session_key varchar_pattern_ops);

CREATE INDEX usersessions_usersession_user_id_af5e0a6d ON public.usersessions_usersession USING btree (user_id);

CREATE INDEX view_in_order ON public.desk_view USING btree (agent_id, "position", id);

CREATE INDEX word_alike ON public.desk_word USING gin (text public.gin_trgm_ops);

CREATE TRIGGER accounts_audit_append_only BEFORE DELETE OR UPDATE ON public.accounts_auditentry FOR EACH ROW EXECUTE FUNCTION public.accounts_audit_is_append_only();

CREATE TRIGGER accounts_audit_never_emptied BEFORE TRUNCATE ON public.accounts_auditentry FOR EACH STATEMENT EXECUTE FUNCTION public.accounts_audit_is_append_only();

CREATE TRIGGER desk_episode_added AFTER INSERT ON public.desk_episode REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION public.desk_mark_days_of_episodes();

CREATE TRIGGER desk_episode_is AFTER UPDATE ON public.desk_episode REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION public.desk_mark_days_of_episodes();

CREATE TRIGGER desk_episode_removed AFTER DELETE ON public.desk_episode REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION public.desk_mark_days_of_episodes();

CREATE TRIGGER desk_episode_was AFTER UPDATE ON public.desk_episode REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION public.desk_mark_days_of_episodes();

CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN (((old.abort_requested = false) AND (new.abort_requested = true) AND (new.status = 'doing'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_notify_queue_abort_job_v1();

CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_notify_queue_job_inserted_v1();

CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.abort_requested = true)) EXECUTE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1();

CREATE TRIGGER procrastinate_trigger_delete_jobs_v1 BEFORE DELETE ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_unlink_periodic_defers_v1();

CREATE TRIGGER procrastinate_trigger_scheduled_events_v1 AFTER INSERT OR UPDATE ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.scheduled_at IS NOT NULL) AND (new.status = 'todo'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1();

CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1();

CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_update_v1();

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_2c513194_fk_accounts_agent_id FOREIGN KEY (user_id) REFERENCES public.accounts_agent(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirm_email_address_id_5b7f8c58_fk_account_e FOREIGN KEY (email_address_id) REFERENCES public.account_emailaddress(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_invitation
    ADD CONSTRAINT accounts_invitation_accepted_by_id_ba632539_fk_accounts_ FOREIGN KEY (accepted_by_id) REFERENCES public.accounts_agent(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_key
    ADD CONSTRAINT accounts_key_agent_id_44332ff9_fk_accounts_agent_id FOREIGN KEY (agent_id) REFERENCES public.accounts_agent(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_key
    ADD CONSTRAINT accounts_key_source_id_40fcf93a_fk_kernel_source_id FOREIGN KEY (source_id) REFERENCES public.kernel_source(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_onetimelink
    ADD CONSTRAINT accounts_onetimelink_agent_id_f26b7031_fk_accounts_agent_id FOREIGN KEY (agent_id) REFERENCES public.accounts_agent(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_team_agents
    ADD CONSTRAINT accounts_team_agents_agent_id_6bcbbae9_fk_accounts_agent_id FOREIGN KEY (agent_id) REFERENCES public.accounts_agent(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_team_agents
    ADD CONSTRAINT accounts_team_agents_team_id_cceb1f52_fk_accounts_team_id FOREIGN KEY (team_id) REFERENCES public.accounts_team(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.api_notice
    ADD CONSTRAINT api_notice_webhook_id_d8173b52_fk_api_webhook_id FOREIGN KEY (webhook_id) REFERENCES public.api_webhook(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.channels_channel
    ADD CONSTRAINT channels_channel_team_id_4c7a34c2_fk_accounts_team_id FOREIGN KEY (team_id) REFERENCES public.accounts_team(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.channels_delivery
    ADD CONSTRAINT channels_delivery_channel_id_59493e4b_fk_channels_channel_id FOREIGN KEY (channel_id) REFERENCES public.channels_channel(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.channels_incoming
    ADD CONSTRAINT channels_incoming_channel_id_96c97bbc_fk_channels_channel_id FOREIGN KEY (channel_id) REFERENCES public.channels_channel(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.channels_mailbox
    ADD CONSTRAINT channels_mailbox_channel_id_b56e6e4a_fk_channels_channel_id FOREIGN KEY (channel_id) REFERENCES public.channels_channel(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.customers_claimedlink
    ADD CONSTRAINT customers_claimedlin_customer_id_2eefaaf7_fk_customers FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.customers_claimedlink
    ADD CONSTRAINT customers_claimedlin_visitor_id_3ee2f368_fk_customers FOREIGN KEY (visitor_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.customers_consent
    ADD CONSTRAINT customers_consent_customer_id_e5c9af2d_fk_customers_customer_id FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.customers_customer
    ADD CONSTRAINT customers_customer_company_id_d9d820a0_fk_customers_company_id FOREIGN KEY (company_id) REFERENCES public.customers_company(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.customers_customer_labels
    ADD CONSTRAINT customers_customer_l_customer_id_60756a2a_fk_customers FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.customers_customer_labels
    ADD CONSTRAINT customers_customer_l_label_id_913d6ef9_fk_customers FOREIGN KEY (label_id) REFERENCES public.customers_label(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.customers_customer
    ADD CONSTRAINT customers_customer_merged_into_id_2994ddb6_fk_customers FOREIGN KEY (merged_into_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.customers_identity
    ADD CONSTRAINT customers_identity_customer_id_b1e21f37_fk_customers FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.customers_merge
    ADD CONSTRAINT customers_merge_kept_id_079eb59f_fk_customers_customer_id FOREIGN KEY (kept_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.customers_merge
    ADD CONSTRAINT customers_merge_merged_id_fa9d6919_fk_customers_customer_id FOREIGN KEY (merged_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.customers_portallink
    ADD CONSTRAINT customers_portallink_customer_id_aaab5f63_fk_customers FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.customers_portalsession
    ADD CONSTRAINT customers_portalsess_customer_id_d0505b9c_fk_customers FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.customers_trait
    ADD CONSTRAINT customers_trait_customer_id_d9502fa2_fk_customers_customer_id FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_attachment
    ADD CONSTRAINT desk_attachment_message_id_b308aa5a_fk_desk_message_id FOREIGN KEY (message_id) REFERENCES public.desk_message(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_awaited
    ADD CONSTRAINT desk_awaited_channel_id_19f31d3f_fk_channels_channel_id FOREIGN KEY (channel_id) REFERENCES public.channels_channel(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_awaited
    ADD CONSTRAINT desk_awaited_conversation_id_97fb96f2_fk_desk_conversation_id FOREIGN KEY (conversation_id) REFERENCES public.desk_conversation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_bulk
    ADD CONSTRAINT desk_bulk_agent_id_f3e815ed_fk_accounts_agent_id FOREIGN KEY (agent_id) REFERENCES public.accounts_agent(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_clock
    ADD CONSTRAINT desk_clock_conversation_id_9a80cd16_fk_desk_conversation_id FOREIGN KEY (conversation_id) REFERENCES public.desk_conversation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_clock
    ADD CONSTRAINT desk_clock_policy_id_2a1b3320_fk_desk_policy_id FOREIGN KEY (policy_id) REFERENCES public.desk_policy(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_conversation
    ADD CONSTRAINT desk_conversation_assignee_id_a5e246e4_fk_accounts_agent_id FOREIGN KEY (assignee_id) REFERENCES public.accounts_agent(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_conversation
    ADD CONSTRAINT desk_conversation_channel_id_3244e7a4_fk_channels_channel_id FOREIGN KEY (channel_id) REFERENCES public.channels_channel(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_conversation
    ADD CONSTRAINT desk_conversation_customer_id_03524ab9_fk_customers_customer_id FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_conversation_labels
    ADD CONSTRAINT desk_conversation_la_conversation_id_6929c583_fk_desk_conv FOREIGN KEY (conversation_id) REFERENCES public.desk_conversation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_conversation_labels
    ADD CONSTRAINT desk_conversation_labels_label_id_a33ccf28_fk_desk_label_id FOREIGN KEY (label_id) REFERENCES public.desk_label(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_conversation
    ADD CONSTRAINT desk_conversation_merged_into_id_7aaa04ac_fk_desk_conv FOREIGN KEY (merged_into_id) REFERENCES public.desk_conversation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_conversation
    ADD CONSTRAINT desk_conversation_team_id_351c4f39_fk_accounts_team_id FOREIGN KEY (team_id) REFERENCES public.accounts_team(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_draft
    ADD CONSTRAINT desk_draft_agent_id_8800f015_fk_accounts_agent_id FOREIGN KEY (agent_id) REFERENCES public.accounts_agent(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_draft
    ADD CONSTRAINT desk_draft_conversation_id_efa204d1_fk_desk_conversation_id FOREIGN KEY (conversation_id) REFERENCES public.desk_conversation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_episode
    ADD CONSTRAINT desk_episode_conversation_id_67434a67_fk_desk_conversation_id FOREIGN KEY (conversation_id) REFERENCES public.desk_conversation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_export
    ADD CONSTRAINT desk_export_agent_id_4c000462_fk_accounts_agent_id FOREIGN KEY (agent_id) REFERENCES public.accounts_agent(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_firing
    ADD CONSTRAINT desk_firing_conversation_id_e6e4c535_fk_desk_conversation_id FOREIGN KEY (conversation_id) REFERENCES public.desk_conversation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_firing
    ADD CONSTRAINT desk_firing_rule_id_eaf982e8_fk_desk_rule_id FOREIGN KEY (rule_id) REFERENCES public.desk_rule(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_link
    ADD CONSTRAINT desk_link_conversation_id_2532c059_fk_desk_conversation_id FOREIGN KEY (conversation_id) REFERENCES public.desk_conversation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_link
    ADD CONSTRAINT desk_link_other_id_d46d33e3_fk_desk_conversation_id FOREIGN KEY (other_id) REFERENCES public.desk_conversation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_macro
    ADD CONSTRAINT desk_macro_agent_id_994a25ff_fk_accounts_agent_id FOREIGN KEY (agent_id) REFERENCES public.accounts_agent(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_macro
    ADD CONSTRAINT desk_macro_team_id_4012368f_fk_accounts_team_id FOREIGN KEY (team_id) REFERENCES public.accounts_team(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_mention
    ADD CONSTRAINT desk_mention_agent_id_4a0f1362_fk_accounts_agent_id FOREIGN KEY (agent_id) REFERENCES public.accounts_agent(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_mention
    ADD CONSTRAINT desk_mention_message_id_aa7d3e50_fk_desk_message_id FOREIGN KEY (message_id) REFERENCES public.desk_message(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_merge
    ADD CONSTRAINT desk_merge_kept_id_8ab91c32_fk_desk_conversation_id FOREIGN KEY (kept_id) REFERENCES public.desk_conversation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_merge
    ADD CONSTRAINT desk_merge_merged_id_563d2463_fk_desk_conversation_id FOREIGN KEY (merged_id) REFERENCES public.desk_conversation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_message
    ADD CONSTRAINT desk_message_channel_id_0598f4c8_fk_channels_channel_id FOREIGN KEY (channel_id) REFERENCES public.channels_channel(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_message
    ADD CONSTRAINT desk_message_conversation_id_e57d6598_fk_desk_conversation_id FOREIGN KEY (conversation_id) REFERENCES public.desk_conversation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_presence
    ADD CONSTRAINT desk_presence_agent_id_58b8e454_fk_accounts_agent_id FOREIGN KEY (agent_id) REFERENCES public.accounts_agent(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_presence
    ADD CONSTRAINT desk_presence_conversation_id_bd89d7ec_fk_desk_conversation_id FOREIGN KEY (conversation_id) REFERENCES public.desk_conversation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_route
    ADD CONSTRAINT desk_route_team_id_339a2e59_fk_accounts_team_id FOREIGN KEY (team_id) REFERENCES public.accounts_team(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_routed
    ADD CONSTRAINT desk_routed_agent_id_57a2c146_fk_accounts_agent_id FOREIGN KEY (agent_id) REFERENCES public.accounts_agent(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_routed
    ADD CONSTRAINT desk_routed_conversation_id_381b76dc_fk_desk_conversation_id FOREIGN KEY (conversation_id) REFERENCES public.desk_conversation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_searched
    ADD CONSTRAINT desk_searched_conversation_id_042e40ae_fk_desk_conversation_id FOREIGN KEY (conversation_id) REFERENCES public.desk_conversation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_seat
    ADD CONSTRAINT desk_seat_agent_id_9a63426e_fk_accounts_agent_id FOREIGN KEY (agent_id) REFERENCES public.accounts_agent(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_sideconversation
    ADD CONSTRAINT desk_sideconversatio_channel_id_93973431_fk_channels_ FOREIGN KEY (channel_id) REFERENCES public.channels_channel(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_sideconversation
    ADD CONSTRAINT desk_sideconversatio_conversation_id_eb94db5d_fk_desk_conv FOREIGN KEY (conversation_id) REFERENCES public.desk_conversation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_sidefile
    ADD CONSTRAINT desk_sidefile_message_id_dd651488_fk_desk_sidemessage_id FOREIGN KEY (message_id) REFERENCES public.desk_sidemessage(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_sidemessage
    ADD CONSTRAINT desk_sidemessage_side_id_67ae8e56_fk_desk_sideconversation_id FOREIGN KEY (side_id) REFERENCES public.desk_sideconversation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_step
    ADD CONSTRAINT desk_step_conversation_id_a0e2b40b_fk_desk_conversation_id FOREIGN KEY (conversation_id) REFERENCES public.desk_conversation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_turn
    ADD CONSTRAINT desk_turn_episode_id_06a65e5b_fk_desk_episode_id FOREIGN KEY (episode_id) REFERENCES public.desk_episode(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_view
    ADD CONSTRAINT desk_view_agent_id_b3cf9a98_fk_accounts_agent_id FOREIGN KEY (agent_id) REFERENCES public.accounts_agent(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_watch
    ADD CONSTRAINT desk_watch_agent_id_a8cff6e1_fk_accounts_agent_id FOREIGN KEY (agent_id) REFERENCES public.accounts_agent(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.desk_watch
    ADD CONSTRAINT desk_watch_conversation_id_5d4d25c2_fk_desk_conversation_id FOREIGN KEY (conversation_id) REFERENCES public.desk_conversation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.insights_report
    ADD CONSTRAINT insights_report_agent_id_e04ca133_fk_accounts_agent_id FOREIGN KEY (agent_id) REFERENCES public.accounts_agent(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_user_id_0c3a50c0_fk_accounts_agent_id FOREIGN KEY (user_id) REFERENCES public.accounts_agent(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES public.procrastinate_workers(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id);

ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_user_id_af5e0a6d_fk_accounts_agent_id FOREIGN KEY (user_id) REFERENCES public.accounts_agent(id) DEFERRABLE INITIALLY DEFERRED;
