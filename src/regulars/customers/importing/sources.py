"""Where imported facts come from: one source per kind of file, so that the same order again is a replay."""

from collections.abc import Sequence

from django.db import connection

from regulars.kernel import clock
from regulars.kernel.models import Source


def source_id(kind: str) -> int:
    """The source of one kind of import, made on first use."""
    source, _ = Source.objects.get_or_create(
        name=f"import {kind}", defaults={"kind": Source.IMPORT, "created_at": clock.now()}
    )
    return source.pk


def already_there(message_ids: Sequence[str], *, kind: str) -> int:
    """How many of these facts were imported before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM kernel_fact JOIN kernel_source ON kernel_source.id = source_id"
            " WHERE kernel_source.name = %s AND message_id = ANY(%s)",
            [f"import {kind}", list(message_ids)],
        )
        return cursor.fetchone()[0]
