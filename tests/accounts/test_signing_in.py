"""Signing in by password, by code and with a second factor; nobody learns who is a colleague."""

import base64
import hmac
import re
import struct
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import identify_hasher
from django.core import mail
from django.test import Client

from regulars.accounts.actions import agents
from regulars.accounts.models import Agent, AuditEntry
from regulars.kernel.actors import SYSTEM
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN, CODE, CONFIRM = "/account/login/", "/account/login/code/", "/account/login/code/confirm/"


def is_in(client: Client) -> bool:
    return client.get("/settings/security/").status_code == 200


def by_password(client: Client, email: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post(LOGIN, {"login": email, "password": password}, **more)


def without_token(page: str) -> str:
    """A page but for what differs on every answer."""
    return re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"', "", page)


def acts() -> list[tuple[str, str, str]]:
    return list(AuditEntry.objects.exclude(verb="agent added").order_by("pk").values_list("verb", "actor", "subject"))


def test_an_agent_signs_in_with_address_and_password_whatever_the_case(cast: dict[str, Agent]) -> None:
    client = Client()
    answer = by_password(client, "INES@shop.example")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_in(client)
    assert acts() == [("signed in", f"agent:{cast['ines'].pk}", "")]


def test_passwords_are_kept_with_argon2() -> None:
    agent = agents.add("ines@shop.example", role="agent", password=PASSWORD, by=SYSTEM)
    assert identify_hasher(agent.password).algorithm == "argon2"


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(cast: dict[str, Agent]) -> None:
    known = by_password(Client(), "ines@shop.example", "not the password")
    unknown = by_password(Client(), "nobody@shop.example", "not the password")
    assert known.status_code == unknown.status_code == 200
    assert without_token(known.content.decode()).replace("ines@", "nobody@") == without_token(unknown.content.decode())
    assert acts() == [("sign-in failed", "system", f"agent:{cast['ines'].pk}"), ("sign-in failed", "system", "")]
    assert "nobody" not in str(AuditEntry.objects.values())


def test_an_agent_signs_in_with_a_code_from_the_mail(cast: dict[str, Agent]) -> None:
    client = Client()
    asked = client.post(CODE, {"email": "ines@shop.example"})
    assert (asked.status_code, asked["Location"]) == (302, CONFIRM)
    (message,) = mail.outbox
    assert message.to == ["ines@shop.example"]
    code = re.search(r"^    (\S+)$", message.body, re.MULTILINE)
    assert code is not None
    assert not is_in(client)
    assert client.post(CONFIRM, {"code": code[1]}).status_code == 302
    assert is_in(client)
    again = Client()
    again.post(CONFIRM, {"code": code[1]})
    assert not is_in(again)


def test_three_wrong_codes_and_the_code_is_worth_nothing(cast: dict[str, Agent]) -> None:
    client = Client()
    client.post(CODE, {"email": "ines@shop.example"})
    code = re.search(r"^    (\S+)$", mail.outbox[0].body, re.MULTILINE)
    assert code is not None
    for _ in range(3):
        client.post(CONFIRM, {"code": "WRONG1"})
    client.post(CONFIRM, {"code": code[1]})
    assert not is_in(client)
    failed = AuditEntry.objects.filter(verb="sign-in failed", details={"by": "code"})
    assert set(failed.values_list("subject", flat=True)) == {f"agent:{cast['ines'].pk}"}
    assert failed.count() == 3


def test_asking_for_a_code_tells_nothing_of_who_is_a_colleague(cast: dict[str, Agent]) -> None:
    known, unknown = Client(), Client()
    answers = [
        client.post(CODE, {"email": email})
        for client, email in ((known, "ines@shop.example"), (unknown, "nobody@shop.example"))
    ]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, CONFIRM)] * 2
    pages = [without_token(client.get(CONFIRM).content.decode()) for client in (known, unknown)]
    assert pages[0].replace("ines@", "nobody@") == pages[1]
    assert [(message.to, len(message.body) > 50) for message in mail.outbox] == [
        (["ines@shop.example"], True),
        (["nobody@shop.example"], True),
    ]
    assert "invite you" in mail.outbox[1].body


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_signs_up_unasked(method: str) -> None:
    sent = {"email": "eve@shop.example", "password1": PASSWORD, "password2": PASSWORD}
    answer = getattr(Client(), method)("/account/signup/", sent)
    assert answer.status_code == 200
    assert "password1" not in answer.content.decode()
    assert not Agent.objects.exists()


