"""The collections of mail beside the repository; what needs them skips, saying so, where they are absent."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[4]
FOLDER = Path(os.environ.get("REGULARS_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
needs_corpora = pytest.mark.skipif(
    not (FOLDER / "mails").is_dir(),
    reason="the collections of mail are not here (shared/data beside the repository, or REGULARS_SHARED_DATA)",
)


def rows(name: str) -> list[dict[str, Any]]:
    """The lines of a collection's list; none where it is absent."""
    path = FOLDER / name
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def every_mail() -> list[bytes]:
    """All raw mails there are, for what must hold of each."""
    names = [
        ("mails", row["file"]) for name in ("stalwart", "mime4j", "nocrash") for row in rows(f"mails/{name}.jsonl")
    ]
    names += [("bounces", name) for name in sorted({row["file"] for row in rows("bounces/flufl.jsonl")})]
    return [path.read_bytes() for folder, name in names if (path := FOLDER / folder / name).is_file()]
