"""Settings › Webhooks: made, tried, looked after, and told again what they missed."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from regulars.accounts.models import Agent, AuditEntry
from regulars.api.models import Notice, Webhook
from regulars.api.webhooks import sending, setting_up, signing, telling_again
from regulars.kernel import clock, secrets
from regulars.kernel.actors import SYSTEM
from regulars.kernel.fact_names import DESK_FACTS
from regulars.web.settings import told_of
from tests.desk.cast import make_agent

pytestmark = pytest.mark.django_db
URL = "https://shop.example/hook"


@pytest.fixture
def olga(db: None) -> Agent:
    return make_agent("Olga", role="owner")


@pytest.fixture
def page(client: Client, olga: Agent) -> Client:
    client.force_login(olga, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def made(db: None) -> Webhook:
    return setting_up.create(URL, events=["conversation resolved"], by=SYSTEM, description="Warehouse")[0]


def post(page: Client, name: str, *args: int, **said: Any) -> Any:
    return page.post(reverse(f"settings:{name}", args=args), said)


def test_an_empty_page_says_what_a_webhook_is_for(page: Client) -> None:
    assert "No webhook yet" in page.get(reverse("settings:webhooks")).content.decode()


def test_the_secret_of_a_new_one_is_shown_once(page: Client, olga: Agent) -> None:
    answer = post(page, "webhooks", url=f" {URL} ", description="Warehouse", events=["conversation resolved"])
    webhook = Webhook.objects.get()
    secret = secrets.unseal(webhook.secret, use=sending.USE)
    assert secret in answer.content.decode()
    assert (webhook.url, webhook.events, webhook.created_by) == (URL, ["conversation resolved"], str(olga.actor))
    for address in (reverse("settings:webhooks"), reverse("settings:webhook", args=[webhook.pk])):
        assert secret not in page.get(address).content.decode()
    assert AuditEntry.objects.get().verb == "webhook created"


@pytest.mark.parametrize("url", ["https://10.0.0.1/", "https://127.0.0.1/", "http://shop.example/", "shop", ""])
def test_an_address_inside_or_without_encryption_is_refused_with_the_reason(page: Client, url: str) -> None:
    answer = post(page, "webhooks", url=url, description="Kept as typed")
    assert answer.status_code == 422
    assert "Kept as typed" in answer.content.decode()
    if url.startswith("https"):
        assert "REGULARS_REACHABLE_INSIDE" in answer.content.decode()
    assert not Webhook.objects.exists()


def test_whoever_wants_only_some_ticks_one_and_everything_outweighs_ticks(page: Client) -> None:
    answer = post(page, "webhooks", url=URL, which="some")
    assert answer.status_code == 422
    assert "Tick at least one, or choose everything." in answer.content.decode()
    assert not Webhook.objects.exists()
    post(page, "webhooks", url=URL, which="all", events=["reply sent"])
    assert Webhook.objects.get().events == []


def test_every_kind_can_be_ticked_once_and_says_what_it_means() -> None:
    offered = [each for _heading, kinds in told_of.groups(["reply sent"]) for each in kinds]
    assert sorted(each.name for each in offered) == sorted(DESK_FACTS)
    assert [each.name for each in offered if each.is_ticked] == ["reply sent"]
    assert all(each.meaning for each in offered)


def test_it_is_changed_switched_off_and_on_and_ended(page: Client, made: Webhook) -> None:
    assert post(page, "webhook", made.pk, url=f"{URL}/2", description="", events=[]).status_code == 302
    post(page, "webhook_pause", made.pk)
    made.refresh_from_db()
    assert (made.url, made.events, made.paused_at is not None) == (f"{URL}/2", [], True)
    assert post(page, "webhook_test", made.pk).status_code == 409
    post(page, "webhook_pause", made.pk, wake="1")
    made.refresh_from_db()
    assert made.paused_at is None
    post(page, "webhook_removal", made.pk)
    assert setting_up.webhooks() == []
    assert page.get(reverse("settings:webhook", args=[made.pk])).status_code == 404


def test_a_new_secret_signs_beside_the_old_one_for_a_day(made: Webhook) -> None:
    old, new = setting_up.secret_of(made.pk), setting_up.rotate(made.pk, by=SYSTEM)
    made.refresh_from_db()
    assert sending._secrets(made) == [new, old]
    proofs = signing.headers([new, old], event_id="e", at=1, body=b"{}")["webhook-signature"].split(" ")
    assert [len(proof) for proof in proofs] == [47, 47]
    assert proofs[0] != proofs[1]
    with clock.frozen(clock.now() + timedelta(days=1, seconds=1)):
        assert sending._secrets(made) == [new]


def test_the_log_is_read_narrowed_and_told_again(page: Client, made: Webhook) -> None:
    failed, taken = telling_again.test(made.pk), telling_again.test(made.pk)
    Notice.objects.filter(pk=failed.pk).update(state="failed", attempts=9, answer_status=503, answer="<b>Busy</b>")
    Notice.objects.filter(pk=taken.pk).update(state="sent", attempts=1, answer_status=200)
    address = reverse("settings:webhook", args=[made.pk])
    shown = page.get(address).content.decode()
    assert "&lt;b&gt;Busy&lt;/b&gt;" in shown
    assert failed.event_id in shown and taken.event_id in shown
    narrowed = page.get(f"{address}?state=failed").content.decode()
    assert failed.event_id in narrowed and taken.event_id not in narrowed
    assert post(page, "webhook_again", made.pk, taken.pk).status_code == 302
    assert states() == {failed.pk: ("failed", 9), taken.pk: ("queued", 0)}
    today = f"{clock.now():%Y-%m-%d}"
    post(page, "webhook_span", made.pk, since=today, until=today, states="failed")
    assert states()[failed.pk] == ("queued", 0)
    assert post(page, "webhook_span", made.pk, since=today, until="2020-01-01", states="failed").status_code == 422


def states() -> dict[int, tuple[str, int]]:
    return {row.pk: (row.state, row.attempts) for row in Notice.objects.all()}


def test_the_log_is_kept_for_as_long_as_the_setting_says(made: Webhook, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = telling_again.test(made.pk)
    Notice.objects.update(created_at=clock.now() - timedelta(days=29))
    assert sending.forget() == 0
    monkeypatch.setenv("REGULARS_WEBHOOK_LOG_DAYS", "0")
    assert sending.forget() == 0
    monkeypatch.setenv("REGULARS_WEBHOOK_LOG_DAYS", "28")
    assert sending.forget() == 1
    assert not Notice.objects.filter(pk=notice.pk).exists()


@pytest.mark.parametrize("role", ["manager", "agent", "analyst"])
def test_only_who_may_make_keys_comes_in(client: Client, made: Webhook, role: str) -> None:
    client.force_login(make_agent("Ines", role=role), backend="django.contrib.auth.backends.ModelBackend")
    before = list(Webhook.objects.values())
    assert client.get(reverse("settings:webhooks")).status_code == 403
    for name in ("webhook", "webhook_pause", "webhook_removal", "webhook_test", "webhook_secret", "webhook_span"):
        assert post(client, name, made.pk).status_code == 403, name
    assert (list(Webhook.objects.values()), Notice.objects.count()) == (before, 0)
