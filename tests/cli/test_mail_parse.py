"""`regulars mail parse`, as a person and a program meet it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from regulars.channels.email.understanding import Mail
from regulars.cli.mail import mail

KEYS = ["file", *Mail().as_json(), "error"]
TEA = b"From: Ada <ada@example.org>\r\nSubject: Tea\r\nMessage-ID: <17@example.org>\r\n\r\nHello\r\n-- \r\nAda\r\n"


def answers(*files: Path | str, given: bytes | None = None) -> list[dict[str, Any]]:
    result = CliRunner().invoke(mail, ["parse", *map(str, files)], input=given)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def test_each_file_is_one_line_with_every_key(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(TEA)
    (tmp_path / "b.eml").write_bytes(TEA.replace(b"Tea", b"Coffee"))

    found = answers(tmp_path / "a.eml", tmp_path / "b.eml")

    assert [list(one) for one in found] == [KEYS, KEYS]
    assert [one["subject"] for one in found] == ["Tea", "Coffee"]
    assert found[0]["from"] == {"name": "Ada", "address": "ada@example.org"}
    assert (found[0]["message_id"], found[0]["visible_text"], found[0]["signature"]) == (
        "17@example.org", "Hello", "-- \nAda",
    )  # fmt: skip
    assert found[0]["error"] is None


def test_the_input_can_be_read_instead() -> None:
    assert answers("-", given=TEA)[0]["subject"] == "Tea"


def test_what_cannot_be_read_is_said_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "empty.eml").write_bytes(b"")
    (tmp_path / "noise.eml").write_bytes(bytes(range(256)) * 100)
    (tmp_path / "a.eml").write_bytes(TEA)
    pipe = tmp_path / "link"
    pipe.symlink_to(tmp_path / "nowhere")

    found = answers(tmp_path / "missing.eml", tmp_path, tmp_path / "empty.eml", tmp_path / "noise.eml", pipe,
                    "nul\x00l", tmp_path / "a.eml")  # fmt: skip

    assert [list(one) for one in found] == [KEYS] * 7
    assert [one["error"] for one in found] == [
        "Cannot be read: No such file or directory.",
        "Cannot be read: this is a folder.",
        "Empty.",
        None,
        "Cannot be read: No such file or directory.",
        "Cannot be read: this is not the name of a file.",
        None,
    ]
    assert found[-1]["subject"] == "Tea"


def test_a_fault_of_ours_is_said_and_the_next_file_is_read(tmp_path: Path, monkeypatch: Any) -> None:
    from regulars.cli import mail_parse

    (tmp_path / "a.eml").write_bytes(TEA)
    monkeypatch.setattr(mail_parse, "understand", lambda raw: 1 / 0)

    found = answers(tmp_path / "a.eml", tmp_path / "a.eml")

    assert [one["error"] for one in found] == ["Not understood (ZeroDivisionError); please report this mail."] * 2


def test_it_starts_at_once_without_a_database(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(TEA)
    program = (
        "import sys; from regulars.cli import main; main(['mail', 'parse', sys.argv[1]], standalone_mode=False); "
        "print([name for name in ('django', 'psycopg', 'numpy', 'regulars.settings') if name in sys.modules])"
    )

    result = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "a.eml")],
        capture_output=True, text=True, timeout=60, check=True, env={**os.environ, "REGULARS_DATABASE_URL": "nonsense"},
    )  # fmt: skip

    assert json.loads(result.stdout.splitlines()[0])["subject"] == "Tea"
    assert result.stdout.splitlines()[1] == "[]"
