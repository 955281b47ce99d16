"""`import tenure` costs next to nothing: whatever is heavy waits for the first question."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {
    "altair", "chdb", "duckdb", "ibis", "narwhals", "numba", "numpy", "pandas", "polars", "pyarrow", "pyspark",
    "scipy", "sklearn", "vl_convert",
}  # fmt: skip


def loaded_by(statement: str) -> set[str]:
    """The packages a fresh interpreter holds after the statement."""
    told = f"{statement}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    return set(subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.split())


def test_importing_the_library_loads_nothing_heavy() -> None:
    loaded = loaded_by("import tenure")
    assert "tenure" in loaded
    assert loaded & HEAVY == set()


@pytest.mark.parametrize("area", ["effect", "engines", "errors", "lifecycle", "revenue", "risk", "survival", "value"])
def test_importing_an_area_loads_no_more_than_arrays(area: str) -> None:
    assert loaded_by(f"import tenure.{area}") & HEAVY <= {"numpy"}


def test_every_offered_name_is_there() -> None:
    import tenure

    missing = [name for name in (*tenure.__all__, *tenure._MODULES) if not hasattr(tenure, name)]
    assert missing == []
    assert set(tenure.__all__) == set(tenure._HOMES)
