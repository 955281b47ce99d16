"""`regulars warm` compiles once for a library, a compiler and a processor, and then leaves it at that."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

import tenure
from regulars.cli import warm as warming
from regulars.insights import compiled as kept


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Says each time that something is compiled, into a cache of its own."""
    times: list[str] = []
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kernels"))
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path / "metrics"))
    monkeypatch.setenv("REGULARS_PROCESS", "test")
    monkeypatch.setattr(tenure, "warm", lambda: times.append("compiled"))
    monkeypatch.setattr(os, "nice", lambda _by: 0)
    return times


def warmed() -> None:
    done = CliRunner().invoke(warming.warm)
    assert done.exit_code == 0, done.output


def test_what_is_compiled_is_not_compiled_again(compiled: list[str]) -> None:
    warmed()
    warmed()
    assert compiled == ["compiled"]


@pytest.mark.parametrize("changed", ["version", "_processor"])
def test_another_compiler_or_processor_compiles_anew(
    changed: str, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    warmed()
    monkeypatch.setattr(kept, changed, lambda *_: "another")
    warmed()
    warmed()
    assert compiled == ["compiled", "compiled"]


def test_a_library_that_changed_is_compiled_anew(
    compiled: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = tmp_path / "tenure" / "__init__.py"
    source.parent.mkdir()
    source.write_text("one = 1\n")
    found = type("Spec", (), {"submodule_search_locations": [str(source.parent)]})
    monkeypatch.setattr(kept, "find_spec", lambda _name: found)
    warmed()
    source.write_text("two = 22\n")
    warmed()
    warmed()
    assert compiled == ["compiled", "compiled"]


def test_compiling_that_failed_is_tried_again(compiled: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(tenure, "warm", fail)
        assert CliRunner().invoke(warming.warm).exit_code == 1
    warmed()
    assert compiled == ["compiled"]
