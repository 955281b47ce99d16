"""Who did a certain thing and when, straight out of the mirror: the two columns that everything is reduced from.

A file whose own footer says that all its facts are of the name is read without looking at names, and every file goes
to its place in the answer at once: nothing is filtered, joined or copied a second time.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from regulars.insights.mirror import files
from regulars.insights.models import MirrorFile
from regulars.kernel.arrow import pc
from regulars.kernel.tail import START, Position

Ints = NDArray[np.int64]
COLUMNS = ("customer_id", "occurred_at")


def moments(name: str, *, is_trusted_only: bool, after: Position = START) -> tuple[Ints, Ints]:
    """(customer ids, microseconds since 1970 in UTC) of the facts of a name after a position, in no certain order.

    A file may be replaced by a compaction between the list and the reading; then the list is fetched anew.
    """
    for _ in range(5):
        rows = files.listed(after=after)
        if any(files.first_of(row) < after for row in rows):
            break  # few facts, of files that are asked for in part
        try:
            return _whole(rows, name, is_trusted_only=is_trusted_only)
        except FileNotFoundError:
            continue
    table = files.read(COLUMNS, after=after, name=name, is_trusted_only=is_trusted_only)
    return tuple(_plain(table[column]) for column in COLUMNS)  # type: ignore[return-value]  # there are two


def _whole(rows: list[MirrorFile], name: str, *, is_trusted_only: bool) -> tuple[Ints, Ints]:
    starts = np.concatenate([[0], np.cumsum([row.rows for row in rows])]).astype(np.int64)
    customers, times = np.empty(starts[-1], np.int64), np.empty(starts[-1], np.int64)

    def put(place: int) -> int:
        """Lay a file's facts where its rows begin; returns how many there were."""
        table = _load(rows[place], name, is_trusted_only=is_trusted_only)
        part = slice(starts[place], starts[place] + table.num_rows)
        customers[part], times[part] = (_plain(table[column]) for column in COLUMNS)
        return table.num_rows

    with ThreadPoolExecutor(max(1, pa.cpu_count())) as pool:
        found = list(pool.map(put, range(len(rows))))
    if sum(found) == starts[-1]:
        return customers, times
    parts = [slice(start, start + count) for start, count in zip(starts.tolist(), found, strict=False) if count]
    return tuple(np.concatenate([column[part] for part in parts] or [column[:0]]) for column in (customers, times))  # type: ignore[return-value]  # there are two


def _load(row: MirrorFile, name: str, *, is_trusted_only: bool) -> pa.Table:
    with pq.ParquetFile(files.folder() / row.path, memory_map=True, read_dictionary=cast(Any, ["name"])) as file:
        wanted = {"name": name, "is_trusted": True} if is_trusted_only else {"name": name}
        unsure = [column for column, value in wanted.items() if not _says_only(file.metadata, column, value)]
        table = file.read([*COLUMNS, *unsure], use_threads=False)
    for column in unsure:
        table = table.filter(pc.equal(table[column], wanted[column]))
    return table


def _says_only(footer: pq.FileMetaData, column: str, value: object) -> bool:
    """Whether the footer itself vouches that a column holds this value and nothing else."""
    place = footer.schema.names.index(column)
    groups = (footer.row_group(number).column(place) for number in range(footer.num_row_groups))
    told = (group.statistics if group.is_stats_set else None for group in groups)
    return all(
        said is not None and said.has_min_max and said.null_count == 0 and said.min == said.max == value
        for said in told
    )


def _plain(column: pa.ChunkedArray) -> Ints:
    return column.cast(pa.int64()).to_numpy()
