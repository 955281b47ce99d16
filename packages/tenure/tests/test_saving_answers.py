"""An answer on disk: whole, the same, safe to open, and refused when it is something else."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import tenure
from tenure.datasets import bookshop, hand_worked
from tenure.errors import NotAnAnswer, NotKeepable


@pytest.mark.parametrize("by", [None, "plan"])
def test_what_is_saved_is_loaded_as_it_was(by: str | None, tmp_path: Path) -> None:
    answer = tenure.retention(bookshop(300), period="month", as_of="2025-12-01", by=by)
    answer.save(tmp_path / "shop.answer")
    again = tenure.Retention.load(tmp_path / "shop.answer")
    assert again.table().equals(answer.table())
    assert (again.question, again.segments, again.notes) == (answer.question, answer.segments, answer.notes)
    assert (again.cohorts.dtype, again.bracket_starts.tolist()) == (
        answer.cohorts.dtype,
        answer.bracket_starts.tolist(),
    )
    assert [path.name for path in tmp_path.iterdir()] == ["shop.answer"]


def test_a_loaded_answer_is_frozen(tmp_path: Path) -> None:
    tenure.retention(hand_worked(), period="day", as_of="2026-03-15").save(tmp_path / "a")
    with pytest.raises(ValueError, match="read-only"):
        tenure.Retention.load(tmp_path / "a").retained["classic"][0, 0] = 9


def test_only_the_kinds_that_were_asked_for_are_there_again(tmp_path: Path) -> None:
    tenure.retention(hand_worked(), period="day", as_of="2026-03-15", kinds="rolling").save(tmp_path / "a")
    assert tenure.Retention.load(tmp_path / "a").kinds == ("rolling",)


@pytest.mark.parametrize("content", [b"", b"not at all", b"PK\x03\x04 begins like an archive"])
def test_a_file_that_is_something_else_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.answer").write_bytes(content)
    with pytest.raises(NotAnAnswer, match=r"x\.answer"):
        tenure.Retention.load(tmp_path / "x.answer")


def test_half_an_answer_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.answer"
    tenure.retention(hand_worked(), period="day", as_of="2026-03-15").save(path)
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(NotAnAnswer):
        tenure.Retention.load(path)


def test_nothing_in_a_file_is_run(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", told=np.array([{"version": 1}], object))
    with pytest.raises(NotAnAnswer):
        tenure.Retention.load(tmp_path / "x.npz")


def test_groups_that_no_text_can_hold_are_refused_and_leave_no_file(tmp_path: Path) -> None:
    days = tenure.reduce([1, 1, 2], ["2026-01-01", "2026-01-03", "2026-01-01"])
    answer = tenure.retention_of(days, by=([1, 2], [date(2025, 1, 1), date(2025, 2, 1)]), as_of="2026-01-05")
    with pytest.raises(NotKeepable):
        answer.save(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []
