"""The client against the running product: every call there is, and what makes it more than a wrapper."""

import asyncio
import inspect
import itertools
import re
import socket
import threading
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest

from regulars.accounts.actions import keys
from regulars.desk.actions import indexing
from regulars.desk.models import Message
from regulars.kernel import tail
from regulars.kernel.actors import SYSTEM
from regulars_client import AsyncRegulars, Changed, Regulars, UnseenMessage, errors, shapes
from regulars_client.calls import Group
from tests.desk.cast import make_agent

SINCE, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
# What must come after the others, because little is left to do others with.
LAST = ("conversations.merge", "conversations.undo_merge", "conversations.undo_split", "customers.merge",
        "customers.undo_merge", "webhooks.end", "customers.erase")  # fmt: skip
# Told in tests of their own.
NEEDS_MORE = {
    "messages.take_back", "customers.identify", "sides.begin", "sides.write", "views.create", "views.change",
    "views.delete", "macros.create", "macros.change", "macros.use", "macros.retire", "rules.create", "rules.change",
    "rules.delete", "targets.keep", "fields.create", "fields.change", "sides.take_back", "sides.send_again",
    "rules.move", "fields.move", "views.order", "macros.undo", "teams.create", "teams.change", "teams.archive",
    "routes.set", "seats.set", "seats.set_away", "channels.set_paused", "channels.look", "letters.retry",
    "suppressed.create", "suppressed.lift", "exports.ask", "exports.download", "reports.create", "reports.stop",
    "bulks.begin", "bulks.read", "bulks.undo", "bulks.answer", "bulks.preview_answer", "drafts.read", "drafts.save",
    "drafts.discard", "forms.create", "forms.change", "forms.archive", "portal.set_mailbox", "mailboxes.create",
    "mailboxes.change", "mailboxes.archive", "mailboxes.test", "mailboxes.renew_doors",
    "labels.change", "labels.join", "labels.remove",
}  # fmt: skip


def calls(desk: Regulars) -> list[tuple[str, Any]]:
    """Every method of every group."""
    groups = {name: group for name, group in vars(desk).items() if isinstance(group, Group)}
    found = [
        (f"{name}.{verb}", method)
        for name, group in groups.items()
        for verb, method in inspect.getmembers(group, inspect.ismethod)
        if not verb.startswith("_")
    ]
    return sorted(found, key=lambda one: (one[0] in LAST, LAST.index(one[0]) if one[0] in LAST else 0))


def said(name: str, world: dict[str, Any]) -> dict[str, Any]:
    """What a call must be told besides numbers of the world."""
    return {
        "conversations.create": {
            "customer": shapes.CustomerRef(email="new@example.com"), "channel_id": world["channel_id"], "text": "Hi",
        },
        "conversations.set_status": {"status": "waiting"},
        "conversations.merge": {"merged_id": world["other_id"]},
        "conversations.split": {"message_id": world["to_split"]},
        "messages.create": {"text": "Hello"},
        "files.upload": {"content": b"some bytes", "name": "a.txt"},
        "customers.create": {"identities": [shapes.NewIdentity(kind="email", value="eve@example.com")]},
        "customers.consent": {"is_given": True, "source": "form"},
        "customers.merge": {"merged_id": world["twin"]},
        "customers.undo_merge": {"merge_id": world["customer_merge_id"]},
        "numbers.behind": {"measure": "began"},
        "sides.set_done": {"is_done": True},
        "webhooks.create": {"url": "https://shop.example/2"},
        "webhooks.replay_span": {"since": SINCE, "until": UNTIL},
    }.get(name, {})  # fmt: skip


def test_every_call_there_is_is_answered_with_its_shape(desk: Regulars, world: dict[str, Any]) -> None:
    done = set()
    for name, method in calls(desk):
        if name in NEEDS_MORE:
            continue
        parts = [each.name for each in inspect.signature(method).parameters.values() if each.default is each.empty]
        answer = method(**{**{each: world[each] for each in parts if each in world}, **said(name, world)})
        if isinstance(answer, Iterator):
            rows = list(itertools.islice(answer, 3))
            assert all(type(row).__module__ == shapes.__name__ for row in rows), name
        else:
            assert answer is None or isinstance(answer, bytes) or type(answer).__module__ == shapes.__name__, name
        done.add(name)
    assert len(done) > 60


