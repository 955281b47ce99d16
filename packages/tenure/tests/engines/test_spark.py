"""A real standalone cluster, one master and two workers: its cells are the kernels'."""

from __future__ import annotations

import datetime as dt
import os
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
pytest.importorskip("pyspark", reason="the tests on a cluster need the package pyspark")
Agree = Callable[..., tenure.Retention]


def shop() -> pa.Table:
    """Sixty customers over two years, close to midnight as often as not, with both changes of clocks."""
    rng = np.random.default_rng(11)
    count = 900
    start = int(dt.datetime(2024, 2, 1, tzinfo=dt.UTC).timestamp())
    seconds = start + rng.integers(0, 700, count) * 86_400 + rng.choice([21, 22, 23, 24], count) * 3_600
    micros = seconds * 1_000_000 + rng.integers(-2, 3, count)
    return pa.table({
        "customer_id": rng.integers(-(2**62), 2**62, 60)[rng.integers(0, 60, count)],
        "occurred_at": pa.array(micros, pa.timestamp("us", "UTC")),
        "name": rng.choice(["Signed Up", "Order Completed", "Visit"], count),
        "plan": pa.array([("free", "paid", None)[place] for place in rng.integers(0, 3, count)], pa.string()),
    })  # fmt: skip


@pytest.mark.parametrize(
    "question",
    [
        {"period": "day", "zone": "Europe/Berlin", "periods": 140},
        {"period": "week", "zone": "America/New_York", "by": "plan"},
        {
            "period": "month", "zone": "Asia/Kolkata", "as_of": "2025-09-15", "since": "2024-03-01",
            "begin": tenure.where(name="Signed Up"), "back": tenure.where(name=["Order Completed", "Visit"]),
        },
        {"period": "quarter", "zone": "Asia/Shanghai", "cohort": "recurring", "bracket_from": lambda n: n // 2 + 1},
    ],
)  # fmt: skip
def test_the_cluster_counts_what_the_kernels_count(question: dict[str, Any], cluster: str, agree: Agree) -> None:
    answer = agree(shop(), engine=cluster, **question)
    assert answer.notes[-1].startswith("Counted by Apache Spark") or "Counted to" in answer.notes[-1]


@pytest.mark.parametrize(
    ("zone", "first", "second", "days"),
    [
        ("Europe/Berlin", "2026-03-28T23:30:00+01:00", "2026-03-29T23:59:59+02:00", 1),
        ("Europe/Berlin", "2026-10-25T00:00:00+02:00", "2026-10-25T23:59:59+01:00", 0),
    ],
)
def test_days_of_23_and_25_hours_are_days_on_the_cluster(
    zone: str, first: str, second: str, days: int, cluster: str, agree: Agree
) -> None:
    times = [dt.datetime.fromisoformat(at).astimezone(dt.UTC) for at in (first, second)]
    facts = {"customer": ["Ada", "Ada"], "time": pa.array(times, pa.timestamp("us", "UTC"))}
    answer = agree(facts, engine=cluster, zone=zone, as_of="2026-12-01", periods=1)
    assert answer.retained["classic"].tolist() == [[1, days]]


def test_times_without_a_zone_are_clocks_of_it_on_the_cluster(cluster: str, agree: Agree) -> None:
    clocks = [dt.datetime.fromisoformat(f"2026-{at}") for at in ("03-29T02:30", "10-25T02:30", "10-26T00:00")]
    agree({"customer": [1, 1, 1], "time": pa.array(clocks)}, engine=cluster, zone="Europe/Berlin", periods=250)


def test_a_folder_that_is_not_there_is_refused(cluster: str, tmp_path: Path) -> None:
    with pytest.raises(errors.EngineSource, match="nothing there"):
        engines.retention(tmp_path / "nowhere", engine=cluster)


def test_a_second_cluster_at_once_is_refused(cluster: str, folder_of: Callable[[Any], Path]) -> None:
    engines.retention(folder_of(shop().slice(0, 5)), engine=cluster, period="year")
    with pytest.raises(errors.SessionElsewhere, match=cluster):
        engines.retention(folder_of(shop()), engine="local[1]")


def test_the_products_command_counts_on_the_cluster(
    cluster: str, folder_of: Callable[[Any], Path], tmp_path: Path
) -> None:
    pytest.importorskip("regulars", reason="the command `regulars retention` belongs to the product")
    engines.close()  # this process's session holds both workers
    facts, command = shop(), [sys.executable, "-m", "regulars.cli", "retention", str(folder_of(shop()))]
    asked = ["--engine", cluster, "--zone", "Europe/Berlin", "--kind", "rolling", "--csv", "-"]
    (folder := tmp_path / "conf").mkdir()
    usual = Path(os.environ["SPARK_CONF_DIR"], "spark-defaults.conf").read_text()
    (folder / "spark-defaults.conf").write_text(usual + "spark.cores.max 1\n")  # both workers were heard of before
    environment = {**os.environ, "SPARK_CONF_DIR": str(folder)}
    done = subprocess.run(
        [*command, *asked], capture_output=True, text=True, check=False, timeout=120, env=environment
    )  # fmt: skip
    kernel = tenure.retention(facts, period="month", zone="Europe/Berlin", kinds="rolling")
    counted = [line.split(",")[:4] for line in done.stdout.splitlines()[1:]]
    wanted = kernel.table("rolling").select(["cohort", "period", "at_risk", "retained"]).to_pylist()
    assert counted == [[str(value) for value in row.values()] for row in wanted], done.stderr
    assert "Counted by Apache Spark" in done.stderr
