"""Files to import, and the whole way from a file to the log."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from regulars.customers.importing import imports, mapping, running
from regulars.customers.importing.models import Import
from regulars.customers.importing.reading import BadLine, open_file
from regulars.kernel.actors import SYSTEM

Rows = list[dict[str, Any]]


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """A file with these bytes or this text."""

    def write(content: bytes | str, name: str = "file.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def read(written: Callable[..., Path]) -> Callable[..., tuple[Rows, list[BadLine]]]:
    """Every row of a file with its line, and its broken lines."""

    def every(content: bytes | str, name: str = "file.csv") -> tuple[Rows, list[BadLine]]:
        rows: Rows = []
        bad: list[BadLine] = []
        for batch in open_file(written(content, name)).batches():
            bad += batch.bad
            cells = {key: column.to_pylist() for key, column in batch.columns.items()}
            rows += [
                {"line": line, **{key: cells[key][place] for key in cells}}
                for place, line in enumerate(batch.lines.tolist())
            ]
        return rows, bad

    return every


@pytest.fixture
def bring(written: Callable[..., Path]) -> Callable[..., Import]:
    """Import a file and return how it ended."""

    def whole(
        content: bytes | str | Path, kind: str = "orders", mapped: tuple[tuple[str, str], ...] = (), **said: Any
    ) -> Import:
        path = content if isinstance(content, Path) else written(content)
        with path.open("rb") as source:
            imported = imports.receive(source, name=path.name, kind=kind, by=SYSTEM)
        guess = mapping.override(mapping.guess(imports.opened(imported), kind), mapped, kind=kind)
        imports.keep(imported, imports.decide(imported, guess.columns, **said))
        return running.run(imports.start(imported, by=SYSTEM))

    return whole
