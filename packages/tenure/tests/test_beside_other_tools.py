"""The page that compares with other tools: its examples hold where the others are installed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[1] / "docs" / "beside-other-tools.md"
CODE = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
SECTIONS = {part.split("\n", 1)[0]: CODE.findall(part) for part in PAGE.read_text().split("\n## ")[1:]}
EXAMPLES = [(name, code) for name, found in SECTIONS.items() for code in found]


def test_the_page_has_its_examples() -> None:
    assert [name for name, _ in EXAMPLES] == ["lifetimes", "lifelines", "PostHog, Amplitude and Mixpanel"]


@pytest.mark.parametrize(("name", "code"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
@pytest.mark.filterwarnings("ignore")
def test_an_example_holds(name: str, code: str) -> None:
    exec(compile(code, name, "exec"), {})
