"""What `make test` does about a browser: finds it, installs it, or says plainly that it cannot."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.running.house import REPOSITORY

BASH = shutil.which("bash") or "/bin/bash"


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A machine with next to nothing on it, run by root."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "env").symlink_to(shutil.which("env") or "/usr/bin/env")
    program(folder, "id", "echo 0")
    return folder


def program(folder: Path, name: str, does: str) -> None:
    path = folder / name
    path.unlink(missing_ok=True)
    path.write_text(f"#!{BASH}\necho {name} $* >>{folder.parent}/called\n{does}\n")
    path.chmod(0o755)


def run(programs: Path) -> tuple[int, str, list[str]]:
    """The exit status, what was said, and the programs that were called."""
    done = subprocess.run(
        [BASH, str(REPOSITORY / "tests" / "chromium.sh")],
        env={"PATH": str(programs)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    called = programs.parent / "called"
    return done.returncode, done.stdout, called.read_text().splitlines() if called.exists() else []


def refusal(why: str) -> str:
    return (
        f"There is no Chromium here and it could not be installed ({why}): the browser tests will be skipped.\n"
        "Install it (Debian: apt-get install chromium) and run make test again.\n"
    )


@pytest.mark.parametrize("name", ["chromium", "google-chrome-stable"])
def test_a_browser_that_is_there_is_left_as_it_is(programs: Path, name: str) -> None:
    program(programs, name, "exit 0")
    program(programs, "apt-get", "exit 0")
    assert run(programs) == (0, "", [])


def test_without_one_it_is_installed_from_the_systems_packages(programs: Path) -> None:
    program(programs, "apt-get", "echo chatter; echo chatter >&2")
    assert run(programs) == (
        0,
        "Installing Chromium for the browser tests …\n",
        ["id -u", "apt-get update -qq", "apt-get install -y -qq --no-install-recommends chromium"],
    )


def test_a_system_with_other_packages_is_told_what_will_be_skipped(programs: Path) -> None:
    assert run(programs) == (0, refusal("this system has no apt-get"), [])


def test_who_may_not_install_is_told_what_will_be_skipped(programs: Path) -> None:
    program(programs, "id", "echo 1000")
    program(programs, "apt-get", "exit 0")
    program(programs, "sudo", "exit 1")
    assert run(programs) == (0, refusal("that needs root"), ["id -u", "sudo -n true"])


@pytest.mark.parametrize(("step", "why"), [("update", "apt-get update failed"), ("install", "apt-get install failed")])
def test_packages_that_cannot_be_fetched_are_no_failure_of_the_tests(programs: Path, step: str, why: str) -> None:
    program(programs, "apt-get", f'[ "$1" != {step} ]')
    status, said, _ = run(programs)
    assert (status, said) == (0, "Installing Chromium for the browser tests …\n" + refusal(why))
