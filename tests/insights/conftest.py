"""A mirror of its own for every test."""

from pathlib import Path
from typing import Any

import pytest

from regulars.insights import reduced
from regulars.insights.selectors import retention


@pytest.fixture(autouse=True)
def data_directory(tmp_path: Path, settings: Any) -> Path:
    settings.DATA = tmp_path
    reduced._memory.clear()
    retention._answers.clear()
    return tmp_path
