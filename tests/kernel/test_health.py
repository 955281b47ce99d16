"""What /healthz says of the machine itself."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from regulars.kernel import health, postgres, room, settings_table, within_reach

PLENTY, LITTLE = 10**12, 10**6


@pytest.mark.parametrize("full", [".", "files", "elsewhere"])
def test_a_disk_of_its_own_that_is_full_is_seen_wherever_it_is(
    full: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in ("files", "elsewhere"):
        (tmp_path / each).mkdir()
    within_reach.note(tmp_path / within_reach.DATABASE_ELSEWHERE, tmp_path / "elsewhere")
    monkeypatch.setattr(settings_table, "data_directory", lambda: tmp_path)
    monkeypatch.setattr(postgres, "is_used", lambda: True)
    free = {tmp_path / full: LITTLE}
    monkeypatch.setattr(room.shutil, "disk_usage", lambda place: SimpleNamespace(free=free.get(place, PLENTY)))
    found = health.Health()
    health._look_at_the_disk(found)
    assert (found.free_bytes, found.unwell) == (LITTLE, {"disk": "only 0 MB are free"})
