"""Files that lie on an old desk's server are fetched, and what cannot be is named and may be tried again."""

import hashlib
import json
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from regulars.accounts.models import Agent
from regulars.desk import people, tasks
from regulars.desk.actions import fetching_files, indexing
from regulars.desk.actions.fetching_files import Fetched, Limits
from regulars.desk.models import Attachment, Conversation, FarFile, Message, Origin
from regulars.desk.moving.forms import Misfit
from regulars.kernel import files
from regulars.kernel.errors import NotAllowed
from tests.desk.cast import make_agent
from tests.desk.moving.conftest import Mover

pytestmark = pytest.mark.django_db
SHORT = Limits(seconds=1, silence=0.2, most=5_000)
asked: Counter[str] = Counter()
stopped = threading.Event()


class Desk(BaseHTTPRequestHandler):
    """The server of an old desk."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        asked[self.path] += 1
        what = self.path.strip("/").partition("?")[0]
        if what == "hangs":
            stopped.wait(3)
        elif what == "moved":
            self._say(302, {"Location": "/tea.png?signed=1"})
        elif what == "inside":
            self._say(302, {"Location": "https://10.0.0.1/secret"})
        elif what == "circle":
            self._say(302, {"Location": "/circle"})
        elif what in ("404", "403", "503"):
            self._say(int(what), {})
        elif what == "page":
            self._say(200, {"Content-Type": "text/html; charset=utf-8"}, b"<p>Sign in")
        elif what == "cut":
            self._say(200, {"Content-Length": "4000"}, b"half")
        elif what == "endless":
            self._say(200, {"Content-Length": "9000"}, b"x" * 9_000)
        elif what == "endless-chunks":
            self._say(200, {"Transfer-Encoding": "chunked"}, b"1770\r\n" + b"x" * 6_000 + b"\r\n0\r\n\r\n")
        else:
            self._say(200, {"Content-Type": "image/png"}, what.encode())

    def _say(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            if not (name == "Content-Length" and "Transfer-Encoding" in headers):
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as the base calls it
        pass


@pytest.fixture(scope="module")
def there() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    stopped.set()
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def open_(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_REACHABLE_INSIDE", "127.0.0.1")
    asked.clear()


def export(folder: Path, *urls: str) -> Path:
    """A ticket whose every comment has one file; the last one nothing else."""
    ada = {"id": 1, "role": "end-user", "name": "Ada", "email": "ada@example.com"}
    comments = [
        {"id": number, "author_id": 1, "body": "Look" if number else "", "created_at": f"2024-01-01T00:{number:02}:00Z",
         "attachments": [{"id": 50 + number, "file_name": f"{number}.png", "content_type": "image/png", "size": 10,
                          "content_url": url}]}
        for number, url in enumerate(urls)
    ]  # fmt: skip
    ticket = {"id": 9, "requester_id": 1, "requester": ada, "status": "open", "comments": comments}
    (folder / "export.jsonl").write_text("\n".join(json.dumps(row) for row in [ada, ticket]))
    return folder


def fetch() -> tuple[Fetched, list[tuple[str, str, str]]]:
    told: list[Misfit] = []
    done = fetching_files.fetch(Origin.objects.get().pk, report=told.append, limits=SHORT)
    return done, [(one.where, one.reason, one.what) for one in told]


def test_a_file_is_fetched_once_and_belongs_to_its_message(move_in: Mover, tmp_path: Path, there: str) -> None:
    path = export(tmp_path, f"{there}/moved", f"{there}/mugs.png")
    seen, _ = move_in("zendesk", path, is_dry=True, fetches=True)
    assert (seen.far_files, seen.far_bytes, seen.far_unsized, seen.messages) == (2, 20, 0, 2)
    assert (FarFile.objects.count(), asked) == (0, Counter())
    moved, misfits = move_in("zendesk", path, fetches=True)
    assert (moved.conversations, moved.far_files, misfits) == (1, 2, [])
    assert not Conversation.objects.get().has_attachments
    assert fetch() == (Fetched(files=2, bytes=15), [])
    rows = Attachment.objects.order_by("message_id").values_list("name", "type", "size", "digest")
    assert list(rows) == [
        ("0.png", "image/png", 7, hashlib.sha256(b"tea.png").hexdigest()),
        ("1.png", "image/png", 8, hashlib.sha256(b"mugs.png").hexdigest()),
    ]
    assert files.read(rows[1][3]) == b"mugs.png"
    held = Conversation.objects.get()
    assert held.has_attachments and "png" in indexing.words_in([held.pk])
    assert set(FarFile.objects.values_list("state", "url")) == {("fetched", "")}
    again, misfits = move_in("zendesk", path)
    assert (again.here_already, again.far_files, misfits) == (1, 0, [])
    assert fetch() == (Fetched(), [])
    assert asked == Counter({"/moved": 1, "/tea.png?signed=1": 1, "/mugs.png": 1})


def test_what_cannot_be_fetched_keeps_nothing_else_back_and_says_why(
    move_in: Mover, tmp_path: Path, there: str
) -> None:
    why = {
        "/404": ("file gone", " (404)"), "/403": ("file closed", " (403)"), "/503": ("file trouble", " (503)"),
        "/inside": ("file inside", ""), "/endless": ("too large", ""), "/endless-chunks": ("too large", ""),
        "/cut": ("file cut", ""), "/page": ("file page", ""), "/tea.png": None,
        "/circle": ("file silent", " (It was sent from one place to the next and never came to an end.)"),
    }  # fmt: skip
    urls = [*(f"{there}{place}" for place in why), "=cmd()", "http://192.168.0.1/x", f"{there}/hangs"]
    move_in("zendesk", export(tmp_path, *urls), fetches=True)
    done, told = fetch()
    assert (done.files, done.failed, done.waiting, done.gave_up) == (1, 12, 0, False)
    expected = [("ticket 9", said[0], f"{there}{place}{said[1]}") for place, said in why.items() if said]
    expected += [("ticket 9", "file address", "=cmd()"), ("ticket 9", "file address", "http://192.168.0.1/x")]
    assert told[:-1] == expected
    assert told[-1][:2] == ("ticket 9", "file silent")
    assert "timed out" in told[-1][2]
    assert (Attachment.objects.count(), FarFile.objects.filter(state="failed").count()) == (1, 12)
    assert asked["/tea.png"] == 1


def test_what_failed_is_tried_again_when_asked_and_by_another_address(
    move_in: Mover, tmp_path: Path, there: str, ines: Agent
) -> None:
    move_in("zendesk", export(tmp_path, f"{there}/403"))
    fetch()
    assert fetch() == (Fetched(), [])
    origin_id = Origin.objects.get().pk
    with pytest.raises(NotAllowed):
        fetching_files.ask(origin_id, by=ines.actor)
    assert FarFile.objects.get().state == "failed"
    assert fetching_files.ask(origin_id, by=make_agent("Olga", role="owner").actor) == 1
    assert fetch()[0].failed == 1
    move_in("zendesk", export(tmp_path, f"{there}/renewed.png"))
    assert fetch() == (Fetched(files=1, bytes=11), [])


def test_killed_in_between_it_goes_on_with_the_rest(
    move_in: Mover, tmp_path: Path, there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    move_in("zendesk", export(tmp_path, *(f"{there}/{number}.png" for number in range(5))))
    hang, left = fetching_files._hang, iter(range(2))

    def dying(*args: object) -> bool:
        next(left)
        return hang(*args)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(fetching_files, "_hang", dying)
    with pytest.raises(StopIteration):
        fetch()
    monkeypatch.undo()
    monkeypatch.setenv("REGULARS_REACHABLE_INSIDE", "127.0.0.1")
    assert (Attachment.objects.count(), FarFile.objects.filter(state="waiting").count()) == (2, 3)
    assert fetch()[0].files == 3
    assert Attachment.objects.count() == 5


def test_files_of_what_moved_in_before_are_found_by_when_it_was_said(
    move_in: Mover, tmp_path: Path, there: str
) -> None:
    path = export(tmp_path, f"{there}/a.png", f"{there}/b.png")
    move_in("zendesk", path)
    FarFile.objects.all().delete()  # as it was before they were kept in mind
    Message.objects.order_by("pk").first().delete()  # type: ignore[union-attr]  # one with nothing but a file was left out
    moved, misfits = move_in("zendesk", path, fetches=True)
    assert (moved.here_already, moved.far_files) == (1, 2)
    assert [(one.reason, one.what) for one in misfits] == [("not fetched", f"{there}/a.png")]
    assert fetch()[0].files == 1
    assert Attachment.objects.get().message == Message.objects.get()


def test_a_file_that_somebody_downloaded_meanwhile_is_taken_from_beside_the_export(
    move_in: Mover, tmp_path: Path, there: str
) -> None:
    path = export(tmp_path, f"{there}/403", f"{there}/b.png")
    move_in("zendesk", path)
    (path / "attachments").mkdir()
    (path / "attachments" / "50-tea.png").write_bytes(b"by hand")
    seen, _ = move_in("zendesk", path, is_dry=True)
    assert (seen.far_files, Attachment.objects.count()) == (1, 0)
    moved, misfits = move_in("zendesk", path)
    assert (moved.here_already, moved.files, [one.what for one in misfits]) == (1, 1, [f"{there}/b.png"])
    file = Attachment.objects.get()
    assert (file.name, files.read(file.digest), asked) == ("0.png", b"by hand", Counter())
    assert move_in("zendesk", path)[0].files == 0


def test_a_worker_fetches_a_while_and_leaves_the_rest_to_the_next(
    move_in: Mover, tmp_path: Path, there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    move_in("zendesk", export(tmp_path, f"{there}/a.png"))
    origin_id = Origin.objects.get().pk
    queued = ProcrastinateJob.objects.filter(task_name="desk.fetch_far_files", status="todo")
    monkeypatch.setattr(fetching_files, "AT_A_STRETCH", -1)
    tasks.fetch_far_files(origin_id)
    assert (FarFile.objects.get().state, [job.args for job in queued]) == ("waiting", [{"origin_id": origin_id}])
    queued.delete()
    monkeypatch.setattr(fetching_files, "AT_A_STRETCH", 30)
    tasks.fetch_far_files(origin_id)
    tasks.fetch_far_files(origin_id)
    assert (Attachment.objects.count(), queued.count(), asked["/a.png"]) == (1, 0, 1)


def test_a_server_that_is_gone_is_not_asked_for_ever(
    move_in: Mover, tmp_path: Path, there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching_files, "ENOUGH_SILENCE", 4)
    move_in("zendesk", export(tmp_path, *(f"http://127.0.0.1:9/{number}" for number in range(8))))
    done, _ = fetch()
    assert (done.failed, done.waiting, done.gave_up) == (6, 2, True)


def test_what_was_erased_meanwhile_gets_no_file(
    move_in: Mover, tmp_path: Path, there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    move_in("zendesk", export(tmp_path, f"{there}/a.png"))
    hang, customer_id = fetching_files._hang, Conversation.objects.get().customer_id

    def erased_just_before(row: FarFile, digest: str, size: int) -> bool:
        people.erase([customer_id])
        return hang(row, digest, size)

    monkeypatch.setattr(fetching_files, "_hang", erased_just_before)
    assert fetch() == (Fetched(), [])
    assert (FarFile.objects.count(), Attachment.objects.count(), asked["/a.png"]) == (0, 0, 1)
