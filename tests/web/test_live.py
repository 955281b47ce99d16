"""Open pages are told what changes, in time, in order, and only what their agent may see."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections

from regulars.accounts.actions import teams
from regulars.accounts.models import Agent
from regulars.customers.models import Customer
from regulars.desk.actions import assignments, labels, messages, presence, spam, states
from regulars.desk.actions.messages import Written
from regulars.desk.models import Conversation
from regulars.desk.selectors.present import LASTS
from regulars.kernel import clock, live
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.models import Change
from regulars.web.live import Hub, Streams
from regulars.web.live.painting import DeskPainter
from tests.customers.cast import make_customer
from tests.desk.cast import ask, make_agent, make_mailbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ines() -> Agent:
    return make_agent("Ines")


@pytest.fixture
def ada() -> Customer:
    return make_customer("Ada Moreno", email="ada@example.com")


@pytest.fixture
def question(ada: Customer) -> Conversation:
    return ask(ada.pk, make_mailbox())


def cookie_of(agent: Agent) -> str:
    session = SessionStore()
    session["_auth_user_id"] = str(agent.pk)
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session["_auth_user_hash"] = agent.get_session_auth_hash()
    session.save()
    return f"sessionid={session.session_key}"


class Opened:
    """A page's stream, as a browser would read it."""

    def __init__(self, streams: Streams, cookie: str, query: str, *, last_seen: str = "") -> None:
        self.status: int | None = None
        self.text = ""
        self.leaving = asyncio.Event()
        headers = [(b"cookie", cookie.encode()), (b"accept-language", b"en")]
        headers += [(b"last-event-id", last_seen.encode())] if last_seen else []
        scope = {"type": "http", "method": "GET", "path": "/live", "query_string": query.encode(), "headers": headers}
        self.task = asyncio.ensure_future(streams(scope, self._receive, self._send))

    async def _receive(self) -> Any:
        await self.leaving.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        self.text += message.get("body", b"").decode()

    @property
    def events(self) -> list[tuple[str, Any]]:
        blocks = [block for block in self.text.split("\n\n") if "event: " in block]
        lines = [dict(line.split(": ", 1) for line in block.splitlines()) for block in blocks]
        return [(each["event"], json.loads(each["data"])) for each in lines]

    async def until(self, event: str, *, seconds: float = 5) -> Any:
        for _ in range(int(seconds / 0.02)):
            found = [content for name, content in self.events if name == event]
            if found:
                return found[-1]
            await asyncio.sleep(0.02)
        raise AssertionError(f"no {event} came; only {self.events}")

    async def leave(self) -> None:
        self.leaving.set()
        await asyncio.wait_for(self.task, 5)


