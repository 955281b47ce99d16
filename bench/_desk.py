"""A desk full of conversations, made on the database's own server; and what is searched for in it."""

from __future__ import annotations

import random
import time
from typing import Any

MESSAGES = 10
WORDS = 20_000
GIVEN = (
    "Ada", "Musa", "Jun", "Lea", "Paul", "Nora", "Emil", "Sofia", "Luca", "Mila", "Jonas", "Amara", "Noor", "Elif",
    "Hugo", "Clara", "Ravi", "Yuki", "Omar", "Greta",
)  # fmt: skip
FAMILY = (
    "Moreno", "Steiner", "Okafor", "Brandt", "Novak", "Silva", "Rossi", "Keller", "Demir", "Larsen", "Haddad",
    "Fischer", "Nagy", "Dubois", "Weber",
)  # fmt: skip
COMMON = (
    "order", "delivery", "parcel", "invoice", "refund", "late", "broken", "thank", "please", "coffee", "machine",
    "grind", "bag", "price", "address",
)  # fmt: skip

_SCHEMA = """
DROP TABLE IF EXISTS bench_word, bench_sentence;
CREATE UNLOGGED TABLE bench_word (id int PRIMARY KEY, word text);
"""
# Words with small numbers are drawn far more often, as words are in any language.
_SENTENCES = """
CREATE UNLOGGED TABLE bench_sentence AS
SELECT drawn.id, string_agg(w.word, ' ') AS text
FROM (SELECT s.id, 1 + floor(power(random(), 4) * %(words)s)::int AS word_id
      FROM generate_series(1, 20000) AS s (id), generate_series(1, 9 + s.id %% 7)) AS drawn
JOIN bench_word w ON w.id = drawn.word_id GROUP BY drawn.id
"""
_CUSTOMERS = """
INSERT INTO customers_customer (name, email, phone, language, time_zone, attributes, created_at, known_at, search_text)
SELECT name, email, '', '', '', '{}', now(), now(), lower(name || ' ' || email)
FROM (SELECT (%(given)s::text[])[1 + id %% 20] || ' ' || (%(family)s::text[])[1 + (id / 20) %% 15] AS name,
             'customer' || id || '@example.org' AS email FROM generate_series(1, %(customers)s) AS made (id)) AS named
"""
# Of the last tenth a quarter is open, an eighth waits, a twentieth is put aside; everything else is settled.
_CONVERSATIONS = """
INSERT INTO desk_conversation (id, customer_id, channel_id, kind, status, priority, subject, team_id, assignee_id,
    fields, language, created_at, last_at, waiting_since, snoozed_until, snoozed_by, resolved_at, resolved_by,
    spam_by, is_history, preview, last_author, message_count, has_attachments)
SELECT standing.id, %(first_customer)s + standing.id %% %(customers)s, %(channel)s, 'issue', status,
       CASE WHEN standing.id %% 40 = 0 THEN 1 WHEN standing.id %% 12 = 0 THEN 2 ELSE 3 END,
       initcap(split_part(s.text, ' ', 1)) || ' ' || split_part(s.text, ' ', 2) || ' ' || split_part(s.text, ' ', 3),
       %(first_team)s + standing.id %% 4, CASE WHEN standing.id %% 3 > 0 THEN %(agent)s END, '{}', '',
       at - interval '1 day', at,
       CASE WHEN status = 'open' THEN at END, CASE WHEN status = 'snoozed' THEN now() + interval '1 day' END, '',
       CASE WHEN status = 'resolved' THEN at END, '', '', false, left(s.text, 200), 'customer', %(messages)s, false
FROM (SELECT id, now() - (%(count)s - id) * (interval '1000 days' / %(count)s) AS at,
             CASE WHEN id < %(count)s * 0.9 THEN 'resolved' WHEN id %% 4 = 0 THEN 'open' WHEN id %% 8 = 1 THEN 'waiting'
                  WHEN id %% 20 = 2 THEN 'snoozed' ELSE 'resolved' END AS status
      FROM generate_series(1, %(count)s) AS made (id)) AS standing
JOIN bench_sentence s ON s.id = 1 + (standing.id * 7919) %% 20000
"""
_MESSAGES = """
INSERT INTO desk_message (conversation_id, kind, channel_id, author_kind, author_id, author_name, subject, text, quoted,
    signature, html, recipients, at, created_at, is_automatic, automatic_reason, external_id, state, trouble, before,
    removed_by)
SELECT c.id, 'message', c.channel_id, CASE WHEN n %% 2 = 1 THEN 'customer' ELSE 'agent' END,
       CASE WHEN n %% 2 = 1 THEN c.customer_id ELSE %(agent)s END, CASE WHEN n %% 2 = 1 THEN '' ELSE 'Ines' END, '',
       a.text || '. ' || b.text || '.', '', '', '', '{}', c.created_at + n * interval '2 hours',
       c.created_at + n * interval '2 hours', false, '', '', CASE WHEN n %% 2 = 1 THEN '' ELSE 'sent' END, '', '{}', ''
FROM desk_conversation c, generate_series(1, %(messages)s) AS turns (n),
     bench_sentence a, bench_sentence b
WHERE a.id = 1 + (c.id * 31 + n * 7) %% 20000 AND b.id = 1 + (c.id * 17 + n * 101) %% 20000
  AND c.id BETWEEN %(begin)s AND %(end)s
"""
_SEARCHED = """
INSERT INTO desk_searched (conversation_id, last_at, title, words)
SELECT c.id, c.last_at, array_to_tsvector(string_to_array(lower(c.subject || ' ' || customer.name), ' ')),
       strip(to_tsvector('simple', c.subject || ' ' || customer.name || ' ' || c.id || ' ' ||
                         (SELECT string_agg(m.text, ' ') FROM desk_message m WHERE m.conversation_id = c.id)))
FROM desk_conversation c JOIN customers_customer customer ON customer.id = c.customer_id
WHERE c.id BETWEEN %(begin)s AND %(end)s
"""
TABLES = ("desk_message", "desk_conversation", "desk_searched", "customers_customer")
SLICE = 50_000


