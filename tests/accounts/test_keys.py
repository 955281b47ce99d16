"""Keys of programs, and the tokens that prove a visitor."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from regulars.accounts import selectors
from regulars.accounts.actions import keys
from regulars.accounts.errors import AlreadyRevoked, NameTaken, NotAKindOfKey, UnusableName
from regulars.accounts.models import Agent, AuditEntry, Key
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM
from regulars.kernel.errors import NotAllowed, NotFound
from regulars.kernel.models import Source
from tests.accounts.conftest import PASSWORD
from tests.conftest import NOON


@pytest.mark.django_db
def test_a_server_key_is_kept_as_a_hash_only() -> None:
    text = keys.create("server", name="Orders", by=SYSTEM)
    assert text.startswith("server_")
    assert len(text) == 39
    kept = Key.objects.get()
    assert (bytes(kept.digest), kept.public_text) == (hashlib.sha256(text.encode()).digest(), "")
    assert kept.prefix == text[:12]
    assert text not in str(Key.objects.values()) + str(AuditEntry.objects.values())


@pytest.mark.django_db
def test_a_browser_key_stays_visible() -> None:
    text = keys.create("browser", name="Storefront", by=SYSTEM)
    assert Key.objects.get().public_text == text


@pytest.mark.django_db
def test_a_key_is_found_with_the_source_made_for_it(django_assert_num_queries: Callable[..., object]) -> None:
    text = keys.create("browser", name="Storefront", by=SYSTEM)
    source = Source.objects.get(name="Storefront")
    with django_assert_num_queries(1):
        found = selectors.key_for(text)
    assert found == selectors.KeyInfo(Key.objects.get().pk, source.pk, "browser", "Storefront", None)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "server_", "x" * 201, "server_\x00", "\ud800", "' OR 1=1 --"])
def test_a_wrong_key_opens_nothing(text: str) -> None:
    keys.create("server", name="Orders", by=SYSTEM)
    assert selectors.key_for(text) is None


@pytest.mark.django_db
def test_a_revoked_key_opens_nothing_and_is_revoked_once() -> None:
    text = keys.create("server", name="Orders", by=SYSTEM)
    pk = Key.objects.get().pk
    keys.revoke(pk, by=SYSTEM)
    assert selectors.key_for(text) is None
    with pytest.raises(AlreadyRevoked):
        keys.revoke(pk, by=SYSTEM)
    with pytest.raises(NotFound):
        keys.revoke(0, by=SYSTEM)
    assert AuditEntry.objects.filter(verb="key revoked", subject=f"key:{pk}").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "name", "error"),
    [("server", "Orders", NameTaken), ("product", "Mine", NotAKindOfKey), ("server", " ", UnusableName)],
)
def test_a_key_that_cannot_be_made_leaves_nothing(kind: str, name: str, error: type) -> None:
    keys.create("server", name="Orders", by=SYSTEM)
    with pytest.raises(error):
        keys.create(kind, name=name, by=SYSTEM)
    assert (Key.objects.count(), Source.objects.exclude(kind="product").count()) == (1, 1)


@pytest.mark.django_db
def test_only_owners_make_revoke_and_look_into_keys(cast: dict[str, Agent]) -> None:
    keys.create("browser", name="Storefront", by=cast["olga"].actor)
    pk = Key.objects.get().pk
    for name in ("mia", "ines", "ann"):
        by = cast[name].actor
        for act in (
            lambda by=by: keys.create("server", name="Mine", by=by),
            lambda by=by: keys.revoke(pk, by=by),
            lambda by=by: keys.show_signing_secret(pk, by=by),
        ):
            with pytest.raises(NotAllowed):
                act()
    assert (Key.objects.count(), Key.objects.get().revoked_at) == (1, None)
    assert not AuditEntry.objects.filter(verb="secret shown").exists()


@pytest.mark.django_db
def test_use_is_noted_at_most_once_a_minute() -> None:
    keys.create("server", name="Orders", by=SYSTEM)
    pk = Key.objects.get().pk
    for seconds, noted in ((0, 0), (30, 0), (60, 0), (61, 61), (90, 61)):
        with clock.frozen(NOON + timedelta(seconds=seconds)):
            keys.note_use(pk)
        assert Key.objects.get().last_used_at == NOON + timedelta(seconds=noted)


@pytest.mark.django_db
def test_a_signing_secret_belongs_to_an_active_browser_key_and_looking_is_recorded() -> None:
    keys.create("server", name="Orders", by=SYSTEM)
    keys.create("browser", name="Storefront", by=SYSTEM)
    server, browser = Key.objects.get(source__kind="server"), Key.objects.get(source__kind="browser")
    secret = keys.show_signing_secret(browser.pk, by=SYSTEM)
    assert (len(secret), secret) == (64, keys.signing_secret(browser.source.pk))
    with pytest.raises(NotFound):
        keys.show_signing_secret(server.pk, by=SYSTEM)
    keys.revoke(browser.pk, by=SYSTEM)
    with pytest.raises(NotFound):
        keys.show_signing_secret(browser.pk, by=SYSTEM)
    assert AuditEntry.objects.filter(verb="secret shown").count() == 1


def test_a_visitor_token_is_what_the_company_computes_from_the_secret_it_was_shown() -> None:
    theirs = hmac.new(keys.signing_secret(7).encode(), b"customer-42", hashlib.sha256).hexdigest()
    assert keys.visitor_token(7, "customer-42") == theirs
    assert keys.is_visitor_token(theirs, source_id=7, user_id="customer-42")
    assert keys.is_visitor_token(f" {theirs.upper()}\n", source_id=7, user_id="customer-42")


@given(token=st.text(max_size=80), user_id=st.text(max_size=40), other=st.text(max_size=40))
def test_a_token_proves_one_visitor_of_one_source(token: str, user_id: str, other: str) -> None:
    right = keys.visitor_token(7, user_id)
    assert keys.is_visitor_token(right, source_id=7, user_id=user_id)
    assert not keys.is_visitor_token(right, source_id=8, user_id=user_id)
    assert keys.is_visitor_token(right, source_id=7, user_id=other) == (user_id == other)
    assert not keys.is_visitor_token(token, source_id=7, user_id=user_id)


@pytest.mark.django_db
def test_the_page_shows_a_server_keys_text_once(signed_in: Callable[[str], Client]) -> None:
    client = signed_in("olga")
    answer = client.post(reverse("settings:keys"), {"name": "Orders", "kind": "server"})
    text = answer.context["text"]
    assert answer.content.decode().count(text) >= 3  # the key, and two ways to use it
    assert "no-store" in answer["Cache-Control"]
    assert text not in client.get(reverse("settings:keys")).content.decode()
    again = client.post(reverse("settings:keys"), {"name": "Orders", "kind": "server"})
    assert "has this name already" in again.content.decode()
    assert Key.objects.count() == 1


@pytest.mark.django_db
def test_the_secret_is_shown_after_fresh_proof_only(signed_in: Callable[[str], Client]) -> None:
    keys.create("browser", name="Storefront", by=SYSTEM)
    secret, client = keys.signing_secret(Key.objects.get().source.pk), signed_in("olga")
    address = reverse("settings:key_secret", args=[Key.objects.get().pk])
    assert secret not in client.get(address, follow=True).content.decode()
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert secret in client.get(address).content.decode()


@pytest.mark.django_db
def test_a_program_may_stand_for_a_colleague_and_do_what_is_rare(client: Client) -> None:
    olga = Agent.objects.create_user("olga@shop.example", name="Olga", role="owner")
    ines = Agent.objects.create_user("ines@shop.example", name="Ines", role="agent")
    client.force_login(olga, backend="django.contrib.auth.backends.ModelBackend")
    said = {"name": "Robot", "kind": "api_read", "also": ["export"], "agent": str(ines.pk)}
    page = client.post(reverse("settings:keys"), said)
    assert page.status_code == 200
    made = Key.objects.get()
    assert (made.scopes, made.agent, made.source.kind) == (["export", "read"], ines, "api")
    assert "as Ines" in client.get(reverse("settings:keys")).content.decode()
    assert client.post(reverse("settings:keys"), {**said, "name": "Other", "agent": "999"}).status_code == 200
    assert Key.objects.count() == 1


@pytest.mark.django_db
def test_a_key_of_the_api_ends_with_its_agents_access() -> None:
    ines = Agent.objects.create_user("ines@shop.example", name="Ines", role="agent")
    text = keys.create("api", name="Robot", by=SYSTEM, agent_id=ines.pk)
    assert selectors.api_key_for(text)
    Agent.objects.filter(pk=ines.pk).update(deactivated_at=clock.now())
    assert selectors.api_key_for(text) is None
    with pytest.raises(NotFound):
        keys.create("api", name="Another", by=SYSTEM, agent_id=ines.pk)