def test_a_list_is_looked_through_to_its_end(desk: Regulars, world: dict[str, Any]) -> None:
    in_one = [each.id for each in desk.conversations.list()]
    assert len(in_one) > 2
    assert [each.id for each in desk.conversations.list(page_size=1)] == in_one
    tail.catch_up(indexing.CONSUMER)
    found = [each.id for each in desk.conversations.list(q="Matter", page_size=1)]
    assert world["conversation_id"] in found
    assert len(found) == len(set(found))


def test_moments_and_files_come_as_what_they_are(desk: Regulars, world: dict[str, Any]) -> None:
    shown = desk.conversations.read(world["conversation_id"])
    assert isinstance(shown.created_at, datetime) and shown.created_at.tzinfo
    large = b"x" * (13 * 1024 * 1024)
    kept = desk.files.upload(large, name="../large.bin")
    assert (kept.name, kept.size) == ("large.bin", len(large))
    said = desk.messages.create(shown.id, kind="note", text="See", files=[kept.id])
    assert desk.files.download(said.files[0].id) == large
    assert zipfile.ZipFile(BytesIO(desk.customers.export(shown.customer_id))).namelist()
    assert desk.numbers.read(since=date(2026, 1, 1), until=date(2026, 2, 1), by="agent").whole.volume.began == 0


def test_what_is_left_out_stays_and_none_takes_away(desk: Regulars, world: dict[str, Any]) -> None:
    pk, bo = world["conversation_id"], world["bo"].pk
    assert desk.conversations.assign(pk, agent_id=bo).agent_id == bo
    assert desk.conversations.assign(pk, team_id=None).agent_id == bo
    assert desk.conversations.assign(pk, agent_id=None).agent_id is None
    changed = desk.conversations.change(pk, fields={"Order": "20318"}, priority="urgent")
    assert (changed.fields, changed.priority, changed.subject) == ({"Order": "20318"}, "urgent", "Matter 0")


def test_nothing_is_written_over_a_change_nobody_saw(desk: Regulars, world: dict[str, Any]) -> None:
    seen = desk.conversations.read(world["conversation_id"])
    desk.conversations.change(seen.id, priority="high", if_match=seen.etag)
    with pytest.raises(Changed) as refusal:
        desk.conversations.change(seen.id, priority="low", if_match=seen.etag)
    assert not refusal.value.may_be_ours
    assert desk.conversations.read(seen.id).priority == "high"
    with pytest.raises(UnseenMessage):
        desk.messages.create(seen.id, text="Too quick.", seen=0)
    listed = next(desk.conversations.list())
    with pytest.raises(ValueError, match="read in a list"):
        desk.conversations.change(listed.id, if_match=listed.etag)


def test_a_message_of_later_is_taken_back_and_a_further_identity_given(desk: Regulars, world: dict[str, Any]) -> None:
    later = desk.messages.create(world["conversation_id"], text="In a century.", due_at=UNTIL)
    desk.messages.take_back(later.id)
    with pytest.raises(errors.NotFound):
        desk.messages.read(later.id)
    known = desk.customers.identify(world["customer_id"], kind="phone", value="+493012345678")
    assert ("phone", "+493012345678") in {(each.kind, each.value) for each in known.identities}
    with pytest.raises(errors.Conflict) as refusal:
        desk.customers.identify(world["twin"], kind="phone", value="+493012345678")
    assert refusal.value.code == "somebody-elses"


def test_a_colleagues_key_asks_somebody_else(address: str, desk: Regulars, world: dict[str, Any]) -> None:
    depot = [shapes.Address(address="depot@carrier.example")]
    with pytest.raises(errors.NotAllowed):
        desk.sides.begin(world["conversation_id"], to=depot, text="Where is it?")
    with Regulars(address, key=keys.create("api", name="Bo", by=SYSTEM, agent_id=world["bo"].pk)) as bo:
        asked = bo.sides.begin(world["conversation_id"], to=depot, text="Where is it?")
        bo.sides.write(asked.side_id, to=depot, text="Please.")
        assert [each.text for each in bo.sides.messages(asked.side_id)] == ["Where is it?", "Please."]