def fill(database: Any, count: int) -> float:
    """Fill the desk unless it is full; returns the seconds it took, 0 when there was nothing to do."""
    if database.execute("SELECT count(*) FROM desk_conversation").fetchone()[0] >= count:
        return 0.0
    database.commit()
    database.autocommit = True  # the rows' constraints are checked as they come, not all at the end
    began = time.perf_counter()
    indexes = _without_indexes(database)
    said = {"count": count, "messages": MESSAGES, "customers": max(100, count // 5), "words": WORDS}
    _words(database, said)
    said |= _house(database)
    database.execute(_CUSTOMERS, said | {"given": list(GIVEN), "family": list(FAMILY)})
    said["first_customer"] = database.execute("SELECT min(id) FROM customers_customer").fetchone()[0]
    database.execute(_CONVERSATIONS, said)
    database.execute("ANALYZE desk_conversation")
    for begin in range(1, count + 1, SLICE):
        database.execute(_MESSAGES, said | {"begin": begin, "end": begin + SLICE - 1})
    database.execute("CREATE INDEX bench_by_conversation ON desk_message (conversation_id)")
    for begin in range(1, count + 1, SLICE):
        database.execute(_SEARCHED, said | {"begin": begin, "end": begin + SLICE - 1})
    database.execute("DROP INDEX bench_by_conversation")
    database.execute("SELECT setval('desk_conversation_id_seq', %s)", [count])
    for statement in indexes:
        database.execute(statement)
    database.execute("INSERT INTO desk_word (text) SELECT DISTINCT word FROM bench_word ON CONFLICT DO NOTHING")
    database.execute("DROP TABLE bench_word, bench_sentence")
    database.execute("VACUUM ANALYZE")
    return time.perf_counter() - began


def asked(dice: random.Random) -> str:
    """What an agent searches for: common and rare words, two at once, a name, a number, an operator, a slip."""
    rare = _word(dice.randrange(2_000, WORDS))
    return dice.choice(
        [
            dice.choice(COMMON), f"{dice.choice(COMMON)} {dice.choice(COMMON)}", rare, f"{dice.choice(COMMON)} {rare}",
            f"{dice.choice(GIVEN)} {dice.choice(FAMILY)}", f"{dice.choice(COMMON)} is:open", rare[:-1] + "x",
        ]
    )  # fmt: skip


def _words(database: Any, said: dict[str, Any]) -> None:
    database.execute(_SCHEMA)
    with database.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO bench_word VALUES (%s, %s)", [(number + 1, _word(number)) for number in range(WORDS + 1)]
        )
    database.execute(_SENTENCES, said)


def _word(number: int) -> str:
    """The number's word: the first are real, the others made of syllables."""
    if number < len(COMMON):
        return COMMON[number]
    dice = random.Random(number)
    return "".join(dice.choice("bdfgklmnprstvz") + dice.choice("aeiou") for _ in range(dice.randint(2, 5)))


def _house(database: Any) -> dict[str, int]:
    """A mailbox, four teams, and the agent who is signed in."""
    channel = database.execute(
        "INSERT INTO channels_channel (kind, name, address, settings, secrets, created_at, trouble)"
        " VALUES ('api', 'Bench', '', '{}', '', now(), '') RETURNING id"
    ).fetchone()[0]
    teams = database.execute(
        "INSERT INTO accounts_team (name, is_open, created_at)"
        " SELECT 'Team ' || n, true, now() FROM generate_series(1, 4) AS made (n) RETURNING id"
    ).fetchall()
    agent = database.execute("SELECT min(id) FROM accounts_agent").fetchone()[0]
    database.execute("INSERT INTO accounts_team_agents (team_id, agent_id) SELECT id, %s FROM accounts_team", [agent])
    return {"channel": channel, "first_team": min(row[0] for row in teams), "agent": agent}


def _without_indexes(database: Any) -> list[str]:
    """Take the indexes off that no constraint needs, and return how to make them again: a load is faster without."""
    rows = database.execute(
        "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.schemaname = 'public' AND i.tablename = ANY(%s)"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)",
        [list(TABLES)],
    ).fetchall()
    for name, _definition in rows:
        database.execute(f'DROP INDEX "{name}"')
    return [definition for _name, definition in rows]
