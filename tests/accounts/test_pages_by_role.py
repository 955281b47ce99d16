"""Each page and each act of the settings, as nobody and as each role."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from regulars.accounts import selectors
from regulars.accounts.actions import invitations, keys
from regulars.accounts.models import Agent, AuditEntry, Invitation, Key
from regulars.kernel.actors import SYSTEM
from regulars.kernel.models import PageSetting
from tests.accounts.conftest import CAST, PASSWORD

ROLES = {"olga": "owner", "mia": "manager", "ines": "agent", "ann": "analyst"}
EVERYBODY, LEADS, OWNERS = set(ROLES), {"olga", "mia"}, {"olga"}


class Door(NamedTuple):
    """A page (GET) or an act (POST), who may pass, and how far those who may get."""

    method: str
    address: str
    may: set[str]
    answer: int = 200
    sent: dict[str, str] = {}
    needs_proof: bool = False


DOORS = [
    Door("get", "settings:index", EVERYBODY),
    Door("get", "settings:security", EVERYBODY),
    Door("post", "settings:security", EVERYBODY, 302, {"name": "New Name"}),
    Door("get", "settings:people", LEADS),
    Door("post", "settings:invitations", LEADS, 200, {"email": "new@shop.example", "role": "agent"}),
    Door("post", "settings:invitation_revocation", LEADS, 302),
    Door("post", "settings:role", LEADS, 302, {"role": "analyst"}, True),
    Door("post", "settings:deactivation", LEADS, 302, {}, True),
    Door("post", "settings:reactivation", LEADS, 302, {}, True),
    Door("post", "settings:second_factor_reset", LEADS, 302, {}, True),
    Door("get", "settings:company", LEADS),
    Door("post", "settings:company", LEADS, 302, {"currency": "USD", "time_zone": "UTC", "week_starts": "monday"}),
    Door("get", "settings:keys", OWNERS),
    Door("post", "settings:keys", OWNERS, 200, {"name": "Shop", "kind": "server"}),
    Door("post", "settings:key_revocation", OWNERS, 302, {}, True),
    Door("get", "settings:key_secret", OWNERS, 200, {}, True),
    Door("get", "settings:rejected", OWNERS),
    Door("get", "settings:audit", LEADS),
    Door("get", "settings:audit_csv", LEADS),
]
CASES = [pytest.param(door, name, id=f"{door.method} {door.address} as {ROLES.get(name, 'nobody')}")
         for door in DOORS for name in ["nobody", *ROLES]]  # fmt: skip


@pytest.fixture
def targets(cast: dict[str, Agent]) -> dict[str, int]:
    """What the acts are tried on: Bo, an invitation, a browser key."""
    invitations.invite("eva@shop.example", role="agent", by=SYSTEM)
    keys.create("browser", name="Storefront", by=SYSTEM)
    return {"people": cast["bo"].pk, "invitation": Invitation.objects.get().pk, "key": Key.objects.get().pk}


def url(door: Door, targets: dict[str, int]) -> str:
    name = door.address.removeprefix("settings:")
    if name in ("role", "deactivation", "reactivation", "second_factor_reset"):
        return reverse(door.address, args=[targets["people"]])
    if name == "invitation_revocation":
        return reverse(door.address, args=[targets["invitation"]])
    if name.startswith("key_"):
        return reverse(door.address, args=[targets["key"]])
    return reverse(door.address)


def everything() -> list[object]:
    """All that these acts could change."""
    return [
        list(Agent.objects.order_by("pk").values("pk", "name", "role", "deactivated_at")),
        list(Invitation.objects.order_by("pk").values()),
        list(Key.objects.order_by("pk").values()),
        list(PageSetting.objects.order_by("pk").values()),
        AuditEntry.objects.exclude(verb="signed in").count(),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("door", "name"), CASES)
def test_a_page_opens_to_those_who_may_and_refuses_the_rest_without_changing_anything(
    door: Door, name: str, targets: dict[str, int], signed_in: Callable[[str], Client]
) -> None:
    client = Client() if name == "nobody" else signed_in(name)
    before, address = everything(), url(door, targets)
    answer = getattr(client, door.method)(address, door.sent)
    if name == "nobody":
        back = address if door.method == "get" else "/"  # an act's address has nothing to show afterwards
        assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={back}")
    elif name not in door.may:
        assert answer.status_code == 403
        assert "Your role does not allow this" in answer.content.decode()
    elif door.needs_proof:
        assert (answer.status_code, answer["Location"]) == (
            302,
            "/account/reauthenticate/?" + urlencode({"next": address}),
        )
    else:
        assert answer.status_code == door.answer
        return
    assert everything() == before


@pytest.mark.django_db
@pytest.mark.parametrize("door", [door for door in DOORS if door.needs_proof], ids=lambda door: door.address)
def test_after_fresh_proof_the_act_is_done(
    door: Door, targets: dict[str, int], signed_in: Callable[[str], Client]
) -> None:
    client, address = signed_in("olga"), url(door, targets)
    asked = getattr(client, door.method)(address, door.sent)
    wrong = client.post(asked["Location"], {"password": "not the password"})
    assert wrong.status_code == 200
    answer = client.post(asked["Location"], {"password": PASSWORD})
    if door.method == "get":
        assert (answer.status_code, answer["Location"]) == (302, address)
        answer = client.get(address)
    assert answer.status_code == door.answer


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("door", [door for door in DOORS if door.method == "post"], ids=lambda door: door.address)
def test_looking_changes_nothing(
    method: str, door: Door, targets: dict[str, int], signed_in: Callable[[str], Client]
) -> None:
    client, before = signed_in("olga"), everything()
    assert getattr(client, method)(url(door, targets)).status_code in (200, 405)
    assert everything() == before


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused(cast: dict[str, Agent], targets: dict[str, int]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast["olga"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("settings:keys"), {"name": "Shop", "kind": "server"}).status_code == 403
    assert selectors.keys().count() == 1


@pytest.mark.django_db
def test_a_part_of_a_page_asked_for_after_the_session_ended_sends_the_whole_page_to_sign_in() -> None:
    asked = {"HX-Request": "true", "HX-Current-URL": "http://testserver/settings/audit/?verb=x"}
    answer = Client().get(reverse("settings:audit"), headers=asked)
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == "/account/login/?next=%2Fsettings%2Faudit%2F%3Fverb%3Dx"


@pytest.mark.django_db
def test_a_form_sent_by_a_page_after_the_session_ended_is_refused_and_the_page_stays(cast: dict[str, Agent]) -> None:
    answer = Client().post(reverse("settings:keys"), {"name": "Shop"}, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "What you typed is still on this page" in answer.content.decode()
    assert selectors.keys().count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/settings/people/?q=x", "/settings/people/%3Fq%3Dx"),
        ("https://evil.example/settings/people/", "/"),
        ("", "/"),
    ],
)
def test_a_form_sent_after_the_session_ended_leads_back_to_its_own_page_only(referer: str, back: str) -> None:
    answer = Client().post(reverse("settings:invitations"), headers={"Referer": referer})
    assert answer["Location"] == f"/account/login/?next={back}"


@pytest.mark.django_db
def test_lists_of_colleagues_take_as_many_queries_for_many_as_for_few(
    signed_in: Callable[[str], Client], django_assert_num_queries: Callable[..., object]
) -> None:
    client = signed_in("olga")
    client.get(reverse("settings:people"))
    with django_assert_num_queries(4):  # session, agent, colleagues, invitations
        client.get(reverse("settings:people"))
    for number in range(20):
        Agent.objects.create_user(f"agent{number}@shop.example", None)
    with django_assert_num_queries(4):
        client.get(reverse("settings:people"))


def test_the_cast_covers_every_role() -> None:
    assert set(ROLES.values()) == set(CAST.values())