def test_an_agent_whose_access_ended_gets_neither_in_nor_a_code(cast: dict[str, Agent]) -> None:
    agents.deactivate(cast["bo"].pk, by=SYSTEM)
    client = Client()
    by_password(client, "bo@shop.example")
    assert not is_in(client)
    client.post(CODE, {"email": "bo@shop.example"})
    assert "your code" not in mail.outbox[0].body
    assert not is_in(client)


def test_a_forgotten_password_is_replaced_with_a_code_from_the_mail(cast: dict[str, Agent]) -> None:
    client = Client()
    client.post("/account/password/reset/", {"email": "ines@shop.example"})
    code = re.search(r"^    (\S+)$", mail.outbox[0].body, re.MULTILINE)
    assert code is not None
    client.post("/account/password/reset/confirm/", {"code": code[1]})
    new = "eleven brass lanterns sway"
    client.post("/account/password/reset/complete/", {"password1": new, "password2": new})
    by_password(old := Client(), "ines@shop.example")
    by_password(fresh := Client(), "ines@shop.example", new)
    assert (is_in(old), is_in(fresh)) == (False, True)
    assert AuditEntry.objects.filter(verb="sign-in changed", details={"what": "password_reset"}).count() == 1
    assert mail.outbox[-1].to == ["ines@shop.example"]


def test_signing_out_is_a_post_and_ends_the_session(cast: dict[str, Agent]) -> None:
    by_password(client := Client(), "ines@shop.example")
    client.get("/account/logout/")
    assert is_in(client)
    client.post("/account/logout/")
    assert not is_in(client)
    assert acts()[-1] == ("signed out", f"agent:{cast['ines'].pk}", "")


def test_a_next_address_on_another_site_is_not_followed(cast: dict[str, Agent]) -> None:
    sent = {"login": "ines@shop.example", "password": PASSWORD, "next": "https://evil.example/"}
    answer = Client().post(LOGIN, sent)
    assert (answer.status_code, answer["Location"]) == (302, "/")


def totp(secret: str) -> str:
    """RFC 6238, by hand: six digits of the present half minute."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), "sha1")
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def with_app(client: Client) -> str:
    """Add an authenticator app; the secret as the page shows it."""
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate/")
    secret = page.context["form"].secret
    answer = client.post("/account/2fa/totp/activate/", {"code": totp(secret)})
    assert answer.status_code == 302, answer.content.decode()
    return secret


def test_a_second_factor_is_asked_for_and_kept_encrypted(cast: dict[str, Agent]) -> None:
    by_password(client := Client(), "ines@shop.example")
    secret = with_app(client)
    assert secret not in str(Authenticator.objects.values())
    by_password(other := Client(), "ines@shop.example")
    assert not is_in(other)
    other.post("/account/2fa/authenticate/", {"code": "000000"})
    assert not is_in(other)
    failed = AuditEntry.objects.get(verb="sign-in failed", details={"by": "second factor"})
    assert failed.subject == f"agent:{cast['ines'].pk}"


def test_a_recovery_code_works_once(cast: dict[str, Agent]) -> None:
    by_password(client := Client(), "ines@shop.example")
    with_app(client)
    client.post("/account/2fa/recovery-codes/generate/")
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    for expected in (True, False):
        by_password(other := Client(), "ines@shop.example")
        other.post("/account/2fa/authenticate/", {"code": codes[0]})
        assert is_in(other) is expected


def test_the_second_factor_needs_fresh_proof_to_be_changed(cast: dict[str, Agent]) -> None:
    by_password(client := Client(), "ines@shop.example")
    answer = client.get("/account/2fa/totp/activate/")
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/account/reauthenticate/")
    assert not Authenticator.objects.exists()
