"""When mail does not leave: what is said, and what is kept."""

from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from regulars.accounts.models import Agent
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_signing_in import CODE, by_password, is_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Any, fail_silently: bool = False) -> int:
        raise SMTPServerDisconnected("gone")

    monkeypatch.setattr(EmailMultiAlternatives, "send", fail)


def test_a_code_that_cannot_be_sent_is_said_kindly_and_alike_for_everybody(cast: dict[str, Agent]) -> None:
    answers = [Client().post(CODE, {"email": f"{name}@shop.example"}) for name in ("ines", "nobody")]
    assert [answer.status_code for answer in answers] == [503, 503]
    for answer in answers:
        assert "The mail could not be sent just now" in answer.content.decode()


def test_a_new_password_counts_even_when_the_notice_of_it_cannot_be_sent(cast: dict[str, Agent]) -> None:
    by_password(client := Client(), "ines@shop.example")
    new = "eleven brass lanterns sway"
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/account/password/change/", sent).status_code == 302
    by_password(fresh := Client(), "ines@shop.example", new)
    assert is_in(fresh)
