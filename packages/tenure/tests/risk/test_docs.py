"""The page "who is leaving?" runs from top to bottom and says what the code says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tenure.risk import errors
from tenure.risk.sizes import LEAST

pytest.importorskip("sklearn", reason="learning needs the extra tenure[models]")
pytest.importorskip("altair", reason="charts need the extra tenure[chart]")

PAGE = Path(__file__).resolve().parents[2] / "docs" / "who-is-leaving.md"


def test_every_example_on_the_page_runs(capsys: pytest.CaptureFixture[str]) -> None:
    code = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), flags=re.DOTALL | re.MULTILINE)
    names: dict[str, Any] = {}
    for example in code:
        exec(compile(example, PAGE.name, "exec"), names)
    said = capsys.readouterr().out
    assert "the simplest that is not beaten" in said
    assert "Associated with higher risk: no order for" in said
    assert names["found"].quality is not None and names["found"].open == 0


def test_the_errors_and_limits_it_names_are_there() -> None:
    page = PAGE.read_text()
    for name in re.findall(r"\(`([A-Z]\w+)`\)", page):
        assert hasattr(errors, name), name
    assert (
        f"fewer than {LEAST['train']} leavers to learn from, {LEAST['calibration']} to calibrate on or {LEAST['test']}"
        in page
    )
