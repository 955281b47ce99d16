"""What the client does without a server: patience, proof of webhooks, and being what the API's description says."""

import asyncio
import base64
import hmac
import inspect
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from regulars_client import Changed, NotSigned, errors, shapes, verify_webhook
from regulars_client.async_calls import Groups as AsyncGroups
from regulars_client.async_core import AsyncCore
from regulars_client.calls import Groups
from regulars_client.core import LONGEST_PAUSE, Core, path_of

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
BODY = b'{"id": "desk-step:17", "type": "conversation resolved", "timestamp": "2026-11-20T09:41:00Z", "data": {"a": 1}}'
TEAM = b'{"items": [{"id": 2, "name": "Orders", "is_open": true, "agent_ids": [], "colour": "new"}], "next": null}'


def signed(secret: str = SECRET, *, at: int = 1000, body: bytes = BODY) -> dict[str, str]:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    proof = base64.b64encode(hmac.digest(key, b"desk-step:17.%d." % at + body, "sha256")).decode()
    return {"Webhook-Id": "desk-step:17", "Webhook-Timestamp": str(at), "Webhook-Signature": f"v1,{proof}"}


def calling(answer: Callable[[httpx.Request], httpx.Response], *, retries: int = 4) -> tuple[Groups, list[float]]:
    """The client with somebody else in the server's place, and how long it waited."""
    pauses: list[float] = []
    core = Core(
        "https://desk.example", key="k", retries=retries, transport=httpx.MockTransport(answer), sleep=pauses.append
    )
    return Groups(core), pauses


def in_turn(*answers: httpx.Response | Exception) -> Callable[[httpx.Request], httpx.Response]:
    left = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        said = left.pop(0)
        if isinstance(said, Exception):
            raise said
        return said

    return answer


def test_the_twin_for_await_is_as_patient(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = in_turn(httpx.ConnectError("down"), problem(429, Retry_After="7"), httpx.Response(200, content=TEAM))
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    async def look() -> list[str]:
        core = AsyncCore("https://desk.example", key="k", transport=httpx.MockTransport(answers), sleep=sleep)
        return [team.name async for team in AsyncGroups(core).teams.list()]

    assert asyncio.run(look()) == ["Orders"]
    assert len(pauses) == 2 and pauses[0] < 1 and pauses[1] == 7


def test_the_twin_for_await_has_every_call_with_the_same_words() -> None:
    core, waiting = Core("https://desk.example", key="k"), AsyncCore("https://desk.example", key="k")
    for name, group in vars(Groups(core)).items():
        twin = getattr(AsyncGroups(waiting), name)
        verbs = [verb for verb, _ in inspect.getmembers(group, inspect.ismethod) if not verb.startswith("_")]
        for verb in verbs:
            here, there = (inspect.signature(getattr(each, verb)) for each in (group, twin))
            assert here.parameters == there.parameters, (name, verb)


def problem(status: int, code: str = "x", **headers: str) -> httpx.Response:
    said = {"type": "about:blank", "status": status, "code": code, "detail": "No."}
    return httpx.Response(status, json=said, headers={name.replace("_", "-"): one for name, one in headers.items()})


def test_it_waits_as_long_as_it_is_asked_to_and_a_little_longer_each_time() -> None:
    good = httpx.Response(200, content=TEAM)
    answers = (
        httpx.ConnectError("down"),
        problem(503),
        problem(429, Retry_After="7"),
        problem(429, Retry_After="9999"),
    )
    desk, pauses = calling(in_turn(*answers, good))
    assert [team.name for team in desk.teams.list()] == ["Orders"]
    assert 0.125 <= pauses[0] <= 0.25 <= pauses[1] <= 0.5
    assert pauses[2:] == [7.0, LONGEST_PAUSE]


def test_it_gives_up_in_the_end_and_says_so() -> None:
    desk, _ = calling(in_turn(*[httpx.ConnectError("down")] * 3), retries=2)
    with pytest.raises(errors.Unreachable, match=r"desk\.example did not answer: down"):
        list(desk.teams.list())
    desk, pauses = calling(in_turn(problem(429), problem(429, "too-often")), retries=1)
    with pytest.raises(errors.TooOften):
        list(desk.teams.list())
    assert len(pauses) == 1
    desk, _ = calling(lambda request: httpx.Response(502, content=b"<html>"), retries=0)
    with pytest.raises(errors.Broken, match="502"):
        list(desk.teams.list())


def test_what_is_refused_is_not_tried_again() -> None:
    for status, kind in ((401, errors.NoKey), (403, errors.NotAllowed), (404, errors.NotFound), (409, errors.Conflict),
                         (413, errors.Invalid), (422, errors.Invalid), (418, errors.Refused)):  # fmt: skip
        desk, pauses = calling(in_turn(problem(status)))
        with pytest.raises(kind) as refusal:
            desk.targets.read()
        assert (refusal.value.status, refusal.value.code, pauses) == (status, "x", [])


def test_every_write_is_repeated_with_the_key_it_began_with() -> None:
    keys: list[str] = []
    shown = {**_notice(), "colour": "new"}

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["Idempotency-Key"])
        if len(keys) == 1:
            raise httpx.ReadError("hung up")
        return httpx.Response(202, json=shown, headers={"ETag": '"1"'})

    desk, _ = calling(answer)
    assert desk.webhooks.test(1).etag == '"1"'
    desk.webhooks.test(1)
    assert keys[0] == keys[1] != keys[2]
    desk.webhooks.test(1, idempotency_key="mine")
    assert keys[3] == "mine"


