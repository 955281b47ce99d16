"""The log names pages and jobs, never people, and stays one line an event."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
import structlog

from regulars.kernel import logs

Said = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[Said]:
    """The JSON lines written so far."""
    monkeypatch.setenv("REGULARS_LOG_FORMAT", "json")
    monkeypatch.setenv("REGULARS_PROCESS", "web-1")
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    out = io.StringIO()
    logs.configure(out=out)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.handlers[:], root.level = before, level
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


def test_an_outage_of_the_database_is_one_short_line(said: Said) -> None:
    try:
        raise RuntimeError from psycopg.OperationalError("connection refused")
    except RuntimeError:
        logging.getLogger("procrastinate.worker").exception("side task failed")
    (line,) = said()
    assert line["event"] == "procrastinate.worker: the database does not answer"
    assert "exception" not in line


def test_our_own_faults_keep_their_trace(said: Said) -> None:
    try:
        raise ValueError("no")
    except ValueError:
        structlog.get_logger("a").exception("a loop failed", loop="mirror")
    (line,) = said()
    assert line["event"] == "a loop failed"
    assert line["exception"].endswith("ValueError: no")
