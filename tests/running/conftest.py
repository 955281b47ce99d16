"""An installation of one's own, to be treated badly."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import pytest

from regulars.kernel import within_reach
from tests import installed
from tests.running.house import House, free_port


@pytest.fixture
def fresh_house(request: pytest.FixtureRequest) -> Iterator[House]:
    """Migrated already; a test may give settings of its own by `indirect`."""
    with opened(getattr(request, "param", {})) as house:
        yield house


@contextmanager
def opened(settings: Mapping[str, str] = MappingProxyType({})) -> Iterator[House]:
    """A house that was migrated before it was opened."""
    # Not pytest's own folder, which only root may enter: PostgreSQL runs as another user then.
    folder = Path(tempfile.mkdtemp(prefix="regulars-kills-"))
    folder.chmod(0o755)
    house = House(folder / "data", free_port(), dict(settings))
    installed.put_into(within_reach.database_directory(house.data))
    try:
        yield house.open()
    finally:
        if house.process and house.process.poll() is None:
            house.close()
        shutil.rmtree(folder, ignore_errors=True)
