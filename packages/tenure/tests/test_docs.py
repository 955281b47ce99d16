"""The pages of docs say what the code does: examples run, and every test that is named is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[1] / "docs"
TESTS = Path(__file__).resolve().parent


@pytest.mark.parametrize("page", ["how-long-do-customers-stay.md", "what-do-we-keep-in-money.md"])
def test_every_example_on_the_page_runs_from_top_to_bottom(page: str) -> None:
    code = re.findall(r"^```python\n(.*?)^```", (DOCS / page).read_text(), flags=re.DOTALL | re.MULTILINE)
    assert len(code) >= 3
    names: dict[str, object] = {}
    for example in code:
        exec(compile(example, page, "exec"), names)


def test_every_definition_has_a_test_that_exists() -> None:
    named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", (DOCS / "definitions.md").read_text())
    assert len(named) > 40
    for file, name in named:
        assert f"def {name}(" in (TESTS / file).read_text(), f"{file}::{name}"


def test_every_line_of_the_tables_names_a_test() -> None:
    lines = [line for line in (DOCS / "definitions.md").read_text().splitlines() if line.startswith("| ")]
    assert {line for line in lines if "::test_" not in line} == {"| definition | formula | source | test |"}
