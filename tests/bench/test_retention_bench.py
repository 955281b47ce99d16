"""The benchmark measures what it says it does: right answers first, and a failure when they differ."""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import Namespace
from typing import Any

import numpy as np
import pytest

from bench import retention
from bench._facts import AS_OF, FIRST_DAY, generate, local_midnight_us
from bench._question import COHORTS, KINDS, PERIODS, answer_the_obvious_way, berlin_offsets, bracket_bits


def test_the_facts_are_the_same_for_the_same_seed_sorted_sparse_and_within_the_two_years() -> None:
    facts, again = generate(5_000, seed=3), generate(5_000, seed=3)
    assert np.array_equal(facts.customers, again.customers) and np.array_equal(facts.times, again.times)
    assert len(facts.times) == 5_000 and len(np.unique(facts.customers)) == 100
    assert (np.diff(facts.customers) >= 0).all() and facts.customers.max() > 2**60
    assert facts.times.min() >= local_midnight_us(FIRST_DAY) - 86_400_000_000 and facts.times.max() < local_midnight_us(
        AS_OF
    )


def test_shuffling_keeps_every_fact() -> None:
    facts = generate(2_000, seed=3)
    mixed = facts.shuffled(seed=4)
    assert sorted(zip(mixed.customers, mixed.times, strict=True)) == sorted(
        zip(facts.customers, facts.times, strict=True)
    )
    assert not np.array_equal(mixed.customers, facts.customers)


def test_both_clock_changes_of_both_years_are_in_the_data() -> None:
    assert [shift // 3_600_000_000 for _, shift in berlin_offsets()] == [1, 2, 1, 2, 1]


def test_a_cohort_enters_a_day_only_once_it_has_ended() -> None:
    answer = answer_the_obvious_way(generate(5_000, seed=3))
    cells = answer[:, 1:].reshape(COHORTS, len(KINDS), PERIODS)
    assert (cells[-1] == -1).all() and (cells[-2, :, 1:] == -1).all() and (cells[-2, :, 0] >= 0).all()
    assert (cells[: COHORTS - PERIODS] >= 0).all()
    assert (cells <= answer[:, :1, None]).all()


def test_the_bracket_is_the_week_up_to_a_day() -> None:
    assert [bracket_bits(n).bit_count() for n in (1, 6, 7, 8, 30)] == [1, 6, 7, 7, 7]
    assert bracket_bits(8) == 0b1111_1110


def test_contenders_agree_with_plain_python_and_every_line_is_json() -> None:
    pytest.importorskip("duckdb", reason="the benchmark's contenders are in requirements/bench")
    command = [
        sys.executable,
        "-m",
        "bench.retention",
        "--facts",
        "20000",
        "--runs",
        "1",
        "--contenders",
        "tenure",
        "duckdb",
    ]
    done = subprocess.run([*command, "--forms", "raw", "reduced", "built"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    measured = [line for line in lines if "contender" in line]
    assert [(line["contender"], line["form"], line["agrees"]) for line in measured] == [
        ("tenure", "raw", True), ("duckdb", "raw", True), ("tenure", "reduced", True), ("duckdb", "reduced", True),
        ("tenure", "built", True),
    ]  # fmt: skip
    assert all(line["seconds"] > 0 and line["peak_mb"] > 0 and line["version"] for line in measured)
    assert [line["bar"] for line in lines if "ratio" in line] == [5.0, 50.0, 1.0, 5.0]
    assert [line["compared"] for line in lines if "times_reading" in line] == ["answering", "answering_first"]
    assert [update["new_facts"] for update in measured[-1]["updates"]] == [1_000]


def test_a_disagreement_ends_with_one(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def wrong(contender: str, form: str, *_: Any) -> tuple[dict[str, Any], np.ndarray]:
        return {"seconds": 1.0, "cpu_seconds": 1.0, "disagreeing_queries": []}, np.zeros(
            (COHORTS, 1 + len(KINDS) * PERIODS)
        )

    monkeypatch.setattr(retention, "_run", wrong)
    asked = Namespace(forms=["raw"], contenders=["tenure"], runs=1, seed=3)
    assert retention._compare(1_000, asked) == 1
    assert json.loads(capsys.readouterr().out.splitlines()[1])["agrees"] is False
