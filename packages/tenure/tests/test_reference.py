"""docs/reference.md is what the code says of itself."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

PACKAGE = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def writer() -> ModuleType:
    found = importlib.util.spec_from_file_location("reference", PACKAGE / "reference.py")
    assert found and found.loader
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_the_reference_is_not_behind_the_code(writer: ModuleType) -> None:
    stored = (PACKAGE / "docs" / "reference.md").read_text("utf-8")
    assert stored == writer.written(), "run `python packages/tenure/reference.py` and commit docs/reference.md"


def test_every_public_name_says_what_it_is(writer: ModuleType) -> None:
    for entry in writer.written().split("\n## Refusals")[0].split("\n### ")[1:]:
        name, _, said = entry.partition("\n")
        assert len(said.partition("```\n")[2].rpartition("```\n")[2].strip() or said.strip()) > 10, name


def test_every_module_of_errors_is_listed(writer: ModuleType) -> None:
    source = PACKAGE / "src" / "tenure"
    written = {file.relative_to(source).with_suffix("").as_posix() for file in source.rglob("*errors.py")}
    assert {name.replace(".", "/") for name in writer.ERRORS} == written
