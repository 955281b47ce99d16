"""The first owner comes in through a one-time link."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client

from regulars.accounts import selectors
from regulars.accounts.actions import agents, first_owner
from regulars.accounts.errors import AgentExists, LinkOver, UnusableEmail, UnusableName, UnusablePassword
from regulars.accounts.models import Agent, AuditEntry, OneTimeLink
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM
from tests.accounts.conftest import PASSWORD
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
OLGA = {"name": "Olga", "email": "Olga@Shop.example", "password": PASSWORD}


def token_of(link: str | None) -> str:
    assert link is not None
    return link.rstrip("/").rpartition("/")[2]


def test_the_link_is_on_the_public_address_and_only_its_hash_is_kept() -> None:
    link = first_owner.link()
    assert link is not None
    assert link.startswith(settings.PUBLIC_URL + "/welcome/owner/")
    assert token_of(link) not in str(OneTimeLink.objects.values())


def test_the_sign_in_says_where_the_link_is_until_there_is_an_owner(client: Client) -> None:
    assert "Nobody has an account here yet" in client.get("/account/login/").content.decode()
    first_owner.claim(token_of(first_owner.link()), **OLGA)
    assert "Nobody has an account here yet" not in client.get("/account/login/").content.decode()


def test_claiming_makes_a_verified_owner_and_uses_the_link_up() -> None:
    token = token_of(first_owner.link())
    owner = first_owner.claim(token, **OLGA)
    assert (owner.email, owner.role, owner.check_password(PASSWORD)) == ("olga@shop.example", "owner", True)
    address = EmailAddress.objects.get(user=owner)
    assert (address.email, address.verified, address.primary) == ("olga@shop.example", True, True)
    assert AuditEntry.objects.values_list("verb", "actor").get() == ("owner created", f"agent:{owner.pk}")
    with pytest.raises(LinkOver):
        first_owner.claim(token, **{**OLGA, "email": "eve@shop.example"})
    assert Agent.objects.count() == 1


def test_there_is_no_link_once_there_is_an_owner() -> None:
    agents.add("olga@shop.example", role="owner", by=SYSTEM)
    assert first_owner.link() is None


def test_a_new_link_replaces_the_old() -> None:
    old, new = token_of(first_owner.link()), token_of(first_owner.link())
    with pytest.raises(LinkOver):
        first_owner.claim(old, **OLGA)
    assert first_owner.claim(new, **OLGA).role == "owner"


def test_the_link_expires_after_a_day() -> None:
    with clock.frozen(NOON):
        token = token_of(first_owner.link())
    with clock.frozen(NOON + timedelta(hours=24)), pytest.raises(LinkOver):
        first_owner.claim(token, **OLGA)
    assert not Agent.objects.exists()
    with clock.frozen(NOON + timedelta(hours=23, minutes=59)):
        assert first_owner.claim(token, **OLGA).role == "owner"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"email": "nobody"}, UnusableEmail),
        ({"name": " "}, UnusableName),
        ({"name": "O\nlga"}, UnusableName),
        ({"password": ""}, UnusablePassword),
        ({"password": "password1234"}, UnusablePassword),
        ({"password": "olga@shop.example"}, UnusablePassword),
    ],
)
def test_what_cannot_be_used_is_refused_and_the_link_still_works(change: dict[str, str], error: type) -> None:
    token = token_of(first_owner.link())
    with pytest.raises(error):
        first_owner.claim(token, **{**OLGA, **change})
    assert not Agent.objects.exists()
    assert selectors.is_first_owner_link(token)


def test_an_address_that_is_taken_is_refused() -> None:
    agents.add("olga@shop.example", role="agent", by=SYSTEM)
    token = token_of(first_owner.link())
    with pytest.raises(AgentExists):
        first_owner.claim(token, **OLGA)
    assert Agent.objects.filter(role="owner").count() == 0


def test_the_page_signs_the_owner_in() -> None:
    client, link = Client(), first_owner.link()
    assert link is not None
    page = client.get(link)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    answer = client.post(link, OLGA)
    assert (answer.status_code, answer["Location"]) == (302, "/welcome/ready/")
    assert client.get("/welcome/ready/").status_code == 200
    assert AuditEntry.objects.filter(verb="signed in").values_list("details", flat=True).get() == {
        "by": ["first owner link"]
    }
    assert Client().get(link).status_code == 410


def test_the_page_says_what_is_wrong_beside_the_field_and_keeps_what_was_typed() -> None:
    client, link = Client(), first_owner.link()
    assert link is not None
    answer = client.post(link, {**OLGA, "password": "heron"})
    assert answer.status_code == 200
    assert "at least 12 characters" in answer.content.decode()
    assert 'value="Olga"' in answer.content.decode()
    assert "heron" not in answer.content.decode()
    assert not Agent.objects.exists()
