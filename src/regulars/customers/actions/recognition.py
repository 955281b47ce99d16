"""Recognising people: which customer an identity belongs to, made on first sight.

Any number of processes may see the same new identity at once. The unique row of the identity
decides: whoever inserts it makes the customer, the others wait for them and read it. Identities
are always inserted in order of (kind, value), and before facts, so that nobody waits in a circle.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection

from regulars.customers import normalise
from regulars.kernel import people

Way = tuple[str, str]  # kind and normalised value

# Held shared by whoever writes down something about a customer, alone by an erasure: what is being
# written either stands before the erasure looks, or waits and then finds the identity suppressed.
ERASURE_LOCK = 7_301_904

_FIND = """
SELECT identity.kind, identity.value, identity.customer_id, identity.verified_at IS NULL, customer.known_at IS NULL
FROM unnest(%s::text[], %s::text[]) AS wanted (kind, value)
JOIN customers_identity identity USING (kind, value)
JOIN customers_customer customer ON customer.id = identity.customer_id
"""

# The foreign key of an identity is checked at commit, so the identity may come before its customer.
_CREATE = """
WITH wanted AS MATERIALIZED (
    SELECT kind, value, search_text, nextval('customers_customer_id_seq') AS customer_id
    FROM unnest(%(kinds)s::text[], %(values)s::text[], %(search_texts)s::text[]) AS new (kind, value, search_text)
), taken AS (
    INSERT INTO customers_identity (customer_id, kind, value, source_id, created_at, verified_at)
    SELECT customer_id, kind, value, %(source_id)s, %(at)s, CASE WHEN %(is_verified)s THEN %(at)s::timestamptz END
    FROM wanted ORDER BY kind COLLATE "C", value COLLATE "C"
    ON CONFLICT (kind, value) DO NOTHING
    RETURNING kind, value, customer_id
), made AS (
    INSERT INTO customers_customer (id, name, email, phone, language, time_zone, attributes, created_at, known_at,
                                    search_text)
    SELECT taken.customer_id, '', CASE kind WHEN 'email' THEN value ELSE '' END,
           CASE kind WHEN 'phone' THEN value ELSE '' END, '', '', '{}', %(at)s,
           CASE WHEN %(is_known)s AND kind <> 'anonymous' THEN %(at)s::timestamptz END, wanted.search_text
    FROM taken JOIN wanted USING (kind, value)
)
SELECT kind, value, customer_id FROM taken
"""

_ATTACH = """
INSERT INTO customers_identity (customer_id, kind, value, source_id, created_at, verified_at)
SELECT customer_id, kind, value, %(source_id)s, %(at)s, CASE WHEN %(is_verified)s THEN %(at)s::timestamptz END
FROM unnest(%(customer_ids)s::bigint[], %(kinds)s::text[], %(values)s::text[]) AS new (customer_id, kind, value)
ORDER BY kind COLLATE "C", value COLLATE "C"
ON CONFLICT (kind, value) DO NOTHING
"""

_VERIFY = """
UPDATE customers_identity SET verified_at = %s
FROM (SELECT identity.id FROM customers_identity identity
      JOIN unnest(%s::text[], %s::text[]) AS seen (kind, value) USING (kind, value)
      WHERE verified_at IS NULL ORDER BY identity.id FOR UPDATE OF identity) AS claimed
