"""The log names pages and jobs, never people, and stays one line an event."""

import io
import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
import structlog
from django.core.exceptions import DisallowedHost
from django.db import IntegrityError, connection, transaction

from regulars.kernel import logs

Said = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[Said]:
    """The JSON lines written so far."""
    monkeypatch.setenv("REGULARS_LOG_FORMAT", "json")
    monkeypatch.setenv("REGULARS_PROCESS", "web-1")
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    hooks = sys.excepthook, threading.excepthook
    out = io.StringIO()
    logs.configure(out=out)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.handlers[:], root.level = before, level
    (sys.excepthook, threading.excepthook), logging.raiseExceptions = hooks, True
    structlog.reset_defaults()


def test_an_event_carries_the_request_it_belongs_to(said: Said) -> None:
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        structlog.get_logger("a").info("kept", facts=3)
    (line,) = said()
    assert line.pop("at")
    assert line == {"event": "kept", "facts": 3, "request_id": "r-1", "level": "info", "process": "web-1"}


def test_a_failed_page_is_named_by_its_pattern_and_not_by_its_path(said: Said) -> None:
    request = SimpleNamespace(resolver_match=SimpleNamespace(route="welcome/owner/<str:token>/"))
    logging.getLogger("django.request").error(
        "Internal Server Error: %s", "/welcome/owner/s3cret/", extra={"request": request}
    )
    (line,) = said()
    assert line["event"] == "the page welcome/owner/<str:token>/ failed"
    assert "s3cret" not in json.dumps(line)


def test_a_failed_job_is_named_by_its_task_and_not_by_its_arguments(said: Said) -> None:
    job = {"task_name": "accounts.invite", "id": 7, "task_kwargs": {"email": "ada@shop.example"}}
    logging.getLogger("procrastinate.worker").error(
        "Job accounts.invite(email=ada@shop.example) ended", extra={"job": job, "action": "job_error"}
    )
    (line,) = said()
    assert line["event"] == "job accounts.invite (7): job_error"
    assert "ada" not in json.dumps(line)


def test_a_request_for_another_host_is_one_line_that_says_what_to_set(said: Said) -> None:
    try:
        raise DisallowedHost("Invalid HTTP_HOST header: 'evil.example'.")
    except DisallowedHost:
        logging.getLogger("django.security.DisallowedHost").exception("Invalid HTTP_HOST header: 'evil.example'.")

    (line,) = said()
    assert line["event"] == logs.STRANGE_HOST
    assert "REGULARS_PUBLIC_URL" in line["event"]
    assert "evil" not in json.dumps(line)


def test_an_outage_of_the_database_is_one_short_line(said: Said) -> None:
    try:
        raise RuntimeError from psycopg.OperationalError("connection refused")
    except RuntimeError:
        logging.getLogger("procrastinate.worker").exception("side task failed")
    (line,) = said()
    assert line["event"] == "procrastinate.worker: the database does not answer"
    assert "exception" not in line


def test_a_fault_says_where_and_of_which_kind_but_not_with_what(said: Said) -> None:
    def read_age(email: str) -> int:
        return int(email)

    email = "ada@shop.example"
    try:
        read_age(email)
    except ValueError:
        with structlog.contextvars.bound_contextvars(request_id="r-1"):
            structlog.get_logger("a").exception("a loop failed", loop="mirror")
    (line,) = said()
    assert (line["event"], line["request_id"]) == ("a loop failed", "r-1")
    assert line["exception"].startswith("Traceback (most recent call last):")
    assert "in read_age\n    return int(email)" in line["exception"]
    assert line["exception"].endswith("ValueError")
    assert "ada@" not in json.dumps(line)


def test_what_led_to_a_fault_is_said_first_and_of_a_group_every_part(said: Said) -> None:
    first = KeyError("ada")
    second = RuntimeError("ada")
    second.__cause__ = first
    logging.getLogger("a").error("it failed", exc_info=ExceptionGroup("ada", [second, OSError(28, "No space left")]))
    (line,) = said()
    assert line["exception"].splitlines() == [
        "ExceptionGroup",
        "  KeyError",
        "  RuntimeError",
        "  OSError: No space left",
    ]


@pytest.mark.django_db
def test_the_database_says_which_rule_was_broken_and_not_by_which_value(said: Said) -> None:
    emails = ["ada@shop.example"] * 2
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE known (email text CONSTRAINT email_once UNIQUE) ON COMMIT DROP")
            cursor.execute("INSERT INTO known VALUES (%s), (%s)", emails)
    except IntegrityError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", "/ada/")
    (line,) = said()
    assert "psycopg.errors.UniqueViolation: 23505, email_once, known\n" in line["exception"]
    assert line["exception"].endswith("django.db.utils.IntegrityError")
    assert "ada@" not in json.dumps(line)


def test_a_fault_in_the_code_itself_keeps_its_message(said: Said) -> None:
    try:
        logging.getLogger("a").no_such_thing  # type: ignore[attr-defined]  # noqa: B018 (that is the fault)
    except AttributeError:
        logging.getLogger("a").exception("it failed")
    (line,) = said()
    assert line["exception"].endswith("object has no attribute 'no_such_thing'")


def test_developers_who_ask_for_it_read_messages_too(said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_DEBUG", "1")
    try:
        raise ValueError("no")
    except ValueError:
        structlog.get_logger("a").exception("a loop failed")
    (line,) = said()
    assert line["exception"].endswith("ValueError: no")


def test_a_thread_that_dies_leaves_one_line(said: Said) -> None:
    def die() -> None:
        email = "ada@shop.example"
        raise ValueError(email)

    thread = threading.Thread(target=die)
    thread.start()
    thread.join()
    (line,) = said()
    assert (line["event"], line["level"]) == ("a fault nobody expected", "error")
    assert "in die\n" in line["exception"]
    assert line["exception"].endswith("\nValueError")
    assert "ada@" not in json.dumps(line)


def test_what_nobody_fetched_from_a_task_is_not_repeated(said: Said) -> None:
    logging.getLogger("asyncio").error("Task exception was never retrieved\nfuture: <Task exception=ValueError('ada')>")
    (line,) = said()
    assert line["event"] == "Task exception was never retrieved"


def test_readable_lines_are_as_discreet(said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REGULARS_LOG_FORMAT")
    out = io.StringIO()
    logs.configure(out=out)
    email = "ada@shop.example"
    try:
        int(email)
    except ValueError:
        structlog.get_logger("a").exception("it failed", request_id="r-1")
    first, *_, last = out.getvalue().splitlines()
    assert first.endswith("error   it failed  request_id=r-1")
    assert last == "ValueError"
    assert "ada@" not in out.getvalue()
