"""Mailboxes in the settings: tried before they are kept, begun when somebody says so, watched."""

from datetime import timedelta

import pytest
from django.test import Client

from regulars.accounts.models import Agent, AuditEntry
from regulars.channels.actions import setting_up
from regulars.channels.email.providers import doors
from regulars.channels.models import Channel, Incoming, Mailbox, SuppressedAddress
from regulars.kernel import clock
from tests.channels.email.conftest import imap_server, owner  # noqa: F401
from tests.channels.email.dovecot import PASSWORD, Dovecot
from tests.channels.email.out.test_signing import PEM
from tests.desk.cast import make_agent, make_mailbox

pytestmark = pytest.mark.django_db
ADDRESS = "/settings/channels/"


@pytest.fixture
def manager() -> Agent:
    return make_agent("Mara", role="manager")


@pytest.fixture
def browser(client: Client, manager: Agent) -> Client:
    client.force_login(manager)
    return client


def typed(**said: object) -> dict[str, object]:
    """What somebody types who adds a mailbox."""
    return {
        "name": "Help", "address": "help@shop.example", "team": "",
        "imap_security": "none", "imap_auth": "password", "imap_folder": "INBOX", "imap_since_days": "90",
        "smtp_security": "starttls", "smtp_auth": "password", "plus_address": "on", "reopen_days": "30", **said,
    }  # fmt: skip


def on_server(server: Dovecot, owner: str, **said: object) -> dict[str, object]:  # noqa: F811
    return typed(imap_host="127.0.0.1", imap_port=server.port, imap_user=owner, imap_password=PASSWORD, **said)


def test_a_mailbox_that_mail_is_handed_to_works_at_once(browser: Client) -> None:
    answer = browser.post(f"{ADDRESS}new/", typed(signature="{agent}"))
    channel = Channel.objects.get()
    assert answer["Location"] == f"{ADDRESS}{channel.pk}/"
    assert (channel.name, channel.paused_at, channel.settings["signature"]) == ("Help", None, "{agent}")
    assert channel.settings["imap_since_days"] == 90 and "automatic_per_day" not in channel.settings
    assert "handed over" in browser.get(ADDRESS).content.decode()


def test_a_mailbox_on_a_server_is_tried_foreseen_and_begun(
    browser: Client,
    imap_server: Dovecot,  # noqa: F811
    owner: str,  # noqa: F811
) -> None:
    with imap_server.client(owner) as client:
        client.append("INBOX", b"Subject: 1\r\n\r\nOld", msg_time=clock.now() - timedelta(days=400))
        client.append("INBOX", b"Subject: 2\r\n\r\nNew")
    page = browser.post(f"{ADDRESS}new/", on_server(imap_server, owner), follow=True).content.decode()
    channel = Channel.objects.get()
    assert channel.paused_at is not None and PASSWORD.encode() not in bytes(channel.secrets)
    assert "There are 2 mails in “INBOX”." in page and "1 came since" in page
    assert PASSWORD not in page and not Incoming.objects.exists()
    assert "not begun" in browser.get(ADDRESS).content.decode()
    browser.post(f"{ADDRESS}{channel.pk}/pause/remove/")
    channel.refresh_from_db()
    assert channel.paused_at is None


def test_a_wrong_password_is_said_and_nothing_is_kept(
    browser: Client,
    imap_server: Dovecot,  # noqa: F811
    owner: str,  # noqa: F811
) -> None:
    said = {**on_server(imap_server, owner), "imap_password": "wrong"}
    page = browser.post(f"{ADDRESS}new/", said).content.decode()
    assert "refused the sign-in of help-" in page
    assert not Channel.objects.exists()


def test_changing_a_mailbox_keeps_the_password_and_looks_again(
    browser: Client,
    imap_server: Dovecot,  # noqa: F811
    owner: str,  # noqa: F811
) -> None:
    browser.post(f"{ADDRESS}new/", on_server(imap_server, owner))
    channel = Channel.objects.get()
    at = clock.now()
    Channel.objects.update(trouble="The connection was cut.", trouble_at=at)
    Mailbox.objects.create(
        channel=channel, folder="INBOX", uidvalidity=1, first_uidvalidity=1, connected_at=at, failures=3,
        next_try_at=at + timedelta(hours=1),
    )  # fmt: skip
    browser.post(f"{ADDRESS}{channel.pk}/", {**on_server(imap_server, owner, name="Service"), "imap_password": ""})
    channel.refresh_from_db()
    assert (channel.name, channel.trouble) == ("Service", "")
    assert Mailbox.objects.get().next_try_at is None


def test_trouble_is_on_the_page_and_on_the_managers_morning(browser: Client) -> None:
    make_mailbox()
    Channel.objects.update(trouble="imap.example.com does not answer.", trouble_at=clock.now())
    assert "imap.example.com does not answer." in browser.get(ADDRESS).content.decode()
    assert "No mail comes through “Mail to help@shop.example”" in browser.get("/").content.decode()


def test_what_was_not_understood_is_listed_downloaded_and_tried_again(browser: Client) -> None:
    channel = make_mailbox()
    row = Incoming.objects.create(
        channel=channel, source_key="test:1", raw=b"Subject: x\r\n\r\n<script>", digest=b"", received_at=clock.now(),
        state="dead", trouble="It took longer than 60 seconds to understand.",
    )  # fmt: skip
    page = browser.get(f"{ADDRESS}dead-letters/").content.decode()
    assert "It took longer than 60 seconds" in page
    file = browser.get(f"{ADDRESS}dead-letters/{row.pk}/raw/")
    assert (file.content, file["X-Content-Type-Options"]) == (b"Subject: x\r\n\r\n<script>", "nosniff")
    assert file["Content-Disposition"] == f'attachment; filename="mail-{row.pk}.eml"'
    browser.post(f"{ADDRESS}dead-letters/{row.pk}/again/")
    row.refresh_from_db()
    assert (row.state, row.trouble) == ("stored", "")
    assert browser.post(f"{ADDRESS}dead-letters/{row.pk}/again/").status_code == 404
    assert browser.get(f"{ADDRESS}dead-letters/{row.pk}/raw/").status_code == 404


