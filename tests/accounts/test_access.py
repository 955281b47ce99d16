"""Capabilities and fresh proof, as views ask for them."""

import time
from typing import Any

import pytest
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from regulars.accounts.actions import agents
from regulars.accounts.models import Agent
from regulars.kernel.actors import SYSTEM
from regulars.kernel.errors import NotAllowed
from regulars.web.access import freshly_proven, may, requires

pytestmark = pytest.mark.django_db


def asked_by(agent: Any, *, signed_in_seconds_ago: float | None = None, method: str = "get") -> HttpRequest:
    request = getattr(RequestFactory(), method)("/settings/keys/?q=1")
    request.user, request.session = agent, SessionStore()
    if signed_in_seconds_ago is not None:
        record = {"method": "code", "at": time.time() - signed_in_seconds_ago}
        request.session["account_authentication_methods"] = [record]
        request.session["account_authentication_methods_user"] = str(agent.pk)
    return request


def done(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


def test_a_capability_opens_and_its_lack_refuses(cast: dict[str, Agent]) -> None:
    guarded = requires("see_audit")(done)
    assert guarded(asked_by(cast["mia"])).content == b"done"  # type: ignore[attr-defined]
    for nobody in (cast["ines"], AnonymousUser()):
        with pytest.raises(NotAllowed):
            guarded(asked_by(nobody))
        assert not may(asked_by(nobody), "see_audit")


def test_a_capability_that_does_not_exist_is_a_mistake_found_at_once() -> None:
    with pytest.raises(KeyError):
        requires("see_everything")


def test_an_agent_with_a_password_is_asked_for_it_even_right_after_signing_in(cast: dict[str, Agent]) -> None:
    with pytest.raises(ReauthenticationRequired):
        freshly_proven(done)(asked_by(cast["ines"], signed_in_seconds_ago=1))


@pytest.mark.parametrize(("seconds", "answer"), [(10, 200), (299, 200), (301, 302), (None, 302)])
def test_an_agent_who_only_has_codes_must_have_signed_in_minutes_ago(seconds: float | None, answer: int) -> None:
    eva = agents.add("eva@shop.example", role="owner", by=SYSTEM)
    request = asked_by(eva, signed_in_seconds_ago=seconds)
    got = freshly_proven(done)(request)
    assert got.status_code == answer
    if answer == 302:
        assert got["Location"] == "/account/login/?next=%2Fsettings%2Fkeys%2F%3Fq%3D1"
        assert not request.user.is_authenticated


def test_a_refusal_tells_a_part_of_a_page_without_the_shell(cast: dict[str, Agent]) -> None:
    client = Client()
    client.force_login(cast["ines"], backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/settings/people/", headers={"HX-Request": "true"})
    assert answer.status_code == 403
    assert "<html" not in answer.content.decode()
    assert "Ask an owner or a manager" in answer.content.decode()
