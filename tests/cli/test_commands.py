"""The `regulars` command itself: light to start, and plain about what is wrong."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from regulars.cli import COMMANDS, main
from regulars.cli.running.lines import Lines

HEAVY = ("django", "numpy", "numba", "pyarrow", "tenure", "uvicorn", "procrastinate", "structlog", "psycopg")


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys; from click.testing import CliRunner; from regulars.cli import main;"
        "answer = CliRunner().invoke(main, ['--help']); assert answer.exit_code == 0;"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_listed_can_be_called(name: str) -> None:
    answer = CliRunner().invoke(main, [name, "--help"])
    assert answer.exit_code == 0, answer.output
    assert answer.output.startswith(f"Usage: regulars {name}")


def test_an_unknown_command_is_refused_in_one_line() -> None:
    answer = CliRunner().invoke(main, ["fly"])
    assert answer.exit_code == 2
    assert answer.output.endswith("Error: No such command 'fly'.\n")


def test_the_doctor_says_that_the_database_does_not_answer_and_what_to_do(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "regulars.cli", "doctor", "--data", str(tmp_path / "none")],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin"},
    )
    assert answer.returncode == 1
    lines = answer.stdout.splitlines()
    (place,) = [number for number, line in enumerate(lines) if line.startswith("bad   the built-in database")]
    assert lines[place + 1] == "      → Start it: regulars up"
    assert "Traceback" not in answer.stdout + answer.stderr


class TestLines:
    def test_in_json_every_line_is_one_object_whoever_wrote_it(self, tmp_path: Path) -> None:
        with (tmp_path / "log").open("w+") as out:
            lines = Lines(out, is_json=True, lowest="info")
            lines.say("ready")
            lines.pass_on("web-1", '{"event": "served", "process": "web-1"}')
            lines.pass_on("web-1", "a stack trace's line")
            lines.pass_on("database", "FATAL:  no room")
            out.seek(0)
            said = [json.loads(line) for line in out]
        assert [(line["process"], line["event"]) for line in said] == [
            ("regulars", "ready"),
            ("web-1", "served"),
            ("web-1", "a stack trace's line"),
            ("database", "no room"),
        ]

    def test_what_the_database_says_to_itself_is_left_out(self, tmp_path: Path) -> None:
        with (tmp_path / "log").open("w+") as out:
            lines = Lines(out, is_json=False, lowest="info")
            lines.pass_on("database", "LOG:  database system is ready to accept connections")
            lines.pass_on("database", "ERROR:  duplicate key value violates unique constraint")
            out.seek(0)
            assert out.read() == ""
