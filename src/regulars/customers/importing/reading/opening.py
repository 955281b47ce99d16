"""Which reader a file wants: by what it holds, not by what it is called."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from regulars.customers.importing.errors import CannotRead
from regulars.customers.importing.reading.batches import Batch
from regulars.customers.importing.reading.delimited import DelimitedReader
from regulars.customers.importing.reading.encodings import survey
from regulars.customers.importing.reading.json_lines import JsonLinesReader
from regulars.customers.importing.reading.streams import beginning, is_gzip, unpack
from regulars.customers.importing.reading.tables import ExcelReader, ParquetReader

ZIP, OLE, PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1"


class Reader(Protocol):
    """A file opened: the names of its columns, and its rows in batches as often as wanted."""

    columns: tuple[str, ...]

    def batches(self) -> Iterator[Batch]: ...


def open_file(path: Path, *, heed: Callable[[], None] = lambda: None) -> Reader:
    """Open a file by what it begins with; raises `CannotRead` with what to do.

    `heed` is called again and again while a large file is read for its encoding: it may raise, to end that.
    """
    start = beginning(path)
    if not start:
        raise CannotRead("The file is empty.")
    if start.startswith((ZIP, OLE, PARQUET)):
        plain = unpack(path, path.with_name(path.name + ".unpacked")) if is_gzip(path) else path
        return ParquetReader(plain) if start.startswith(PARQUET) else ExcelReader(plain)
    encoding = survey(path, heed=heed)
    text = start.decode("utf-16" if encoding.name.startswith("utf-16") else "latin-1", "ignore").lstrip(
        "ï»¿\ufeff \t\r\n"
    )
    if text.startswith("{"):
        return JsonLinesReader(path, encoding)
    if text.startswith("["):
        raise CannotRead("This is one JSON list. Write one object a line instead: jq -c '.[]' FILE > FILE.jsonl")
    if text.lower().startswith(("<!doctype", "<html", "<?xml", "%pdf")):
        raise CannotRead("This is a page or a document, not a table. Export it as CSV, Excel, JSON lines or Parquet.")
    return DelimitedReader(path, encoding)