WHERE customers_identity.id = claimed.id
"""

_MAKE_KNOWN = """
UPDATE customers_customer SET known_at = %s
FROM (SELECT id FROM customers_customer WHERE id = ANY(%s) AND known_at IS NULL ORDER BY id FOR UPDATE) AS visitor
WHERE customers_customer.id = visitor.id
"""


def recognise(
    wanted: Sequence[Way], *, source_id: int, at: datetime, is_known: bool, is_verified: bool
) -> dict[Way, int]:
    """The customer of each way, made where there was none; call it inside the transaction that writes.

    Values are normalised (`normalise.identity`). Ways that were erased are left out. An anonymous way
    never makes anybody known. The customer is the one the way was given to: it may since have been
    merged, and rows keep its id (`heads` says who is shown).
    """
    hold_off_erasure()
    ways = sorted(set(wanted))
    found = _find(ways)
    _vouch(found, at=at, is_known=is_known, is_verified=is_verified)
    answer = {way: row[0] for way, row in found.items()}
    missing = [way for way in ways if way not in answer]
    if missing:
        erased = people.suppressed(missing)
        allowed = [way for way in missing if way not in erased]
        answer |= _create(allowed, source_id=source_id, at=at, is_known=is_known, is_verified=is_verified)
    return answer


def attach(
    wanted: Iterable[tuple[int, str, str]], *, source_id: int, at: datetime, is_verified: bool
) -> dict[Way, int]:
    """Give customers further ways (customer, kind, value) that nobody has yet; answers whose each way now is.

    A way that somebody else has stays theirs, and one that was erased is given to nobody.
    """
    hold_off_erasure()
    new = {(kind, value): customer_id for customer_id, kind, value in wanted}
    erased = people.suppressed(list(new))
    ways = sorted(way for way in new if way not in erased)
    if not ways:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _ATTACH,
            {
                "customer_ids": [new[way] for way in ways],
                **_columns(ways),
                "source_id": source_id,
                "at": at,
                "is_verified": is_verified,
            },
        )
    return {way: row[0] for way, row in _find(ways).items()}


def heads(customer_ids: Iterable[int]) -> dict[int, int]:
    """Who is shown for each customer: the end of the chain of merges."""
    ids = sorted(set(customer_ids))
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE chain (start, id, next) AS ("
            " SELECT id, id, merged_into_id FROM customers_customer WHERE id = ANY(%s)"
            " UNION ALL SELECT chain.start, customer.id, customer.merged_into_id"
            " FROM chain JOIN customers_customer customer ON customer.id = chain.next)"
            " SELECT start, id FROM chain WHERE next IS NULL",
            [ids],
        )
        return dict(cursor.fetchall())


def hold_off_erasure() -> None:
    """Let no erasure run until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [ERASURE_LOCK])


def wait_for_writers() -> None:
    """For an erasure: let everything under way end, and keep what comes waiting until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ERASURE_LOCK])


def _find(ways: Sequence[Way]) -> dict[Way, tuple[int, bool, bool]]:
    """Customer, whether the way is only claimed, whether the customer is only a visitor."""
    if not ways:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [[kind for kind, _ in ways], [value for _, value in ways]])
        return {(kind, value): (customer_id, *rest) for kind, value, customer_id, *rest in cursor.fetchall()}


def _create(ways: Sequence[Way], *, source_id: int, at: datetime, is_known: bool, is_verified: bool) -> dict[Way, int]:
    """Make a customer for each way; where another process was faster, take theirs."""
    if not ways:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _CREATE,
            {
                **_columns(ways),
                "search_texts": ["" if kind == "anonymous" else normalise.fold(value) for kind, value in ways],
                "source_id": source_id,
                "at": at,
                "is_known": is_known,
                "is_verified": is_verified,
            },
        )
        made = {(kind, value): customer_id for kind, value, customer_id in cursor.fetchall()}
    overtaken = _find([way for way in ways if way not in made])
    _vouch(overtaken, at=at, is_known=is_known, is_verified=is_verified)
    return made | {way: row[0] for way, row in overtaken.items()}


def _vouch(found: dict[Way, tuple[int, bool, bool]], *, at: datetime, is_known: bool, is_verified: bool) -> None:
    """A trusted source turns a claim into a fact; whoever has a name is more than a visitor."""
    claimed = [way for way, (_, is_claimed, _) in found.items() if is_verified and is_claimed]
    visitors = [row[0] for way, row in found.items() if is_known and row[2] and way[0] != "anonymous"]
    with connection.cursor() as cursor:
        if claimed:
            cursor.execute(_VERIFY, [at, [kind for kind, _ in claimed], [value for _, value in claimed]])
        if visitors:
            cursor.execute(_MAKE_KNOWN, [at, visitors])


def _columns(ways: Sequence[Way]) -> dict[str, list[str]]:
    return {"kinds": [kind for kind, _ in ways], "values": [value for _, value in ways]}