@pytest.fixture(autouse=True)
def nothing_changed_lately(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the cast did before the page was opened is not told again here."""
    monkeypatch.setattr("regulars.kernel.live.LATELY", timedelta(0))


def told(story: Callable[[Streams], Awaitable[None]]) -> None:
    """Run a story with a hub that listens to the database."""

    async def run() -> None:
        hub = Hub(DeskPainter())
        hub.open()
        try:
            await asyncio.wait_for(story(Streams(hub)), 40)
        finally:
            await hub.in_thread(connections.close_all)
            await hub.close()
            await sync_to_async(connections.close_all)()

    asyncio.run(run())


async def do(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    return await sync_to_async(function)(*arguments, **named)


def test_a_message_reaches_the_lists_that_show_the_conversation(
    question: Conversation, ada: Customer, ines: Agent
) -> None:
    cookie = cookie_of(ines)

    async def story(streams: Streams) -> None:
        page = Opened(streams, cookie, "list=view%3Dall&conversation=")
        await page.until("here")
        await do(messages.receive, question.pk, Written(text="Any <b>news</b>?"), by=Actor("customer", ada.pk))
        rows = await page.until("rows")
        assert rows["order"] == [question.pk]
        assert rows["gone"] == []
        html = rows["rows"][str(question.pk)]
        assert f'id="row-{question.pk}"' in html
        assert "Any &lt;b&gt;news&lt;/b&gt;?" in html
        assert f'href="/inbox/conversations/{question.pk}/?view=all"' in html
        await page.leave()

    told(story)


def test_a_conversation_that_leaves_a_list_is_named_as_gone(question: Conversation, ines: Agent) -> None:
    cookie = cookie_of(ines)

    async def story(streams: Streams) -> None:
        page = Opened(streams, cookie, "list=view%3Dall")
        await page.until("here")
        await do(states.resolve, question.pk, by=ines.actor)
        assert await page.until("rows") == {"order": [], "rows": {}, "gone": [question.pk]}
        await page.leave()

    told(story)


def test_the_page_that_has_the_conversation_open_hears_of_it_and_no_other(question: Conversation, ines: Agent) -> None:
    cookie = cookie_of(ines)

    async def story(streams: Streams) -> None:
        here = Opened(streams, cookie, f"list=view%3Dall&conversation={question.pk}")
        elsewhere = Opened(streams, cookie, f"list=view%3Dall&conversation={question.pk + 1}")
        await here.until("here")
        await elsewhere.until("here")
        await do(labels.put, question.pk, "Shipping", by=ines.actor)
        assert await here.until("conversation") == {"id": question.pk}
        await elsewhere.until("rows")
        assert [name for name, _ in elsewhere.events] == ["here", "rows"]
        await here.leave()
        await elsewhere.leave()

    told(story)


def test_many_changes_at_once_make_one_event(question: Conversation, ines: Agent) -> None:
    cookie = cookie_of(ines)

    async def story(streams: Streams) -> None:
        page = Opened(streams, cookie, "list=view%3Dall")
        await page.until("here")
        for number in range(10):
            await do(labels.put, question.pk, f"Label {number}", by=ines.actor)
        await page.until("rows")
        await asyncio.sleep(0.7)
        assert 1 <= len([name for name, _ in page.events if name == "rows"]) <= 4
        await page.leave()

    told(story)


def test_a_closed_teams_conversation_reaches_nobody_outside_it(question: Conversation, ines: Agent) -> None:
    bo = make_agent("Bo")
    closed = teams.create("Complaints", by=SYSTEM, is_open=False, agent_ids=[bo.pk])
    cookies = cookie_of(ines), cookie_of(bo)

    async def story(streams: Streams) -> None:
        outside = Opened(streams, cookies[0], f"list=view%3Dall&conversation={question.pk}")
        inside = Opened(streams, cookies[1], f"list=view%3Dall&conversation={question.pk}")
        await outside.until("here")
        await inside.until("here")
        await do(assignments.to_team, question.pk, closed.pk, by=SYSTEM)
        assert (await inside.until("rows"))["order"] == [question.pk]
        rows = await outside.until("rows")
        assert (rows["order"], rows["rows"], rows["gone"]) == ([], {}, [question.pk])
        await do(presence.here, question.pk, is_writing=True, by=bo.actor)
        await asyncio.sleep(0.6)
        assert "presence" not in [name for name, _ in outside.events]
        await outside.leave()
        await inside.leave()

    told(story)


def test_a_list_of_ones_own_is_painted_for_its_reader_alone(question: Conversation, ines: Agent) -> None:
    bo = make_agent("Bo")
    cookies = cookie_of(ines), cookie_of(bo)

    async def story(streams: Streams) -> None:
        mine, his = Opened(streams, cookies[0], "list="), Opened(streams, cookies[1], "list=")
        await mine.until("here")
        await his.until("here")
        await do(assignments.to_agent, question.pk, ines.pk, by=SYSTEM)
        assert (await mine.until("rows"))["order"] == [question.pk]
        assert (await his.until("rows"))["order"] == []
        await mine.leave()
        await his.leave()

    told(story)


def test_colleagues_see_who_looks_and_who_writes_but_not_themselves(question: Conversation, ines: Agent) -> None:
    bo = make_agent("Bo")
    cookies = cookie_of(ines), cookie_of(bo)

    async def story(streams: Streams) -> None:
        mine, his = Opened(streams, cookies[0], "list="), Opened(streams, cookies[1], "list=")
        await mine.until("here")
        await his.until("here")
        await do(presence.here, question.pk, is_writing=True, by=bo.actor)
        assert await mine.until("presence") == {"id": question.pk, "who": [{"name": "Bo", "writes": True}]}
        assert await his.until("presence") == {"id": question.pk, "who": []}
        late = Opened(streams, cookies[0], "list=")
        assert await late.until("here") == {"present": [{"id": question.pk, "who": [{"name": "Bo", "writes": True}]}]}
        await late.leave()
        with clock.frozen(clock.now() + 2 * LASTS):
            assert await do(presence.forget) == 1
        last = await do(Change.objects.latest, "pk")
        assert (last.topic, last.subject_id) == ("presence", question.pk)
        later = Opened(streams, cookies[0], "list=")
        assert await later.until("here") == {"present": []}
        await later.leave()
        await mine.leave()
        await his.leave()

    told(story)


def test_a_page_that_was_cut_off_hears_what_it_missed(question: Conversation, ada: Customer, ines: Agent) -> None:
    cookie = cookie_of(ines)
    seen = Change.objects.order_by("-pk").values_list("pk", flat=True)[0]
    second = ask(ada.pk, question.channel, "Second")

    async def story(streams: Streams) -> None:
        page = Opened(streams, cookie, "list=view%3Dall", last_seen=str(seen))
        assert second.pk in (await page.until("rows"))["order"]
        await page.leave()

    told(story)


def test_a_page_that_was_away_for_too_long_is_asked_to_load_itself_again(question: Conversation, ines: Agent) -> None:
    cookie = cookie_of(ines)
    last = Change.objects.order_by("-pk").values_list("pk", flat=True)[0]
    Change.objects.filter(pk__lt=last).delete()

    async def story(streams: Streams) -> None:
        page = Opened(streams, cookie, "list=view%3Dall", last_seen=str(last - 2))
        await page.until("reload")
        await page.leave()

    told(story)


def test_what_changed_while_the_page_was_loaded_is_told(
    question: Conversation, ines: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regulars.kernel.live.LATELY", timedelta(seconds=15))
    cookie = cookie_of(ines)

    async def story(streams: Streams) -> None:
        page = Opened(streams, cookie, "list=view%3Dall")
        assert (await page.until("rows"))["order"] == [question.pk]
        await page.leave()

    told(story)


def test_nobody_and_an_analyst_get_no_stream(question: Conversation) -> None:
    analyst = cookie_of(make_agent("Ana", role="analyst"))

    async def story(streams: Streams) -> None:
        for cookie in ("", "sessionid=made-up", analyst):
            page = Opened(streams, cookie, "list=view%3Dall")
            await asyncio.wait_for(page.task, 5)
            assert (page.status, page.text) == (204, "")
        assert not streams.hub.streams

    told(story)


def test_the_stream_of_somebody_who_signed_out_ends(
    question: Conversation, ines: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regulars.web.live.hub.CHECK_SECONDS", 0.1)
    cookie = cookie_of(ines)

    async def story(streams: Streams) -> None:
        page = Opened(streams, cookie, "list=view%3Dall")
        await page.until("here")
        await do(SessionStore(cookie.removeprefix("sessionid=")).delete)
        await asyncio.wait_for(page.task, 5)

    told(story)


def test_a_listener_whose_connection_breaks_listens_again_and_misses_nothing(
    question: Conversation, ines: Agent
) -> None:
    cookie = cookie_of(ines)

    async def story(streams: Streams) -> None:
        page = Opened(streams, cookie, "list=view%3Dall")
        await page.until("here")
        await do(_end_listeners)
        await do(spam.mark, question.pk, by=ines.actor)
        assert (await page.until("rows", seconds=10))["gone"] == [question.pk]
        await page.leave()

    told(story)


def _end_listeners() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query LIKE %s AND datname = current_database()",
            [f"LISTEN {live.CHANNEL}%"],
        )
        assert cursor.rowcount >= 1
