"""`regulars up`, from outside: it starts, heals, says what is so, and stops without a trace."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.running.house import (
    PATIENCE_SECONDS,
    REPOSITORY,
    START_PATIENCE_SECONDS,
    House,
    clean_environment,
    family,
    free_port,
    is_running,
    wait_until,
)


@pytest.fixture(scope="module")
def deep_folder() -> Iterator[Path]:
    """A data directory whose path is too long for a Unix socket, where any user may pass through."""
    top = Path(tempfile.mkdtemp(prefix="regulars-up-"))
    top.chmod(0o755)
    yield top / "a-rather-long-name-for-a-folder" / "and-one-more-inside-of-it" / "until-no-socket-would-fit-in-here"
    shutil.rmtree(top, ignore_errors=True)


@pytest.fixture(scope="module")
def house(deep_folder: Path) -> Iterator[House]:
    house = House(deep_folder, free_port(), {"DJANGO_SETTINGS_MODULE": "tests.running.ear.settings"})
    try:
        yield house.open()
    finally:
        if house.process and house.process.poll() is None:
            house.close()


def test_every_part_is_well_and_says_so(house: House) -> None:
    health = house.health()
    assert (health["status"], health["database"], health["unwell"]) == ("ok", "ok", {})
    assert health["lag"] == dict.fromkeys(health["lag"], 0)
    assert health["worker_seconds"] < 20


def test_a_page_is_answered_with_a_request_id_that_the_log_names(house: House) -> None:
    assert house.ask("/account/login/?email=ada%40shop.example")[0] == 200
    wait_until(lambda: any("GET /account/login/" in line for line in house.lines), house.say)
    line = next(line for line in house.lines if "GET /account/login/" in line)
    assert re.search(r"status=200 ms=[\d.]+ request_id=[0-9a-f]{32}", line)
    assert "ada" not in house.say()


def test_the_first_start_prints_the_link_that_creates_the_owner(house: House) -> None:
    assert house.ask(owner_link(house))[0] == 200


def test_a_second_start_on_the_same_data_says_who_has_it(house: House) -> None:
    second = house.command("up", "--data", str(house.data), "--port", str(free_port()))
    said, _ = second.communicate(timeout=START_PATIENCE_SECONDS)
    assert second.returncode == 1
    assert house.process
    assert f"at http://localhost:{house.port} (process {house.process.pid})" in said
    assert house.ask("/healthz")[0] == 200


def test_the_doctor_finds_nothing_wrong_but_that_nobody_owns_it_yet(house: House) -> None:
    doctor = house.command("doctor", "--data", str(house.data), "--port", str(house.port))
    said, _ = doctor.communicate(timeout=START_PATIENCE_SECONDS)
    assert doctor.returncode == 0, said
    assert [line for line in said.splitlines() if not line.startswith("ok ")] == [
        "warn  nobody owns this installation yet",
        "      → Open the link that regulars link prints.",
        "",
        "Worth a look; nothing is broken.",
    ]


def test_a_port_in_use_is_said_with_a_remedy(house: House, tmp_path: Path) -> None:
    second = house.command("up", "--data", str(tmp_path), "--port", str(house.port))
    said, _ = second.communicate(timeout=START_PATIENCE_SECONDS)
    assert second.returncode == 1
    assert f"Port {house.port} on 127.0.0.1 is taken" in said
    suggested = int(re.findall(r"--port (\d+)", said)[0])
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", suggested)) != 0
    assert not (tmp_path / "postgres").exists()


def test_the_worker_delivers_a_domain_event_once(house: House) -> None:
    ring(house, "ding")
    wait_until(lambda: heard(house, "ding") == 1, house.say)


def test_metrics_add_up_what_every_web_process_counted(house: House) -> None:
    before = counted(house)
    for _ in range(20):
        assert house.ask("/account/login/")[0] == 200
    assert counted(house) == before + 20


def test_thirty_readers_at_once_open_no_more_connections_than_there_are_threads(house: House) -> None:
    for _ in range(2):
        with ThreadPoolExecutor(30) as readers:
            assert set(readers.map(lambda _: house.ask(owner_link(house))[0], range(300))) == {200}
    (count,) = house.query("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'regulars web-%'")[0]
    besides = 3  # what listens for open pages, what paints for them, what settles stored calls
    assert 2 <= count <= 2 * (8 + besides)


def test_a_killed_web_process_is_started_again_and_said(house: House) -> None:
    pid = house.pid("web-1")
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: any("web-1 was ended by SIGKILL; starting it again in 0.2 s" in it for it in house.lines))
    assert house.ask("/account/login/")[0] == 200
    wait_until(lambda: house.pid("web-1") != pid)


def test_a_job_whose_worker_was_killed_is_picked_up_by_the_next(house: House) -> None:
    worker = house.pid("worker")
    os.kill(worker, signal.SIGSTOP)  # so that it holds nothing when it dies
    ring(house, "dong")
    house.query("UPDATE procrastinate_jobs SET status = 'doing' WHERE status = 'todo' RETURNING id")
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: heard(house, "dong") == 1, house.say)
    assert any("a job whose worker died is queued again" in line for line in house.lines)


def test_everything_heals_after_the_database_was_killed(house: House) -> None:
    database, web = house.pid("database"), house.pid("web-1")
    os.kill(database, signal.SIGKILL)
    wait_until(lambda: house.ask("/healthz")[0] == 503, house.say)
    house.until_well()
    assert [house.ask(owner_link(house))[0] for _ in range(30)] == [200] * 30
    assert house.pid("web-1") == web
    ring(house, "after")
    wait_until(lambda: heard(house, "after") == 1, house.say)
    house.query("DELETE FROM kernel_pagesetting WHERE name = 'tick' RETURNING 1")
    wait_until(lambda: house.query("SELECT 1 FROM kernel_pagesetting WHERE name = 'tick'"), house.say)


def test_killing_the_parent_leaves_nobody_behind_and_the_next_start_is_well(house: House) -> None:
    assert house.process
    everybody = family(house.process.pid)
    assert len(everybody) >= 5
    os.kill(house.process.pid, signal.SIGKILL)
    house.process.wait(PATIENCE_SECONDS)
    house.open()
    assert [pid for pid in everybody if is_running(pid)] == []
    assert heard(house, "ding") == 1


@pytest.mark.parametrize("number", [signal.SIGINT])
def test_ctrl_c_stops_everything_cleanly(house: House, number: int) -> None:
    assert house.process
    everybody = family(house.process.pid)
    assert house.close(number) == 0
    assert [pid for pid in everybody if is_running(pid)] == []
    assert house.ask("/healthz")[0] == 0
    assert not (house.data / "postgres" / "postmaster.pid").exists()
    assert house.lines[-1].endswith("stopped")


def test_on_the_operators_own_server_no_database_is_started_and_sigterm_stops_the_rest(tmp_path: Path) -> None:
    own = os.environ["REGULARS_DATABASE_URL"]
    with psycopg.connect(own, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS regulars_own")
        connection.execute("CREATE DATABASE regulars_own")
    url = make_conninfo(own, dbname="regulars_own")
    house = House(tmp_path, free_port(), {"REGULARS_DATABASE_URL": url})
    try:
        house.open()
        assert house.process
        everybody = family(house.process.pid)
        assert not (tmp_path / "postgres").exists()
        assert house.query("SELECT count(*) > 20 FROM django_migrations") == [(True,)]
    finally:
        status = house.close(signal.SIGTERM)
    assert status == 0
    assert [pid for pid in everybody if is_running(pid)] == []
    with psycopg.connect(own, autocommit=True) as connection:
        connection.execute("DROP DATABASE regulars_own WITH (FORCE)")


def owner_link(house: House) -> str:
    """The path of the last link that was printed."""
    return re.findall(rf"http://localhost:{house.port}(/welcome/\S+)", house.say())[-1]


def ring(house: House, word: str) -> None:
    """Publish an event as the product would."""
    subprocess.run(
        [sys.executable, "-m", "tests.running.ear.ring", word],
        check=True,
        cwd=REPOSITORY,
        env=clean_environment() | house.environment | {"REGULARS_DATA": str(house.data)},
    )


def heard(house: House, word: str) -> int:
    return house.query(f"SELECT count(*) FROM kernel_pagesetting WHERE name = 'heard {word}'")[0][0]


def counted(house: House) -> int:
    """How many pages were answered with 200, by all web processes together."""
    found = re.findall(r'regulars_requests_total{door="pages",status="200"} ([\d.]+)', house.ask("/metrics")[1])
    return int(float(found[0])) if found else 0