def test_a_managers_key_sets_the_desk_up(address: str, desk: Regulars, world: dict[str, Any]) -> None:
    urgent, late = {"field": "priority", "is": "in", "value": [1]}, [shapes.Deed(deed="label", value="Late")]
    with pytest.raises(errors.NotAllowed):
        desk.views.create(name="Urgent", conditions=urgent, is_shared=True)
    manager = make_agent("Jonas", role="manager")
    with Regulars(address, key=keys.create("api", name="Jonas", by=SYSTEM, agent_id=manager.pk)) as jonas:
        view = jonas.views.create(name="Urgent", conditions=urgent, is_shared=True)
        assert jonas.views.change(view.key, sort="due").sort == "due"
        jonas.views.delete(view.key)
        macro = jonas.macros.create(name="Late", deeds=late)
        assert jonas.macros.change(macro.id, text="Sorry.").deeds == late
        late_one = shapes.CustomerRef(email="late@example.com")
        held = jonas.conversations.create(customer=late_one, channel_id=world["channel_id"], text="Late")
        assert jonas.macros.use(held.id, macro.id).labels == ["Late"]
        jonas.macros.retire(macro.id)
        rule = jonas.rules.create(name="Late", triggers=["started"], conditions=urgent, deeds=late)
        assert jonas.rules.change(rule.id, is_paused=True).is_paused
        jonas.rules.delete(rule.id)
        field = jonas.fields.create(label="Colour", kind="choice", choices=[shapes.NewChoice(label="Red")])
        assert jonas.fields.change(field.id, is_retired=True).is_retired
        kept = jonas.targets.keep(version=jonas.targets.read().version, hours=[], targets=[], warn_seconds=60)
        assert kept.warn_seconds == 60
        team = jonas.teams.create(name="Orders", agent_ids=[manager.pk])
        assert jonas.routes.set(team_id=team.id, method="in turn", is_by_skill=False).method == "in turn"
        assert jonas.seats.set(manager.pk, capacity=3).capacity == 3
        assert jonas.seats.set_away(is_away=True).is_away
        done = jonas.bulks.begin(deed="label", value="Late", conversation_ids=[held.id])
        assert (done.changed, jonas.bulks.read(done.id).total) == (0, 1)  # it has that label
        sent = jonas.bulks.answer(conversation_ids=[held.id], looked_at=datetime.now(UTC), text="Sorry.")
        assert (sent.changed, jonas.bulks.undo(sent.id).undone) == (1, 1)
        assert jonas.drafts.save(held.id, "note", text="Careful.") == jonas.drafts.read(held.id, "note")
        jonas.drafts.discard(held.id, "note")
        wished = jonas.reports.create(every="day")
        assert [one.id for one in jonas.reports.list()] == [wished.id]
        jonas.reports.stop(wished.id)
        assert jonas.suppressed.create(address="no@example.com").address == "no@example.com"
        jonas.suppressed.lift("no@example.com")
        jonas.teams.archive(team.id)
        label = jonas.labels.create(name="Broken")
        assert jonas.labels.change(label.id, name="Damaged").name == "Damaged"
        assert jonas.labels.join(jonas.labels.create(name="Broke").id, into_id=label.id).id == label.id
        jonas.labels.remove(label.id)
        assert "Damaged" not in {each.name for each in jonas.labels.list()}


def test_a_managers_key_makes_forms_and_mailboxes(address: str, world: dict[str, Any]) -> None:
    manager = make_agent("Jonas", role="owner")
    with Regulars(address, key=keys.create("api", name="Jonas", by=SYSTEM, agent_id=manager.pk)) as jonas:
        topic = shapes.NewFormField(kind="choice", label="Topic", choices=["Delivery", "Returns"])
        form = jonas.forms.create(title="Torn bags", fields=[topic])
        assert jonas.forms.read(form.id) == form
        asked = [shapes.NewFormField(kind="text", label="About", id=form.fields[0].id)]
        changed = jonas.forms.change(form.id, fields=asked, is_paused=True, if_match=form.etag)
        assert ([one.label for one in changed.fields], changed.is_paused) == (["About"], True)
        jonas.forms.archive(form.id)
        box = jonas.mailboxes.create(name="Orders", address="orders@shop.example", smtp_host="smtp.shop.example",
                                     smtp_password="hunter2")  # fmt: skip
        assert (box.secrets, box.goes_by) == (["smtp_password"], "smtp")
        with pytest.raises(Changed):
            jonas.mailboxes.change(box.id, signature="Yours", if_match=form.etag)
        assert jonas.mailboxes.change(box.id, in_provider="postmark", if_match=box.etag).comes_by == "provider"
        assert jonas.mailboxes.test(box.id).there is None
        assert str(jonas.mailboxes.renew_doors(box.id).mail_address).endswith("/postmark")
        assert jonas.portal.set_mailbox(mailbox_id=box.id).mailbox_id == box.id
        jonas.mailboxes.archive(box.id)


