"""Every task may run twice and may die at any statement it writes: the house ends as if it had run once.

A task of the product that has no case here fails the first test, so that a new one is not forgotten.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.core import mail
from django.db import connection, transaction
from django.test import TestCase
from procrastinate.contrib.django import app

from regulars.desk.models import Conversation
from regulars.kernel import clock, tail
from tests.jobs import standing
from tests.jobs.house import NOW, House, fill, outside_of
from tests.told import everything_told

pytestmark = pytest.mark.django_db
TICK = {"timestamp": int(NOW.timestamp())}
Arguments = Callable[[House], dict[str, Any]]


def tick(_house: House) -> dict[str, Any]:
    return TICK


def of(**named: str) -> Arguments:
    """Arguments that are keys of what stands ready."""
    return lambda house: {name: house.ids[key] for name, key in named.items()}


CASES: dict[str, Arguments] = {
    "accounts.tidy": tick,
    "api.forget_calls": tick,
    "api.send_notice": of(notice_id="notice due"),
    "api.send_notices_left_behind": tick,
    "channels.deliver": of(delivery_id="queued"),
    "channels.fetch": of(channel_id="fetched"),
    "channels.fetch_all": tick,
    "channels.look_after_deliveries": tick,
    "channels.prune": tick,
    "channels.understand": of(channel_id="box"),
    "channels.understand_all": tick,
    "customers.check_import": of(import_id="unchecked"),
    "customers.finish_erasure": of(erasure_id="erasure"),
    "customers.prune_rejected": tick,
    "customers.run_import": of(import_id="import"),
    "customers.tidy_portal": tick,
    "desk.bulk": lambda house: {"bulk_id": house.ids["bulk"], "agent_id": house.ids["ines"], "name": "Ines"},
    "desk.join_labels": of(label_id="joined"),
    "desk.let_go": of(message_id="to_go"),
    "desk.let_go_all_due": tick,
    "desk.let_go_side": of(message_id="beside"),
    "desk.look_at_the_time": tick,
    "desk.mail_portal_link": lambda house: {
        "customer_id": house.ids["ada"],
        "identity_id": house.ids["identity"],
        "request": "asked",
        "language": "en",
        "conversation_id": 0,
    },
    "desk.sweep_files": lambda house: {"digests": [house.names["nobody's"]]},
    "desk.sweep_nobodys_files": tick,
    "desk.sweep_refused_files": lambda house: {"digests": [house.names["refused"]]},
    "desk.throw_exports_away": tick,
    "desk.forget_presence": tick,
    "desk.wake": tick,
    "desk.watch_targets": tick,
    "desk.write_words_anew": lambda house: {
        "conversation_ids": list(Conversation.objects.order_by("-pk").values_list("pk", flat=True))
    },
    "insights.send_reports": tick,
    "kernel.deliver": lambda house: {
        "handler": "desk.handlers.show_what_became_of_it",
        "event": "DeliverySettled",
        "payload": {
            "id": "6f1f3f1e-9d3c-4b7e-8a53-0f7a4f6d8f11",
            "delivery_id": 1,
            "about": "x:1",
            "state": "sent",
            "trouble": "",
        },
    },
    "kernel.forget_changes": tick,
    "kernel.prune_jobs": tick,
    "web.mail_report": lambda house: {"report_id": house.ids["report"], "due": NOW.isoformat()},
    "web.tell_of_trouble": tick,
}
ELSEWHERE = {
    "insights.learn_scores": "each learning is a run of its own, kept with its moment: tests/insights/test_scores.py",
    "insights.score_changed": "reads the mirror alone: tests/insights/test_scores.py",
    "desk.fetch_far_files": "asks a server for each file: tests/desk/moving/test_far_files.py",
    "desk.move_out": "reads one snapshot over a connection of its own: tests/web/test_export_page.py",
    "desk.keep_days_of_numbers": "writes files by the version of a day, over the same: tests/desk/test_numbers.py",
    "insights.compact_mirror": "holds the mirror's cursor over real commits: tests/insights/test_mirror.py",
    "insights.keep_ready": "reads the mirror alone: tests/insights/test_retention.py",
}


READ_ELSEWHERE = {"mirror": "reads Arrow batches into files of its own: tests/insights/test_mirror.py"}

# What reading once more leaves another, on purpose.
AGAIN: dict[str, set[str]] = {
    "api.webhooks": {"procrastinate_jobs"},  # a second job for the same notice finds it sent
    "desk.episodes": {"desk_episodemark"},  # what was read of the day is read once more
}
# What a death in the middle leaves, on purpose, until a watch of its own ends it.
DIED: dict[str, tuple[set[str], str]] = {
    "api.send_notice": ({"api_notice"}, "nobody else sends it for two minutes; then it is sent again"),
    "channels.fetch": ({"procrastinate_jobs"}, "what is stored and has no job is taken up by channels.understand_all"),
    "desk.mail_portal_link": ({"channels_delivery", "customers_portallink"}, "the link that nobody got is another one"),
    "web.tell_of_trouble": ({"left the house"}, "a mail that left cannot be called back: it is said twice, not never"),
    "channels.deliver": (
        {"channels_delivery", "procrastinate_jobs"},
        "it may have left: after a quarter of an hour a person is asked",
    ),
}
MOST_DEATHS = int(os.environ.get("REGULARS_DEATHS", "2"))  # of each task, spread over the statements it writes

_WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|WITH\b[^;]*\b(?:INSERT|UPDATE|DELETE)\b)", re.IGNORECASE | re.DOTALL)


class Died(BaseException):
    """The process is gone."""


@pytest.fixture(autouse=True, scope="module")
def all_tasks() -> None:
    """As a worker knows them: some are read by it alone."""
    app.perform_import_paths()


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    filled = fill()
    outside_of(filled, monkeypatch)
    # Here every transaction of a task is inside the test's own: what rolls back on its own there must do so here.
    begin = transaction.Atomic.__init__
    own = lambda self, using, _savepoint, durable: begin(self, using, True, durable)  # noqa: E731  # as short as what it stands for
    monkeypatch.setattr(transaction.Atomic, "__init__", own)
    with clock.frozen(NOW):
        yield filled


def run(name: str, house: House) -> None:
    """Do one job, and what it left for after its commit."""
    task = app.tasks[name].func
    with TestCase.captureOnCommitCallbacks(execute=True):
        if name == "kernel.prune_jobs":
            async_to_sync(task)(**CASES[name](house))
        else:
            task(**CASES[name](house))


@contextmanager
def put_back(house: House) -> Iterator[None]:
    """Afterwards all is as it was; a plain savepoint, so that what is done counts as the outermost transaction."""
    point, left = transaction.savepoint(), len(house.left)
    files = {path: (path.read_bytes(), path.stat().st_mtime) for path in settings.DATA.rglob("*") if path.is_file()}
    standing.number_from_the_last()
    mail.outbox = []
    try:
        yield
    finally:
        connection.needs_rollback = False
        transaction.savepoint_rollback(point)
        connection.run_on_commit = []
        del house.left[left:]
        for path in settings.DATA.rglob("*"):
            if path.is_file() and path not in files:
                path.unlink()
        for path, (content, modified) in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            os.utime(path, (modified, modified))


class Writes:
    """Counts the statements that write, and dies before one of them."""

    def __init__(self, *, last: int | None = None) -> None:
        self.count, self._last = 0, last

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if _WRITES.match(sql) or "procrastinate_defer" in sql:
            self.count += 1
            if self.count == self._last:
                raise Died
        return execute(sql, params, many, context)


def twice(name: str, house: House) -> Iterator[str]:
    """What is wrong when a task runs twice."""
    with put_back(house):
        before = standing.now(house)
        run(name, house)
        once = standing.now(house)
        run(name, house)
        changed = standing.between(once, standing.now(house))
    if once == before:
        yield f"{name} found nothing to do"
    yield from (f"{name}, {table}: {row}" for table, rows in changed.items() for row in rows)


def deaths(name: str, house: House) -> Iterator[str]:
    """What is wrong when a task dies before one of its statements, and runs again."""
    with put_back(house), connection.execute_wrapper(writes := Writes()):
        run(name, house)
        undisturbed = standing.now(house)
    for last in _spread(writes.count):
        with put_back(house):
            with pytest.raises(Died), connection.execute_wrapper(Writes(last=last)):
                run(name, house)
            standing.number_from_the_last()
            run(name, house)
            changed = standing.between(undisturbed, standing.now(house))
        by_design = DIED.get(name, (set(), ""))[0]
        for table in changed.keys() - by_design:
            yield from (f"{name} at {last} of {writes.count}, {table}: {row}" for row in changed[table])


def _spread(count: int) -> list[int]:
    """Some of the numbers up to this one, the last among them; all of them where so many are asked for."""
    return sorted({max(1, round((place + 1) * count / MOST_DEATHS)) for place in range(MOST_DEATHS)}) if count else []


def test_every_task_of_the_product_has_a_case() -> None:
    ours = {name for name, task in app.tasks.items() if task.func.__module__.startswith("regulars.")}
    assert ours == CASES.keys() | ELSEWHERE.keys()
    assert not CASES.keys() & ELSEWHERE.keys()


def test_every_task_may_run_twice(house: House) -> None:
    wrong = [each for name in CASES for each in twice(name, house)]
    assert not wrong, "\n".join(wrong)


def test_every_task_may_die_at_what_it_writes_and_is_done_when_it_runs_again(house: House) -> None:
    wrong = [each for name in CASES for each in deaths(name, house)]
    assert not wrong, "\n".join(wrong)


def test_every_reader_of_the_log_may_read_a_batch_again(house: House) -> None:
    wrong: list[str] = []
    for name in tail.CONSUMERS.keys() - READ_ELSEWHERE.keys():
        consumer = tail.CONSUMERS[name]
        with put_back(house):
            everything = everything_told()
            consumer.effect(everything, tail.START)
            once = standing.now(house)
            consumer.effect(everything, tail.START)
            changed = standing.between(once, standing.now(house))
        wrong += [
            f"{name}, {table}: {row}" for table in changed.keys() - AGAIN.get(name, set()) for row in changed[table]
        ]
    assert not wrong, "\n".join(wrong)
