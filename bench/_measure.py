"""How the benchmarks measure: warm medians, peak memory of one process, one JSON line per contender."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

THREADS = 2
_THREAD_SETTINGS = ("POLARS_MAX_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "RAYON_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Measured:
    """The median of several warm runs, all of them, and the highest memory of the process meanwhile.

    `cpu_seconds` is the median of the processor time of all threads: what stays true on a machine shared with others.
    """

    seconds: float
    cpu_seconds: float
    runs: tuple[float, ...]
    peak_mb: int
    before_mb: int
    result: Any


def measure(work: Callable[[], Any], *, runs: int) -> Measured:
    """One unmeasured run to warm up, then `runs` measured ones; `before_mb` is the input, loaded."""
    result = work()
    before = resident_mb()
    forget_peak_memory()
    times = [_timed(work) for _ in range(runs)]
    seconds, cpu = ([run[place] for run in times] for place in (0, 1))
    rounded = tuple(round(run, 4) for run in seconds)
    return Measured(statistics.median(seconds), statistics.median(cpu), rounded, peak_mb(), before, result)


def _timed(work: Callable[[], Any]) -> tuple[float, float]:
    began, cpu_began = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - cpu_began


def emit(**line: Any) -> None:
    """Print one JSON line at once, so that a run cut short has still said something."""
    print(json.dumps(line, default=str), flush=True)


def in_own_process(module: str, *arguments: str) -> dict[str, Any]:
    """Run `python -m module …` with two threads and read the last line it prints as JSON.

    Where memory runs out it is this process that goes, and nothing else on the machine.
    """
    settings = dict.fromkeys(_THREAD_SETTINGS, str(THREADS))
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=_goes_first,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{module} {' '.join(arguments)} failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def _goes_first() -> None:
    try:
        Path("/proc/self/oom_score_adj").write_text("1000")
    except OSError:
        return


def resident_mb() -> int:
    return _status_mb("VmRSS")


def peak_mb() -> int:
    return _status_mb("VmHWM")


def forget_peak_memory() -> None:
    """Let the kernel measure the peak anew; where it may not, the peak since the start is reported."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


def _status_mb(name: str) -> int:
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:  # not Linux
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(f"{name}:"))
