"""Which file of tests is begun when, so that all workers end together.

A worker that begins a long file last leaves the others idle, so the longest come first. Stories come after what has
no browser, because a browser is heavy company for tests that kill things; and the library's many short tests come
last of all: they fill whatever gap the last stories leave.
"""

import os
from collections.abc import Sequence
from pathlib import Path

# Files that take a worker ten seconds or more. A number that is somewhat wrong costs nothing.
LONG = {
    "running/test_up.py": 80, "importing/test_killing.py": 70, "engines/test_spark.py": 60,
    "running/test_survives_kills.py": 65, "running/test_worker_survives_kills.py": 45,
    "effect/test_observed_coverage.py": 100,
    "effect/test_coverage.py": 30, "engines/test_worked_examples.py": 24, "out/test_killing.py": 24,
    "effect/test_observed.py": 20, "tests/test_wheel.py": 19, "customers/test_merge_algebra.py": 15,
    "insights/test_scores.py": 14, "api/test_tracking_robustness.py": 14, "risk/test_models.py": 12,
    "desk/test_placing_survives.py": 10, "web/test_every_address.py": 30,
    "stories/test_every_page.py": 80, "stories/test_conversation_story.py": 45, "stories/test_outlook_story.py": 40,
    "stories/test_second_factor.py": 35, "stories/test_settings.py": 35, "stories/test_shell.py": 35,
    "stories/test_codes_and_links.py": 30, "stories/test_inbox_story.py": 25, "stories/test_import_story.py": 24,
    "stories/test_german.py": 23, "stories/test_mailboxes.py": 23, "stories/test_trouble.py": 20,
    "stories/test_from_file_to_number.py": 20, "stories/test_numbers_story.py": 20, "stories/test_customers.py": 15,
    "stories/test_passkeys.py": 12, "stories/test_a_day.py": 18, "stories/test_form_story.py": 25,
    "stories/test_macro_story.py": 18, "stories/test_side_story.py": 18,
}  # fmt: skip
# A file not named above: whole installations are started in some, a browser in others.
USUAL = {"/running/": 50, "/stories/": 10}


def turn(path: str) -> tuple[int, int]:
    """What a test file is sorted by."""
    seconds = next((known for file, known in LONG.items() if path.endswith(file)), _usual(path))
    return _part(path, seconds), -seconds


def worker() -> int:
    """The number of this worker of a run, the first being 1; 0 where there is but one."""
    name = os.environ.get("PYTEST_XDIST_WORKER", "")
    return int(name.removeprefix("gw")) + 1 if name else 0


def read_by(number: int, folders: Sequence[Path]) -> list[str]:
    """What is in the folders, in the order in which this worker reads it: from the front, the back or the middle."""
    places = [
        str(place)
        for folder in folders
        for place in sorted(folder.iterdir())
        if (place.is_dir() and place.name != "__pycache__") or place.match("test_*.py")
    ]
    if number == 1:
        return places
    return places[::-1] if number == 2 else places[len(places) // 2 :] + places[: len(places) // 2]


def _part(path: str, seconds: int) -> int:
    if "/stories/" in path:
        return 1
    return 2 if "/packages/tenure/" in path and not seconds else 0


def _usual(path: str) -> int:
    return next((seconds for folder, seconds in USUAL.items() if folder in path), 0)
