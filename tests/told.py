"""What the log says, read without waiting until it is settled: a test's own transaction has not ended."""

from django.db import connection

from regulars.kernel.tail import Facts, LoggedFact

_ALL = """
SELECT epoch, tx, id, customer_id, name, occurred_at, recorded_at, received_at, source_id, message_id,
       is_trusted, is_recorded_assumed, properties::text
FROM kernel_fact ORDER BY epoch, tx, id
"""


def everything_told() -> Facts:
    """Every fact there is, in order, as a reader of the log gets them."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL)
        return Facts(LoggedFact(*row) for row in cursor.fetchall())
