"""The mirror's columns, and how they are read out of the log: as CSV by COPY, straight into Arrow."""

import io
from dataclasses import dataclass

import pyarrow as pa
from django.db import connection
from pyarrow import csv

from regulars.kernel.tail import SETTLED, Position

TIME = pa.timestamp("us", tz="UTC")
SCHEMA = pa.schema(
    [
        ("epoch", pa.int32()),
        ("tx", pa.int64()),
        ("id", pa.int64()),
        ("customer_id", pa.int64()),
        ("name", pa.string()),
        ("occurred_at", TIME),
        ("recorded_at", TIME),
        ("received_at", TIME),
        ("source_id", pa.int64()),
        ("message_id", pa.string()),
        ("is_trusted", pa.bool_()),
        ("is_recorded_assumed", pa.bool_()),
        ("properties", pa.string()),
    ]
)
_COPY = f"COPY (SELECT {', '.join(SCHEMA.names)} {SETTLED}) TO STDOUT (FORMAT csv)"
_CONVERT = csv.ConvertOptions(column_types=SCHEMA, strings_can_be_null=False, true_values=["t"], false_values=["f"])


@dataclass(frozen=True, slots=True)
class ArrowBatch:
    """A batch of facts as an Arrow table of `SCHEMA`, in the log's order."""

    table: pa.Table

    def __len__(self) -> int:
        return self.table.num_rows

    @property
    def last(self) -> Position:
        """The key of the last fact in it."""
        row = self.table.select(["epoch", "tx", "id"]).slice(len(self) - 1, 1)
        return Position(*(column[0].as_py() for column in row.columns))


def read_arrow(after: Position, limit: int) -> ArrowBatch:
    """The next settled facts after a position, at most `limit`, as Arrow."""
    text = io.BytesIO()
    with connection.cursor() as cursor, cursor.copy(_COPY, [*after, limit]) as copy:
        for chunk in copy:
            text.write(chunk)
    if not text.tell():
        return ArrowBatch(SCHEMA.empty_table())
    text.seek(0)
    table = csv.read_csv(
        text,
        read_options=csv.ReadOptions(column_names=SCHEMA.names, block_size=16 << 20),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=_CONVERT,
    )
    return ArrowBatch(table)
