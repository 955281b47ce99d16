"""The report of what did not come along: a CSV that a person can open."""

import csv
from pathlib import Path

from regulars.desk.moving.forms import Misfit
from regulars.desk.moving.reasons import REASONS
from regulars.kernel.spreadsheets import harmless

HEADING = ("where", "reason", "what")


class ReportFile:
    """Written as it is found, so that a run that is cut short leaves what it knew."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._file = path.open("w", newline="", encoding="utf-8", errors="replace", buffering=1)
        self._lines = csv.writer(self._file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        self._lines.writerow(HEADING)

    def __call__(self, misfit: Misfit) -> None:
        cells = (misfit.where, REASONS[misfit.reason], misfit.what)
        self._lines.writerow([harmless(cell, keeps_numbers=True) for cell in cells])

    def close(self) -> None:
        self._file.close()
