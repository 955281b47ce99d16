"""The benchmark of clusters counts the same cells by every contender it is given."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


def test_the_kernels_and_duckdb_agree_over_the_same_files() -> None:
    pytest.importorskip("ibis", reason="engines need ibis-framework[duckdb]")
    command = [
        sys.executable,
        "-m",
        "bench.cluster",
        "--facts",
        "3000",
        "--runs",
        "1",
        "--contenders",
        "tenure",
        "duckdb",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["contender"], line["facts"], line["agrees"]) for line in lines] == [
        ("tenure", 3000, True), ("duckdb", 3000, True),
    ]  # fmt: skip
