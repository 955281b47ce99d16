"""42 replies with what a reader should see of them."""

from __future__ import annotations

import time
from typing import Any

import pytest

from regulars.channels.email.understanding.quotes import fold

from .corpora import FOLDER, needs_corpora, rows

ROWS = rows("email_replies/manifest.jsonl")


@needs_corpora
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_reply_shows_what_was_written_now(row: dict[str, Any]) -> None:
    expected = row["expected"]
    text = row["input"] if "input" in row else (FOLDER / "email_replies" / row["file"]).read_text(encoding="utf-8")
    began = time.perf_counter()

    seen = fold(text)

    assert time.perf_counter() - began < expected.get("max_seconds", 1.0)
    assert seen.visible.startswith(expected.get("visible_prefix", ""))
    assert _bare(seen.visible) == _bare(expected.get("visible_exact", seen.visible))
    assert [words for words in expected.get("must_contain", []) if words not in seen.visible] == []
    assert [words for words in expected.get("must_not_contain", []) if words in seen.visible] == []
    assert [words for words in expected.get("signature_contains", []) if words not in seen.signature] == []
    assert seen.signature.startswith(expected.get("signature_prefix", ""))
    if expected.get("fully_visible"):
        assert _bare(seen.visible) == _bare(text)


@needs_corpora
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_no_word_of_a_reply_is_lost(row: dict[str, Any]) -> None:
    text = row["input"] if "input" in row else (FOLDER / "email_replies" / row["file"]).read_text(encoding="utf-8")

    seen = fold(text)

    assert sorted(f"{seen.visible} {seen.quoted} {seen.signature}".split()) == sorted(text.split())


def _bare(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))
