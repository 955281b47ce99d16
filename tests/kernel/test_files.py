"""Files are kept for good or not at all, on a real file system that is too small."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from regulars.kernel import files
from regulars.kernel.errors import NoRoom


@pytest.fixture
def small(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A data directory on a disk of 128 KB."""
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128k", "none", tmp_path]).returncode:
        pytest.skip("a small disk can only be mounted by root")
    settings.DATA = tmp_path
    yield tmp_path
    subprocess.run(["umount", tmp_path], check=True)


def test_what_does_not_fit_on_the_disk_leaves_nothing_and_the_next_that_fits_is_kept(small: Path) -> None:
    with pytest.raises(NoRoom, match="The disk is full: nothing of this was kept"):
        files.store(os.urandom(200_000))
    assert list(files.stored()) == []
    assert [place for place in small.rglob("*") if place.is_file()] == []
    digest = files.store(b"a small picture")
    assert files.read(digest) == b"a small picture"


def test_the_same_bytes_are_kept_once(settings: Any) -> None:
    assert files.store(b"a picture") == files.store(b"a picture")
    assert len(list(files.stored())) == 1
