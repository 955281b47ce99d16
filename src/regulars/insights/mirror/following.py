"""Following the log: every batch of settled facts becomes files."""

from datetime import date

import pyarrow as pa

from regulars.insights.mirror import counts, files
from regulars.insights.mirror.columns import ArrowBatch
from regulars.kernel.arrow import pc
from regulars.kernel.tail import Position


def follow(batch: ArrowBatch, before: Position) -> None:
    """Write a batch, one file a day; listed in the transaction that moves the cursor."""
    files.save([files.write(table, day=day, first=before, last=batch.last) for day, table in by_day(batch.table)])
    counts.add(batch.table)


def by_day(table: pa.Table) -> list[tuple[date, pa.Table]]:
    """Split facts by the UTC day they were received."""
    days = pc.cast(pc.floor_temporal(table["received_at"], unit="day"), pa.date32())
    unique = sorted(pc.unique(days).to_pylist())
    if len(unique) == 1:
        return [(unique[0], table)]
    return [(day, table.filter(pc.equal(days, pa.scalar(day, pa.date32())))) for day in unique]