def _notice() -> dict[str, Any]:
    at = "2026-11-20T09:41:00Z"
    return {
        "id": 9, "event_id": "e", "event": "webhook test", "state": "queued", "body": {}, "created_at": at,
        "due_at": at, "settled_at": None, "attempts": 0, "answer_status": None, "answer": "",
    }  # fmt: skip


def test_a_change_that_may_be_its_own_says_so() -> None:
    desk, _ = calling(in_turn(httpx.ReadError("hung up"), problem(412, "has-changed")))
    with pytest.raises(Changed) as refusal:
        desk.conversations.change(7, priority="high", if_match='"1"')
    assert refusal.value.may_be_ours


def test_names_may_have_any_letters() -> None:
    assert path_of("/a/{name}", name="a/b ü?") == "/a/a%2Fb%20%C3%BC%3F"


def test_a_notice_is_known_by_its_signature() -> None:
    notice = verify_webhook(BODY, signed(), SECRET, now=1100)
    assert (notice.id, notice.type, notice.data) == ("desk-step:17", "conversation resolved", {"a": 1})
    other = "whsec_" + base64.b64encode(b"o" * 32).decode()
    assert verify_webhook(BODY, signed(other), [SECRET, other], now=1000)
    both = {**signed(), "Webhook-Signature": f"{signed(other)['Webhook-Signature']} {signed()['Webhook-Signature']}"}
    assert verify_webhook(BODY, both, SECRET, now=1000)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (BODY + b" ", signed()),
        (BODY, signed("whsec_" + base64.b64encode(b"o" * 32).decode())),
        (BODY, signed(at=600)),
        (BODY, signed(at=1400)),
        (BODY, {**signed(), "Webhook-Id": "desk-step:18"}),
        (BODY, {**signed(), "Webhook-Signature": ""}),
        (BODY, {**signed(), "Webhook-Timestamp": "soon"}),
        (BODY, {}),
    ],
)
def test_what_was_not_signed_so_is_no_notice(body: bytes, headers: dict[str, str]) -> None:
    with pytest.raises(NotSigned):
        verify_webhook(body, headers, SECRET, now=1000)


def test_the_calls_and_shapes_are_what_the_description_says(described: dict[str, Any]) -> None:
    from importlib.util import module_from_spec, spec_from_file_location
    from pathlib import Path

    place = Path(__file__).resolve().parents[1] / "generate.py"
    spec = spec_from_file_location("generate", place)
    assert spec and spec.loader
    generate = module_from_spec(spec)
    spec.loader.exec_module(generate)
    for name, text in generate.written(described).items():
        kept = (generate.PACKAGE / name).read_text("utf-8")
        assert kept == text, f"{name}: run packages/client/generate.py and commit the file"


def test_what_comes_back_cannot_be_changed_by_mistake() -> None:
    named = shapes.Agent(id=3, name="Ines")
    with pytest.raises(AttributeError):
        named.name = "Bo"  # type: ignore[misc]