def test_all_of_it_can_be_awaited(address: str, key: str, world: dict[str, Any]) -> None:
    async def work() -> None:
        async with AsyncRegulars(address, key=key) as desk:
            listed = [each.id async for each in desk.conversations.list(page_size=1)]
            assert world["conversation_id"] in listed and len(listed) > 2
            seen = await desk.conversations.read(world["conversation_id"])
            changed = await desk.conversations.change(seen.id, priority="high", if_match=seen.etag)
            assert changed.priority == "high"
            with pytest.raises(Changed):
                await desk.conversations.change(seen.id, priority="low", if_match=seen.etag)
            kept = await desk.files.upload(b"torn", name="bag.txt")
            notes = [desk.messages.create(seen.id, kind="note", text=f"Note {n}", files=[kept.id]) for n in range(1)]
            (said,) = await asyncio.gather(*notes)
            assert await desk.files.download(said.files[0].id) == b"torn"
            await desk.webhooks.end(world["webhook_id"])
            with pytest.raises(errors.NotFound):
                await desk.conversations.read(999_999)

    asyncio.run(work())


def test_refusals_have_names_and_say_what_is_wrong(desk: Regulars, address: str, world: dict[str, Any]) -> None:
    with pytest.raises(errors.NotFound) as missing:
        desk.conversations.read(999_999)
    assert (missing.value.status, missing.value.code) == (404, "no-such-conversation")
    with pytest.raises(errors.Invalid) as wrong:
        desk.conversations.create(customer=shapes.CustomerRef(), channel_id=-1)
    assert [each.where.rpartition(".")[2] for each in wrong.value.errors] == ["channel_id"]
    with Regulars(address, key="api_guessed") as stranger, pytest.raises(errors.NoKey):
        stranger.conversations.read(world["conversation_id"])


class Dropping:
    """A way to the server that hands the first calls over and then hangs up before anybody hears the answer."""

    def __init__(self, address: str, drops: int) -> None:
        self.to = ("127.0.0.1", int(address.rpartition(":")[2]))
        self.left = drops
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self.listener.accept()
            except OSError:
                return
            with caller, socket.create_connection(self.to) as server:
                server.sendall(_whole(caller).replace(b"Connection: keep-alive", b"Connection: close"))
                answer = b"".join(iter(lambda: server.recv(65536), b""))
                if self.left > 0:
                    self.left -= 1
                else:
                    caller.sendall(answer)


def _whole(caller: socket.socket) -> bytes:
    """One call with its body."""
    head, body = b"", b""
    while b"\r\n\r\n" not in head:
        head += caller.recv(65536)
    head, _, body = head.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    while length and len(body) < int(length[1]):
        body += caller.recv(65536)
    return head + b"\r\n\r\n" + body


def test_a_reply_is_sent_once_however_often_the_line_drops(address: str, key: str, world: dict[str, Any]) -> None:
    before = Message.objects.count()
    line = Dropping(address, drops=2)
    with Regulars(line.address, key=key, timeout_seconds=10) as desk:
        desk._own._sleep = lambda seconds: None
        sent = desk.messages.create(world["conversation_id"], text="On its way.")
        again = desk.messages.create(world["conversation_id"], text="Once.", idempotency_key="mine")
        assert desk.messages.create(world["conversation_id"], text="Once.", idempotency_key="mine") == again
    line.listener.close()
    assert sent.text == "On its way."
    assert line.left == 0
    assert Message.objects.count() == before + 2
