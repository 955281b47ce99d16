"""Retention side by side: `python -m bench.retention --facts 20000000`.

One question (`bench._question.ASK`) over the same made-up facts, by tenure, DuckDB, Polars and chdb, two threads
each, in three forms: `raw` (facts in random order), `sorted` (by customer, sorting untimed) and `reduced` (each
one's best reduced form, reducing untimed). A fourth, `built`, is ours alone: building the reduced form from raw facts
beside what the others take to answer on them; answering from it beside reading it from memory; and what updates of
10³ to 10⁶ new facts cost. Every contender runs in a process of its own, one after the other, tries several
formulations and is measured with its fastest, warm, by the median of `--runs`. Above `--choose-on` facts the
formulations are tried on so many of them, and only the two fastest on all: the slow ones would need more memory than
there is. Answers are compared cell by cell; the process ends with 1 when any disagree. `--grow` repeats this from 10⁶
to 10⁸ facts.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from bench._facts import FACTS_PER_CUSTOMER, Facts, generate
from bench._measure import THREADS, emit, in_own_process
from bench._question import ASK, answer_the_obvious_way

CONTENDERS = ("tenure", "duckdb", "polars", "chdb")
FORMS = ("raw", "sorted", "reduced", "built")
READING_BAR = 10.0
GROWTH = (1_000_000, 3_000_000, 10_000_000, 30_000_000, 100_000_000)
OBVIOUS_UP_TO = 300_000  # the pure Python answer is compared too, where it takes a second or so


def main() -> int:
    asked = _parsed()
    sizes = GROWTH if asked.grow else (asked.facts,)
    return max([_compare(size, asked) for size in sizes])


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.retention", description=ASK)
    parser.add_argument("--facts", type=lambda text: int(float(text)), default=20_000_000)
    parser.add_argument("--grow", action="store_true", help="10⁶ to 10⁸ facts")
    parser.add_argument("--contenders", nargs="+", choices=CONTENDERS, default=list(CONTENDERS))
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=list(FORMS))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--choose-on", type=lambda text: int(float(text)), default=20_000_000)
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


def _compare(count: int, asked: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="bench-retention-") as made:
        folder = Path(made)
        reference = _write_facts(folder, count, forms=asked.forms, seed=asked.seed)
        lines = []
        for form in asked.forms:
            for contender in asked.contenders if form != "built" else {"tenure"} & set(asked.contenders):
                try:
                    line, answer = _run(contender, form, folder, asked)
                except RuntimeError as fault:  # out of memory, as a rule: the others are still worth knowing
                    emit(bench="retention", contender=contender, form=form, facts=count, failed=str(fault))
                    lines.append({"contender": contender, "form": form, "agrees": False, "failed": True})
                    continue
                reference = answer if reference is None else reference
                line["agrees"] = bool(np.array_equal(answer, reference)) and not line["disagreeing_queries"]
                emit(bench="retention", contender=contender, form=form, facts=count, threads=THREADS, **line)
                lines.append({"contender": contender, "form": form, **line})
        measured = [line for line in lines if "failed" not in line]
        _emit_ratios(measured, count)
        _emit_reading([line for line in measured if line["form"] == "built"], count)
        return 0 if all(line["agrees"] for line in lines) else 1


def _write_facts(folder: Path, count: int, *, forms: list[str], seed: int) -> np.ndarray | None:
    facts = generate(count, seed=seed)
    if {"sorted", "reduced"} & set(forms):
        (folder / "sorted").mkdir()
        facts.save(folder / "sorted")
    if {"raw", "built"} & set(forms):
        (folder / "raw").mkdir()
        facts.shuffled(seed=seed + 1).save(folder / "raw")
    emit(bench="retention", ask=ASK, facts=count, customers=count // FACTS_PER_CUSTOMER, seed=seed)
    return answer_the_obvious_way(facts) if count <= OBVIOUS_UP_TO else None


def _run(contender: str, form: str, folder: Path, asked: argparse.Namespace) -> tuple[dict[str, Any], np.ndarray]:
    if form == "built":
        line = in_own_process("bench._built", str(folder), str(asked.runs))
    else:
        line = in_own_process(
            "bench._contend", contender, form, str(folder), str(asked.runs), *_chosen(contender, form, folder, asked)
        )
    return line, np.load(folder / f"{contender}-{form}.npy")


def _chosen(contender: str, form: str, folder: Path, asked: argparse.Namespace) -> list[str]:
    """The two formulations that are fastest on a part of the facts; none where all are tried on everything."""
    whole = Facts.load(folder / "raw" if (folder / "raw").exists() else folder / "sorted", is_mapped=True)
    if len(whole.times) <= asked.choose_on:
        return []
    part = folder / "part"
    if not part.exists():
        for name in ("raw", "sorted"):
            (part / name).mkdir(parents=True)
            if (folder / name).exists():
                Facts.load(folder / name, is_mapped=True).first(asked.choose_on).save(part / name)
    tried = in_own_process("bench._contend", contender, form, str(part), "1")["tried"]
    emit(bench="retention", contender=contender, form=form, facts=asked.choose_on, tried=tried)
    return sorted(tried, key=lambda name: tried[name])[:2]


def _emit_ratios(lines: list[dict[str, Any]], count: int) -> None:
    """Ours against the fastest of the others, beside the bars that hold from 20 million facts on."""
    for form, against, bar in (
        ("raw", "raw", 5.0),
        ("sorted", "sorted", None),
        ("reduced", "raw", 50.0),
        ("reduced", "reduced", 1.0),
        ("built", "raw", 5.0),
    ):
        ours = [line for line in lines if line["contender"] == "tenure" and line["form"] == form]
        others = [line for line in lines if line["contender"] != "tenure" and line["form"] == against]
        if not ours or not others:
            continue
        fastest = min(others, key=lambda line: line["seconds"])
        times = round(fastest["seconds"] / ours[0]["seconds"], 2)
        cpu = round(min(line["cpu_seconds"] for line in others) / ours[0]["cpu_seconds"], 2)
        said = {"ours": form, "against": f"{fastest['contender']} {against}", "times_faster": times}
        met = None if bar is None else times >= bar
        emit(bench="retention", facts=count, ratio=said, cpu_times_less=cpu, bar=bar, met=met)


def _emit_reading(built: list[dict[str, Any]], count: int) -> None:
    """From the reduced form beside the time it takes to read it: asked again, and asked for the first time."""
    for line in built:
        for asked in ("answering", "answering_first"):
            times = round(line[asked]["cpu_seconds"] / max(line["reading"]["cpu_seconds"], 1e-9), 2)
            emit(
                bench="retention", facts=count, compared=asked, times_reading=times,
                bar=READING_BAR, met=times <= READING_BAR,
            )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
