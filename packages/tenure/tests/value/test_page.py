"""The page of documentation runs from top to bottom."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[2] / "docs" / "what-is-a-customer-worth.md"


def test_every_example_runs_and_the_forecast_is_near_what_came() -> None:
    names: dict[str, Any] = {}
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        exec(block, names)
    assert 0.9 < names["expected"].sum() / names["came"].sum() < 1.1
    assert names["worth"].total_low < names["worth"].total < names["worth"].total_high
    assert len(names["stakes"]) == len(names["histories"]) == 2_000
