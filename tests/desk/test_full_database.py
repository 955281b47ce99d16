"""The database's own disk is full: whoever meets it reads that, nothing is half done, and the log says it in a line."""

import logging
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from regulars.accounts.actions import keys
from regulars.accounts.models import Agent
from regulars.api.tracking import faults
from regulars.api.tracking.refusals import Refusal
from regulars.channels.actions import understanding
from regulars.channels.models import Channel, Incoming
from regulars.desk.models import Conversation
from regulars.kernel import logs, room
from regulars.kernel.actors import SYSTEM
from regulars.kernel.errors import NoRoom
from tests.api.program import Program
from tests.desk.cast import make_agent
from tests.desk.post import counts, mail, store

pytestmark = pytest.mark.django_db
WRITES = ('INSERT INTO "desk_', 'UPDATE "desk_')


@pytest.fixture
def full(db: None) -> Iterator[None]:
    """PostgreSQL can write no row any more, and still reads."""

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith(WRITES):
            raise OperationalError("could not extend file") from psycopg.errors.DiskFull("could not extend file")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


def test_a_page_says_it_and_keeps_nothing(
    question: Conversation, ines: Agent, client: Client, request: pytest.FixtureRequest
) -> None:
    client.force_login(ines)
    request.getfixturevalue("full")
    answer = client.post(reverse("desk:labels", args=[question.pk]), {"label": "Late"})
    assert answer.status_code == 507
    assert "The disk is full: nothing of this was kept." in answer.content.decode()
    assert not question.labels.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("standing_rows")
def test_a_page_that_only_reads_opens_though_nobody_can_note_who_was_here(client: Client) -> None:
    client.force_login(make_agent("Ines"))

    def refuse(execute: Any, sql: str, *given: Any) -> Any:
        if sql.startswith('UPDATE "usersessions_'):
            raise OperationalError from psycopg.errors.DiskFull("could not extend file")
        return execute(sql, *given)

    with connection.execute_wrapper(refuse):
        assert client.get(reverse("settings:index")).status_code == 200


def test_a_page_that_meets_it_outside_of_every_view_says_it_too(client: Client, ines: Agent) -> None:
    client.force_login(ines)
    client.raise_request_exception = False

    def refuse(execute: Any, *given: Any) -> Any:
        raise OperationalError from psycopg.errors.DiskFull("could not write to file")

    with connection.execute_wrapper(refuse):
        answer = client.get(reverse("home"))
    assert (answer.status_code, answer.content.decode()[:17]) == (507, "The disk is full:")


def test_a_call_of_the_api_says_it(question: Conversation, request: pytest.FixtureRequest) -> None:
    program = Program(keys.create("api", name="Shop system", by=SYSTEM))
    request.getfixturevalue("full")
    answer = program("PATCH", f"/conversations/{question.pk}", {"subject": "Other"})
    assert (answer.status_code, answer.json()["code"]) == (507, "no-room")
    assert answer.json()["detail"].startswith("The disk is full: nothing of this was kept.")
    question.refresh_from_db()
    assert question.subject != "Other"


def test_a_tracking_call_is_to_come_again_in_a_minute(db: None) -> None:
    def store_it() -> None:
        raise psycopg.errors.DiskFull("could not extend file")

    with pytest.raises(Refusal, match="The disk is full on our side, and nothing was kept") as refused:
        faults.steadily(store_it)
    assert (refused.value.status, refused.value.code, refused.value.retry_after_seconds) == (503, "no_room", 60)


def test_mail_waits_for_room_and_comes_once(mailbox: Channel) -> None:
    row = store(mail("See the picture."), mailbox)
    full_at = 'INSERT INTO "desk_conversation"'

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(full_at):
            raise OperationalError from psycopg.errors.DiskFull("could not extend file")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse), pytest.raises(NoRoom):
        understanding.drain(mailbox.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts, counts()) == (Incoming.STORED, 0, (0, 0))
    understanding.drain(mailbox.pk)
    assert counts() == (1, 1)


def test_a_job_that_meets_it_is_one_line_of_the_log() -> None:
    fault = OperationalError("could not extend file")
    fault.__cause__ = psycopg.errors.DiskFull("could not extend file")
    record = logging.makeLogRecord(
        {"name": "procrastinate.worker", "msg": "Job ended", "exc_info": (type(fault), fault, None)}
    )
    record.job = {"task_name": "desk.let_go", "id": 7, "task_kwargs": {}}
    assert logs.discreet(record)
    assert record.getMessage() == f"job desk.let_go (7): {room.DISK_IS_FULL}"
    assert record.exc_info is None
