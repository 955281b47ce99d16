"""Colleagues are invited by mail or by a copied link, which works once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from regulars.accounts.actions import agents, invitations
from regulars.accounts.errors import AgentExists, InvitationOver, LinkOver, UnusableEmail, UnusablePassword
from regulars.accounts.models import Agent, AuditEntry, Invitation
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM, Actor
from regulars.kernel.errors import NotAllowed, NotFound
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_first_owner import token_of
from tests.accounts.test_signing_in import by_password, is_in
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
EVA = {"name": "Eva Stone", "password": PASSWORD}


def invited(role: str = "agent", by: Actor = SYSTEM) -> str:
    return token_of(invitations.invite("Eva@Shop.example", role=role, by=by))


def test_accepting_makes_a_verified_colleague_and_uses_the_link_up() -> None:
    token = invited("analyst")
    eva = invitations.accept(token, **EVA)
    assert (eva.email, eva.name, eva.role) == ("eva@shop.example", "Eva Stone", "analyst")
    assert EmailAddress.objects.get(user=eva).verified
    with pytest.raises(InvitationOver):
        invitations.accept(token, name="Eve", password=PASSWORD)
    assert Agent.objects.count() == 1
    assert Invitation.objects.get().accepted_by == eva


@pytest.mark.django_db(transaction=True)
def test_two_who_accept_at_the_same_time_make_one_colleague() -> None:
    token = invited()

    def accept() -> bool:
        try:
            invitations.accept(token, **EVA)
        except LinkOver:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        done = [future.result() for future in (pool.submit(accept), pool.submit(accept))]
    assert sorted(done) == [False, True]
    assert Agent.objects.count() == 1


def test_an_invitation_expires_after_seven_days() -> None:
    with clock.frozen(NOON):
        token = invited()
    with clock.frozen(NOON + timedelta(days=7)), pytest.raises(InvitationOver):
        invitations.accept(token, **EVA)
    assert not Agent.objects.exists()
    with clock.frozen(NOON + timedelta(days=6, hours=23)):
        assert invitations.accept(token, **EVA).email == "eva@shop.example"


def test_an_invitation_is_taken_back() -> None:
    token = invited()
    invitations.revoke(Invitation.objects.get().pk, by=SYSTEM)
    with pytest.raises(InvitationOver):
        invitations.accept(token, **EVA)
    with pytest.raises(NotFound):
        invitations.revoke(Invitation.objects.get().pk, by=SYSTEM)
    assert not Agent.objects.exists()
    assert AuditEntry.objects.filter(verb="invitation revoked").count() == 1


def test_inviting_again_replaces_the_link_and_the_role() -> None:
    old, new = invited("agent"), invited("manager")
    with pytest.raises(InvitationOver):
        invitations.accept(old, **EVA)
    assert invitations.accept(new, **EVA).role == "manager"


def test_a_colleague_is_not_invited_again(cast: dict[str, Agent]) -> None:
    with pytest.raises(AgentExists):
        invitations.invite("INES@shop.example", role="agent", by=SYSTEM)
    with pytest.raises(UnusableEmail):
        invitations.invite("ines@shop", role="agent", by=SYSTEM)
    assert not Invitation.objects.exists()


def test_only_an_owner_invites_an_owner(cast: dict[str, Agent]) -> None:
    with pytest.raises(NotAllowed):
        invited("owner", by=cast["mia"].actor)
    assert not Invitation.objects.exists()
    invited("owner", by=cast["olga"].actor)
    with pytest.raises(NotAllowed):
        invitations.revoke(Invitation.objects.get().pk, by=cast["mia"].actor)
    assert Invitation.objects.get().revoked_at is None


def test_a_weak_password_is_refused_and_the_link_still_works() -> None:
    token = invited()
    with pytest.raises(UnusablePassword):
        invitations.accept(token, name="Eva", password="eva@shop.example")
    assert invitations.accept(token, **EVA).role == "agent"


def test_the_page_mails_the_link_and_shows_it_once(signed_in: Callable[[str], Client]) -> None:
    client = signed_in("mia")
    answer = client.post(reverse("settings:invitations"), {"email": "eva@shop.example", "role": "agent"})
    link = answer.context["link"]
    assert link in answer.content.decode()
    assert link not in client.get(reverse("settings:people")).content.decode()
    (message,) = mail.outbox
    assert (message.to, link in message.body) == (["eva@shop.example"], True)
    assert "Mia invites you" in message.subject
    client = Client()
    assert client.post(link, EVA)["Location"] == "/welcome/ready/"
    assert is_in(client)
    assert Client().get(link).status_code == 410


def test_when_the_mail_does_not_leave_the_invitation_is_kept_and_the_link_shown(
    signed_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> int:
        raise SMTPServerDisconnected("gone")

    monkeypatch.setattr("regulars.web.settings.mail.send_mail", fail)
    answer = signed_in("mia").post(reverse("settings:invitations"), {"email": "eva@shop.example", "role": "agent"})
    assert "could not be sent" in answer.content.decode()
    assert answer.context["link"] in answer.content.decode()
    assert Invitation.objects.count() == 1


def test_a_manager_is_not_offered_to_make_owners(signed_in: Callable[[str], Client]) -> None:
    client = signed_in("mia")
    assert '<option value="owner"' not in client.get(reverse("settings:people")).content.decode()
    client.post(reverse("settings:invitations"), {"email": "eva@shop.example", "role": "owner"})
    assert not Invitation.objects.exists()


def test_someone_who_joined_may_be_ended_like_anybody(cast: dict[str, Agent]) -> None:
    eva = invitations.accept(invited(), **EVA)
    agents.deactivate(eva.pk, by=cast["mia"].actor)
    by_password(client := Client(), "eva@shop.example")
    assert not is_in(client)


def test_somebody_awaited_has_no_access_until_they_accept(client: Client) -> None:
    awaited = agents.await_("Eva@shop.example", name="Eva S.", by=SYSTEM)
    assert (awaited.is_active, awaited.has_usable_password(), awaited.role) == (False, False, "agent")
    assert not mail.outbox
    eva = invitations.accept(invited("manager"), **EVA)
    assert (eva.pk, eva.name, eva.role, eva.is_active) == (awaited.pk, "Eva Stone", "manager", True)
    assert by_password(client, "eva@shop.example") and is_in(client)
    agents.deactivate(eva.pk, by=SYSTEM)
    with pytest.raises(AgentExists):
        invited()
    verbs = AuditEntry.objects.filter(subject=f"agent:{eva.pk}").order_by("pk").values_list("verb", flat=True)
    assert next(iter(verbs)) == "agent awaited"


def test_only_who_manages_people_awaits_somebody(cast: dict[str, Agent]) -> None:
    with pytest.raises(NotAllowed):
        agents.await_("eva@shop.example", name="", by=cast["bo"].actor)
    assert not Agent.objects.filter(email="eva@shop.example").exists()
