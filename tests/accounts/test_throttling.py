"""Sign-in is throttled by account and by address, whichever process answers."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from psycopg.conninfo import make_conninfo

from regulars.accounts.models import Agent
from tests.accounts.test_signing_in import CODE, LOGIN, by_password, is_in


@pytest.fixture(autouse=True)
def quick_wrong_passwords(settings: Any) -> None:
    """Hashing is slow on purpose; these stories are about counting."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


@pytest.mark.django_db
def test_after_five_wrong_passwords_an_account_waits_even_for_the_right_one_from_anywhere(
    cast: dict[str, Agent],
) -> None:
    for number in range(5):
        by_password(Client(), "ines@shop.example", "wrong", REMOTE_ADDR=f"192.0.2.{number}")
    answer = by_password(client := Client(), "ines@shop.example", REMOTE_ADDR="192.0.2.99")
    assert not is_in(client)
    assert "Too many" in answer.content.decode()
    by_password(other := Client(), "bo@shop.example", REMOTE_ADDR="192.0.2.99")
    assert is_in(other)


@pytest.mark.django_db
def test_an_unknown_address_is_throttled_like_a_known_one(cast: dict[str, Agent]) -> None:
    for _ in range(5):
        by_password(Client(), "nobody@shop.example", "wrong")
    assert "Too many" in by_password(Client(), "nobody@shop.example", "wrong").content.decode()


@pytest.mark.django_db
def test_one_address_cannot_try_many_accounts(cast: dict[str, Agent]) -> None:
    for number in range(20):
        by_password(Client(), f"guess{number}@shop.example", "wrong", REMOTE_ADDR="192.0.2.7")
    answer = by_password(client := Client(), "ines@shop.example", REMOTE_ADDR="192.0.2.7")
    assert "Too many" in answer.content.decode()
    assert not is_in(client)
    by_password(elsewhere := Client(), "ines@shop.example", REMOTE_ADDR="192.0.2.8")
    assert is_in(elsewhere)


@pytest.mark.django_db
def test_what_a_visitor_writes_into_a_header_does_not_pass_for_another_address(cast: dict[str, Agent]) -> None:
    for number in range(20):
        headers = {"X-Forwarded-For": f"198.51.100.{number}", "X-Real-IP": f"198.51.100.{number}"}
        by_password(Client(headers=headers), f"guess{number}@shop.example", "wrong")
    assert "Too many" in by_password(Client(), "ines@shop.example").content.decode()


@pytest.mark.django_db
def test_nobody_is_flooded_with_codes(cast: dict[str, Agent]) -> None:
    answers = [Client().post(CODE, {"email": "ines@shop.example"}).status_code for _ in range(5)]
    assert answers == [302, 302, 302, 200, 200]
    assert len(mail.outbox) == 3


@pytest.mark.django_db
def test_whoever_knocks_too_often_is_told_how_long_to_wait() -> None:
    answers = [Client().post(LOGIN, {"login": "", "password": ""}, REMOTE_ADDR="192.0.2.9") for _ in range(31)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    assert answers[-1]["Retry-After"] == "60"
    assert "Wait a minute" in answers[-1].content.decode()


ASK = """
import django
django.setup()
from django.test import RequestFactory
from allauth.core.internal import ratelimit
asked = [bool(ratelimit.consume(RequestFactory().post("/", REMOTE_ADDR="192.0.2.50"), app="allauth.account",
                                action="login_failed", key="ines")) for _ in range(5)]
print(sum(asked))
"""


@pytest.mark.django_db(transaction=True)
def test_processes_count_together() -> None:
    """Three processes ask five times each at the same time; five in all are let through."""
    database = connection.settings_dict
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "regulars.settings",
        "REGULARS_DATABASE_URL": make_conninfo(os.environ["REGULARS_DATABASE_URL"], dbname=database["NAME"]),
    }

    def ask() -> int:
        done = subprocess.run([sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return int(done.stdout)

    with ThreadPoolExecutor(3) as pool:
        let_through = [future.result() for future in [pool.submit(ask) for _ in range(3)]]
    cache.clear()
    assert sum(let_through) == 5