def test_pausing_and_putting_away(browser: Client) -> None:
    channel = make_mailbox()
    browser.post(f"{ADDRESS}{channel.pk}/pause/")
    channel.refresh_from_db()
    assert channel.paused_at is not None
    browser.post(f"{ADDRESS}{channel.pk}/archive/")
    channel.refresh_from_db()
    assert channel.archived_at is not None
    assert "No mailbox yet" in browser.get(ADDRESS).content.decode()


@pytest.mark.parametrize("path", ["", "new/", "1/", "dead-letters/", "dead-letters/1/raw/"])
def test_an_agent_sees_nothing_of_this(path: str, client: Client) -> None:
    client.force_login(make_agent("Ines"))
    assert client.get(ADDRESS + path).status_code == 403


def test_a_mailbox_that_a_mail_service_brings_mail_to_shows_the_addresses_it_calls(browser: Client) -> None:
    said = typed(
        comes_by="provider", in_provider="mailgun", in_signing_key="sign", imap_host="imap.example.com",
        goes_by="provider", out_provider="postmark", out_key="hush",
    )  # fmt: skip
    page = browser.post(f"{ADDRESS}new/", said, follow=True).content.decode()
    channel = Channel.objects.get()
    kept = channel.settings
    assert (kept["in_provider"], kept["out_provider"], kept["imap_host"]) == ("mailgun", "postmark", "")
    assert channel.paused_at is None and b"hush" not in bytes(channel.secrets) and "hush" not in page
    token = doors.token(channel.pk, kept)
    assert f"/mail/in/{token}/mailgun/mime" in page and f"/mail/in/{token}/postmark/events" in page
    page = browser.post(f"{ADDRESS}{channel.pk}/door/", follow=True).content.decode()
    assert token not in page and "/mailgun/mime" in page


def test_a_chosen_way_without_what_it_needs_is_refused(browser: Client) -> None:
    page = browser.post(f"{ADDRESS}new/", typed(comes_by="provider", goes_by="smtp")).content.decode()
    assert "Choose the mail service." in page and "Give the server’s name." in page
    assert not Channel.objects.exists()


def test_a_mailbox_to_be_connected_is_kept_and_says_so(browser: Client) -> None:
    said = typed(imap_host="imap.gmail.com", imap_user="ada", oauth_giver="google", oauth_client_id="app")
    page = browser.post(f"{ADDRESS}new/", said, follow=True).content.decode()
    assert "Nobody has allowed Regulars" in page and "/settings/channels/connection/" in page
    channel = Channel.objects.get()
    begun = browser.get(f"{ADDRESS}{channel.pk}/connection/")
    assert begun["Location"].startswith("https://accounts.google.com/o/oauth2/v2/auth?response_type=code&client_id=app")


def test_a_mailbox_signs_with_a_key_that_is_never_shown_and_says_what_to_publish(browser: Client) -> None:
    said = typed(dkim_selector="s1", dkim_key="hush hush", open_days="3")
    page = browser.post(f"{ADDRESS}new/", said).content.decode()
    assert "This key cannot sign mail" in page and "hush hush" not in page
    assert not Channel.objects.exists()
    page = browser.post(f"{ADDRESS}new/", {**said, "dkim_key": PEM}, follow=True).content.decode()
    channel = Channel.objects.get()
    assert "s1._domainkey.shop.example" in page and "v=DKIM1; k=rsa; p=MII" in page
    assert PEM.splitlines()[1] not in page
    assert "dkim_key" not in channel.settings and setting_up.secrets_of(channel)["dkim_key"].startswith(
        "-----BEGIN RSA"
    )
    assert channel.settings["open_days"] == 3
    page = browser.post(f"{ADDRESS}{channel.pk}/", typed(dkim_selector=""), follow=True).content.decode()
    assert "_domainkey" not in page


def test_suppressed_addresses_are_added_searched_and_lifted_on_record(client: Client) -> None:
    client.force_login(make_agent("Ines", role="agent"))
    page = f"{ADDRESS}suppressed/"
    assert "Every address takes mail" in client.get(page).content.decode()
    client.post(page, {"address": "Ada@Example.com", "reason": "asked us to"})
    assert "is not usable" not in client.post(page, {"address": "x", "reason": ""}).content.decode()
    row = SuppressedAddress.objects.get()
    assert (row.address, row.reason, row.added_by[:6]) == ("ada@example.com", "asked us to", "agent:")
    assert "ada@example.com" in client.get(page, {"search": "ADA@"}).content.decode()
    assert "No such address here" in client.get(page, {"search": "musa"}).content.decode()
    client.post(f"{page}lifting/", {"address": "ada@example.com"})
    row.refresh_from_db()
    assert row.lifted_at is not None
    acts = AuditEntry.objects.filter(verb__startswith="address").order_by("pk").values_list("verb", "subject")
    about = f"suppressed address:{row.pk}"
    assert list(acts) == [("address suppressed", about), ("address lifted", about)]


def test_whoever_may_not_answer_sees_no_suppressed_addresses(client: Client) -> None:
    client.force_login(make_agent("Ana", role="analyst"))
    assert client.get(f"{ADDRESS}suppressed/").status_code == 403
