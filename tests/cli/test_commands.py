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


def _refused(*command: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "regulars.cli", *command],
        capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", **environment},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr


@pytest.mark.parametrize("command", ["up", "link"])
def test_a_data_directory_that_is_a_file_is_refused_in_a_sentence(command: str, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    said = _refused(command, "--data", f"{tmp_path}/taken")
    assert said.startswith(f"Error: Regulars cannot keep its data in {tmp_path}/taken (")
    assert said.endswith("Choose another directory: --data DIRECTORY, or REGULARS_DATA.\n")
    assert (tmp_path / "taken").read_text() == "a file"


def test_a_number_of_the_environment_that_is_none_is_refused_by_its_name(tmp_path: Path) -> None:
    said = _refused("up", "--data", str(tmp_path), REGULARS_PORT="http")
    assert said == "Error: REGULARS_PORT is “http”. It must be a whole number, such as 8000.\n"


def test_a_link_asked_for_while_nothing_runs_says_what_to_start(tmp_path: Path) -> None:
    said = _refused("link", "ines@shop.example", "--data", str(tmp_path))
    assert said.startswith("Error: the built-in database does not answer (")
    assert said.endswith("Start it: regulars up\n")
