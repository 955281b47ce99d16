"""An installation of one's own, to be treated badly."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running.house import House, free_port


@pytest.fixture
def fresh_house() -> Iterator[House]:
    # Not pytest's own folder, which only root may enter: PostgreSQL runs as another user then.
    folder = Path(tempfile.mkdtemp(prefix="regulars-kills-"))
    folder.chmod(0o755)
    house = House(folder / "data", free_port())
    try:
        yield house.open()
    finally:
        if house.process and house.process.poll() is None:
            house.close()
        shutil.rmtree(folder, ignore_errors=True)
