"""A link that signs one agent in, once, for ten minutes."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from regulars.accounts.actions import agents, one_time_links
from regulars.accounts.errors import LinkOver
from regulars.accounts.models import Agent, AuditEntry, OneTimeLink
from regulars.accounts.tasks import tidy
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM
from regulars.kernel.errors import NotAllowed, NotFound
from tests.accounts.test_first_owner import token_of
from tests.accounts.test_signing_in import by_password as signed
from tests.accounts.test_signing_in import is_in, with_app
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


def test_looking_at_the_link_does_not_use_it_up_and_pressing_the_button_does(cast: dict[str, Agent]) -> None:
    link = one_time_links.sign_in_link("ines@shop.example")
    client = Client()
    for method in ("get", "head", "get"):
        assert getattr(Client(), method)(link).status_code == 200
    assert client.post(link).status_code == 302
    assert is_in(client)
    assert (Client().get(link).status_code, Client().post(link).status_code) == (410, 410)
    assert list(AuditEntry.objects.filter(verb="signed in").values_list("details", flat=True)) == [
        {"by": ["one-time link"]}
    ]


def test_the_link_expires_after_ten_minutes(cast: dict[str, Agent]) -> None:
    with clock.frozen(NOON):
        token = token_of(one_time_links.sign_in_link("ines@shop.example"))
    with clock.frozen(NOON + timedelta(minutes=10)), pytest.raises(LinkOver):
        one_time_links.redeem(token)
    assert OneTimeLink.objects.get().used_at is None
    with clock.frozen(NOON + timedelta(minutes=9)):
        assert one_time_links.redeem(token) == cast["ines"]


def test_there_is_no_link_for_nobody_or_somebody_whose_access_ended(cast: dict[str, Agent]) -> None:
    link = one_time_links.sign_in_link("bo@shop.example")
    agents.deactivate(cast["bo"].pk, by=SYSTEM)
    assert Client().post(link).status_code == 410
    for email in ("bo@shop.example", "nobody@shop.example"):
        with pytest.raises(NotFound):
            one_time_links.sign_in_link(email)
    assert OneTimeLink.objects.count() == 1


def test_a_second_factor_is_still_asked_for(cast: dict[str, Agent]) -> None:
    signed(first := Client(), "ines@shop.example")
    with_app(first)
    client = Client()
    answer = client.post(one_time_links.sign_in_link("ines@shop.example"))
    assert answer["Location"] == "/account/2fa/authenticate/"
    assert not is_in(client)


def test_an_agent_who_lost_their_second_factor_gets_in_once_it_is_reset(cast: dict[str, Agent]) -> None:
    signed(first := Client(), "ines@shop.example")
    with_app(first)
    with pytest.raises(NotAllowed):
        agents.reset_second_factor(cast["ines"].pk, by=cast["bo"].actor)
    assert is_in(first)
    agents.reset_second_factor(cast["ines"].pk, by=cast["mia"].actor)
    assert not is_in(first)
    signed(again := Client(), "ines@shop.example")
    assert is_in(again)
    agents.reset_second_factor(cast["ines"].pk, by=cast["mia"].actor)
    assert AuditEntry.objects.filter(verb="second factor reset").count() == 1


def test_only_an_owner_resets_an_owners_second_factor(cast: dict[str, Agent]) -> None:
    signed(first := Client(), "olga@shop.example")
    with_app(first)
    with pytest.raises(NotAllowed):
        agents.reset_second_factor(cast["olga"].pk, by=cast["mia"].actor)
    assert Authenticator.objects.filter(user=cast["olga"]).exists()
    agents.reset_second_factor(cast["olga"].pk, by=SYSTEM)
    assert not Authenticator.objects.exists()


def test_expired_links_are_tidied_away(cast: dict[str, Agent]) -> None:
    with clock.frozen(NOON):
        one_time_links.sign_in_link("ines@shop.example")
    one_time_links.sign_in_link("bo@shop.example")
    tidy(0)
    assert OneTimeLink.objects.values_list("agent_id", flat=True).get() == cast["bo"].pk
