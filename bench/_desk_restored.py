"""The desk of the benchmarks as it was seeded, after answers were written in it."""

from __future__ import annotations

from typing import Any

from bench._desk import MESSAGES, STATUS

# Of those that were answered meanwhile: as `_CONVERSATIONS` makes them. None of them is so old that it is spam.
_RESTORED = f"""
UPDATE desk_conversation AS kept SET status = was.status, last_at = was.at, message_count = %(messages)s,
       waiting_since = CASE WHEN was.status = 'open' THEN was.at END,
       snoozed_until = CASE WHEN was.status = 'snoozed' THEN now() + interval '1 day' END, snoozed_by = '',
       resolved_at = CASE WHEN was.status = 'resolved' THEN was.at END, resolved_by = '',
       assignee_id = CASE WHEN kept.id %% 3 > 0 THEN kept.assignee_id END, last_author = 'customer',
       preview = (SELECT left(text, 200) FROM desk_message WHERE conversation_id = kept.id AND id <= %(last)s
                  ORDER BY id DESC LIMIT 1)
FROM (SELECT id, created_at + interval '20 hours' AS at, {STATUS} AS status FROM desk_conversation
       WHERE id IN (SELECT conversation_id FROM desk_message WHERE id > %(last)s)) AS was
WHERE kept.id = was.id AND kept.id <= %(count)s
"""
_TAKEN_AWAY = (
    "DELETE FROM procrastinate_events WHERE job_id IN"
    " (SELECT id FROM procrastinate_jobs WHERE task_name = 'desk.let_go')",
    "DELETE FROM procrastinate_jobs WHERE task_name = 'desk.let_go'",
    "DELETE FROM kernel_fact WHERE source_id = 1 AND message_id ~ '^desk-(message|step):'",
    "DELETE FROM desk_step WHERE conversation_id <= %(count)s",
    "DELETE FROM desk_draft WHERE conversation_id <= %(count)s",
    "DELETE FROM desk_message WHERE id > %(last)s",
)


def restore(database: Any, count: int) -> int:
    """Bring the desk back to how it was seeded, after answers were written; returns how many answers went.

    How a conversation stood follows from its number and when it was begun. What the numbers of the desk made of the
    answers stays: no page that is measured shows it.
    """
    said = {"last": count * MESSAGES, "count": count, "messages": MESSAGES}
    database.commit()
    database.autocommit = True  # nothing read afterwards holds what is written here
    with database.transaction():
        database.execute("SET LOCAL session_replication_role = replica")
        taken = database.execute(_RESTORED, said).rowcount
        for statement in _TAKEN_AWAY:
            database.execute(statement, said)
    return taken
