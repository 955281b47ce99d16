"""What an engine cannot do is refused by name, and nothing is counted."""

from __future__ import annotations

import datetime as dt
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import tenure
from tenure import engines
from tenure.engines import errors

pytest.importorskip("ibis", reason="engines need ibis-framework[duckdb]")
FACTS = {"customer": [1, 1], "time": [dt.date(2026, 1, 1), dt.date(2026, 1, 2)], "plan": ["a", "b"]}


@pytest.mark.parametrize(
    ("question", "refusal"),
    [
        ({"window": "personal"}, errors.EngineCannot),
        ({"by": "plan", "by_when": "then"}, errors.EngineCannot),
        ({"by": np.array(["a", "b"])}, errors.EngineCannot),
        ({"begin": np.array([True, False])}, errors.EngineCannot),
        ({"time": "plan"}, errors.EngineTime),
        ({"customer": "nobody"}, tenure.errors.NoSuchColumn),
        ({"begin": tenure.where(plan="z")}, tenure.errors.NobodyBegan),
        ({"as_of": "2025-01-01"}, tenure.errors.AsOfBeforeEverything),
        ({"engine": "oracle"}, errors.EngineUnknown),
        ({"zone": "Europe/Nowhere"}, tenure.errors.UnknownZone),
    ],
)
def test_the_refusal_has_a_name(
    question: dict[str, Any], refusal: type[tenure.TenureError], folder_of: Callable[[Any], Path]
) -> None:
    with pytest.raises(refusal):
        engines.retention(folder_of(FACTS), **question)


@pytest.mark.parametrize("zone", ["UTC", None])
def test_nanoseconds_which_duckdb_would_round_into_the_next_day_are_refused(
    zone: str | None, folder_of: Callable[[Any], Path]
) -> None:
    late = np.array(["2026-03-01T23:59:59.999999999"], "datetime64[ns]")
    facts = pa.table({"customer": [1], "time": pa.array(late, pa.timestamp("ns", zone))})
    with pytest.raises(errors.EngineTime, match="nanoseconds"):
        engines.retention(folder_of(facts))


def test_an_empty_folder_is_refused_as_one(tmp_path: Path) -> None:
    with pytest.raises(errors.EngineSource, match=r"there is no \.parquet file in it"):
        engines.retention(tmp_path)


def test_a_span_with_too_many_changes_of_clock_is_refused(
    monkeypatch: pytest.MonkeyPatch, folder_of: Callable[[Any], Path]
) -> None:
    monkeypatch.setattr("tenure.engines.steps.MOST_STEPS", 90)
    facts = {"customer": [1, 1], "time": [dt.datetime(year, 1, 2, tzinfo=dt.UTC) for year in (1950, 2026)]}
    with pytest.raises(errors.SpanTooLong, match="impossible times"):
        engines.retention(folder_of(facts), zone="Europe/Berlin")


def test_a_master_that_is_not_there_is_said_at_once(folder_of: Callable[[Any], Path]) -> None:
    pytest.importorskip("pyspark", reason="only with pyspark can a cluster be missing")
    with socket.socket() as nobody:  # bound and never listening: refuses every connection
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        with pytest.raises(errors.EngineUnreachable, match=f"spark://127.0.0.1:{port}.*Nothing was counted"):
            engines.retention(folder_of(FACTS), engine=f"spark://127.0.0.1:{port}")


def test_a_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "ibis", None)
    with pytest.raises(errors.EnginesMissing, match=r'pip install "tenure\[engines\]"'):
        engines.retention(tmp_path)


def test_without_java_it_says_so(monkeypatch: pytest.MonkeyPatch, folder_of: Callable[[Any], Path]) -> None:
    pytest.importorskip("pyspark", reason="only with pyspark can Java be missing")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("JAVA_HOME", "/nowhere")
    with pytest.raises(errors.JavaMissing, match="Java 17"):
        engines.retention(folder_of(FACTS), engine="spark://127.0.0.1:9")


def test_importing_tenure_imports_no_engine() -> None:
    said = "import sys, tenure, tenure.engines; print(sorted({'ibis', 'pyspark', 'duckdb', 'chdb'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
