"""What the library's tests may ask for; none needs a database."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest

# How long one example takes is the machine's business: speed is measured in `bench`.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture
def shared() -> Callable[[str], Path]:
    """A real data set by its path; the test skips, saying so, where it is absent."""

    def find(name: str) -> Path:
        folder = Path(os.environ.get("REGULARS_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
        if not (folder / name).exists():
            pytest.skip(f"the data set {name} is not here (shared/data beside the repository, or REGULARS_SHARED_DATA)")
        return folder / name

    return find


@pytest.fixture(scope="session")
def packaged() -> Callable[[str], Path]:
    """A file of published data that comes inside a package of requirements/data.txt, by its path in there."""

    def find(name: str) -> Path:
        file = Path(sys.prefix) / "cache" / "data" / name
        if not file.exists():
            pytest.skip(f"{name} is not unpacked (make test-needs does it, from requirements/data.txt)")
        return file

    return find


@pytest.fixture
def compiled_always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the compiled ways even for a handful of facts."""
    from tenure import fusing, grouping, localising, reducing

    monkeypatch.setattr(fusing, "_FEWEST", 1)
    monkeypatch.setattr(grouping, "_FEW", 1)
    monkeypatch.setattr(localising, "_FEW", 1)
    monkeypatch.setattr(reducing, "_FEW", 1)
