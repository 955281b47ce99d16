"""How sign-in is configured, as Django and django-allauth themselves judge it."""

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.test import Client

from regulars.accounts.models import Agent, AuditEntry
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_signing_in import by_password, is_in


def test_nothing_in_the_configuration_is_objected_to() -> None:
    call_command("check", fail_level="WARNING")


def configured(**environment: str) -> dict[str, Any]:
    """The settings a fresh process reads with this environment."""
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN")
    ask = f"import json; from regulars import settings as s; print(json.dumps({{n: getattr(s, n) for n in {names}}}))"
    done = subprocess.run(
        [sys.executable, "-c", ask], env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("address", "is_secure"), [("https://care.shop.example", True), ("http://localhost:8000", False)]
)
def test_cookies_and_passkeys_are_strict_wherever_the_address_is_https(address: str, is_secure: bool) -> None:
    assert configured(REGULARS_PUBLIC_URL=address) == {
        "SESSION_COOKIE_SECURE": is_secure,
        "CSRF_COOKIE_SECURE": is_secure,
        "SECURE_HSTS_SECONDS": 31_536_000 if is_secure else 0,
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": not is_secure,
    }


def test_every_page_needs_sign_in_by_default() -> None:
    order = settings.MIDDLEWARE
    signing_in = order.index("regulars.web.middleware.SignInMiddleware")
    assert signing_in > order.index("regulars.web.middleware.WhoAsksMiddleware")


@pytest.mark.django_db
def test_a_new_address_counts_once_its_code_was_typed(cast: dict[str, Agent]) -> None:
    by_password(client := Client(), "ines@shop.example")
    client.post("/account/email/", {"action_add": "", "email": "Ines.New@shop.example"})
    assert Agent.objects.get(pk=cast["ines"].pk).email == "ines@shop.example"
    code = re.search(r"^    (\S+)$", mail.outbox[0].body, re.MULTILINE)
    assert (mail.outbox[0].to, code is not None) == (["ines.new@shop.example"], True)
    assert code is not None
    client.post("/account/confirm-email/", {"code": code[1]})
    assert Agent.objects.get(pk=cast["ines"].pk).email == "ines.new@shop.example"
    assert AuditEntry.objects.filter(verb="sign-in changed", details={"what": "email_changed"}).count() == 1
    by_password(old := Client(), "ines@shop.example")
    by_password(new := Client(), "ines.new@shop.example", PASSWORD)
    assert (is_in(old), is_in(new)) == (False, True)


@pytest.mark.django_db
def test_a_new_address_that_is_a_colleagues_changes_nothing(cast: dict[str, Agent]) -> None:
    by_password(client := Client(), "ines@shop.example")
    client.post("/account/email/", {"action_add": "", "email": "BO@shop.example"})
    assert sorted(Agent.objects.values_list("email", flat=True)) == sorted(f"{name}@shop.example" for name in cast)
