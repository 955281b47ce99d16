"""Answers as CSV that a spreadsheet opens without running anything."""

import io

import pyarrow as pa
from pyarrow import csv as arrow_csv

import tenure
from regulars.kernel.spreadsheets import harmless_column

COLUMNS = ("kind", "cohort", "segment", "period", "at_risk", "retained", "rate", "low", "high", "provisional")


def csv(answer: tenure.Retention) -> bytes:
    """Every cell with somebody at risk: kind, cohort, (segment,) period, at_risk, retained, rate, low, high."""
    table = answer.table()
    return plain_csv(table.select([name for name in COLUMNS if name in table.column_names]))


def plain_csv(table: pa.Table) -> bytes:
    """Any table; texts that a spreadsheet would run are made harmless."""
    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            table = table.set_column(place, field.name, harmless_column(table[field.name]))
    written = io.BytesIO()
    arrow_csv.write_csv(table, written, arrow_csv.WriteOptions(quoting_style="needed"))
    return written.getvalue()
