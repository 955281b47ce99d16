"""A mail from a mailbox to itself: what is said when it comes back, does not, or others think little of it."""

import threading
import time
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from regulars.channels.actions import incoming, setting_up
from regulars.channels.email import round_trip
from regulars.channels.email.round_trip import Finding, names, seals, trying
from regulars.channels.models import Channel
from regulars.cli import main
from regulars.cli.running import environment
from regulars.kernel import starting
from regulars.kernel.actors import SYSTEM
from tests.channels.email.dovecot import Dovecot
from tests.channels.email.out.mail_server import MailServer, running

GOOD = {
    "shop.example": ["v=spf1 include:_spf.mail.example ~all", "other=1"],
    "_dmarc.shop.example": ["v=DMARC1; p=quarantine"],
    "s1._domainkey.shop.example": ["v=DKIM1; k=rsa; p=MIGf"],
}
WELL = [
    Finding(True, "shop.example has an SPF record."),
    Finding(True, "shop.example has a DMARC record."),
]


def ask(name: str) -> list[str]:
    return GOOD.get(name, [])


def silent(name: str) -> list[str]:
    raise names.CannotSee


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with running() as server:
        yield server


def sends_through(channel: Channel, server: MailServer) -> Channel:
    out = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": "none"}
    settings = {**channel.settings, **out}
    return setting_up.change(channel.pk, by=SYSTEM, name="Help", address=channel.address, settings=settings)


@pytest.fixture
def receiving(db: None, mail_server: MailServer) -> Channel:
    """A channel whose mail is brought by a receiver."""
    return sends_through(setting_up.create("email", "Help", by=SYSTEM, address="help@shop.example"), mail_server)


def run(channel: Channel, *, seconds: float = 0) -> list[Finding]:
    return list(round_trip.run(Channel.objects.get(pk=channel.pk), wait_seconds=seconds, ask=ask))


class Postman(threading.Thread):
    """Takes what leaves to a folder, with a header on top, as the servers on the way do."""

    def __init__(self, server: MailServer, dovecot: Dovecot, owner: str, folder: str, header: bytes) -> None:
        super().__init__(daemon=True)
        self.server, self.box, self.folder, self.header = server, dovecot.client(owner), folder, header
        if folder != "INBOX":
            self.box.create_folder(folder)

    def run(self) -> None:
        for _ in range(200):
            if self.server.taken:
                self.box.append(self.folder, self.header + self.server.taken[0][1])
                break
            time.sleep(0.05)
        self.box.logout()


@pytest.mark.django_db
def test_a_mail_that_comes_back_is_said_with_what_the_server_thought_of_it(
    channel: Channel, mail_server: MailServer, imap_server: Dovecot, owner: str
) -> None:
    sends_through(channel, mail_server)
    header = b"Authentication-Results: mx.example; spf=pass; dkim=fail (bad) header.d=x; dmarc=none\r\n"
    Postman(mail_server, imap_server, owner, "INBOX", header).start()
    found = run(channel, seconds=10)
    assert [one.is_well for one in found] == [True, True, True, False, False, True, True]
    assert found[0].words == f"A mail left through 127.0.0.1:{mail_server.port}."
    assert found[1].words.startswith("It came back after ")
    assert found[3].words == "DKIM does not pass at the receiving server: it says fail."
    (mail,) = mail_server.mails
    assert (mail["From"], mail["To"]) == ("help@shop.example", "help@shop.example")
    assert mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.django_db
def test_a_mail_that_lands_among_the_unwanted_is_said_so(
    channel: Channel, mail_server: MailServer, imap_server: Dovecot, owner: str
) -> None:
    sends_through(channel, mail_server)
    Postman(mail_server, imap_server, owner, "Junk", b"").start()
    found = run(channel, seconds=10)
    assert found[1].is_well is False
    assert found[1].words.endswith("but as unwanted mail, in Junk.")


@pytest.mark.django_db
def test_a_mail_a_receiver_stored_came_back(receiving: Channel, mail_server: MailServer) -> None:
    def receive() -> None:
        (_, raw) = mail_server.taken[0]
        incoming.store(receiving.pk, raw, source_key="1")

    trip = round_trip.run(Channel.objects.get(), wait_seconds=0, ask=ask)
    found = [next(trip)]
    receive()
    found += list(trip)
    assert [one.is_well for one in found] == [True, True, None, True, True]


@pytest.mark.django_db
def test_a_mail_that_does_not_come_back_is_said_so(receiving: Channel) -> None:
    found = run(receiving)
    assert [one.is_well for one in found] == [True, False, True, True]
    assert found[1].words.startswith("It did not come back within 0 seconds.")


@pytest.mark.django_db
def test_the_key_is_looked_for_at_the_domain_that_signs(receiving: Channel) -> None:
    Channel.objects.update(settings={**receiving.settings, "dkim_selector": "s1", "dkim_domain": "mail.example"})
    assert run(receiving)[-1].words.startswith("There is no DKIM key at s1._domainkey.mail.example:")


@pytest.mark.django_db
def test_a_server_that_refuses_is_quoted(receiving: Channel, mail_server: MailServer) -> None:
    mail_server.at_end = ["554 5.7.1 not you"]
    found = run(receiving)
    assert found == [
        Finding(False, f"The mail did not leave through 127.0.0.1:{mail_server.port}: 554 5.7.1 not you"),
        *WELL,
    ]


@pytest.mark.parametrize(
    ("records", "words"),
    [
        ({}, "shop.example has no SPF record: anybody may send in its name."),
        ({"shop.example": ["v=spf1 -all", "v=spf1 ~all"]},
         "shop.example has 2 SPF records; with more than one, none counts."),
        ({"shop.example": ["v=spf1 +all"]}, "The SPF record of shop.example lets everybody send in its name (+all)."),
        ({"shop.example": ["v=spf1 mx"]},
         "The SPF record of shop.example does not say who may not send: end it with ~all."),
        ({"shop.example": ["v=spf1 " + "include:x.example " * 11 + "-all"]},
         "The SPF record of shop.example asks more than 10 questions: none counts."),
        ({"shop.example": ["v=spf1 redirect=x.example"]}, "shop.example has an SPF record."),
    ],
)  # fmt: skip
def test_what_an_spf_record_says_is_said(records: dict[str, list[str]], words: str) -> None:
    assert next(iter(names.of("shop.example", ask=lambda name: records.get(name, [])))).words == words


@pytest.mark.parametrize(
    ("records", "is_well", "words"),
    [
        ({}, False, "mail.shop.example has no DMARC record: large providers trust its mail less."),
        ({"_dmarc.shop.example": ["v=DMARC1; p=reject"]}, True, "mail.shop.example has a DMARC record."),
        ({"_dmarc.mail.shop.example": ["v=DMARC1;p=none"]}, True,
         "mail.shop.example has a DMARC record that only watches (p=none)."),
        ({"_dmarc.mail.shop.example": ["v=DMARC1"]}, False,
         "The DMARC record of mail.shop.example does not say what to do (p=)."),
    ],
)  # fmt: skip
def test_what_a_dmarc_record_says_is_said(records: dict[str, list[str]], is_well: bool, words: str) -> None:
    found = list(names.of("mail.shop.example", ask=lambda name: records.get(name, [])))
    assert found[1] == Finding(is_well, words)


@pytest.mark.parametrize(
    ("key", "is_well"), [("v=DKIM1; p=MIGf", True), ("v=DKIM1; p=", False), ("v=DKIM1; p=no key!", False)]
)
def test_what_a_dkim_key_says_is_said(key: str, is_well: bool) -> None:
    records = {**GOOD, "s1._domainkey.shop.example": [key]}
    assert list(names.of("shop.example", selector="s1", ask=records.__getitem__))[2].is_well is is_well


def test_name_servers_that_do_not_answer_are_no_fault_of_the_domain() -> None:
    words = "The name servers do not answer from here, so the records of shop.example cannot be seen."
    assert list(names.of("shop.example", ask=silent)) == [Finding(None, words)]


@pytest.mark.parametrize(
    ("header", "wells"),
    [
        (b"", [None]),
        (b"Authentication-Results: mx; spf=pass smtp.mailfrom=a; dkim=pass; dmarc=pass\r\n", [True, True, True]),
        (b"Authentication-Results: mx; dkim=fail; dkim=pass;\r\n spf=softfail\r\n", [False, True, None]),
        (b"Authentication-Results: mx; none\r\n", [None]),
        (
            b"Authentication-Results: us; spf=fail\r\nAuthentication-Results: me; spf=pass\r\n",
            [False, None, None],
        ),
        (b"Authentication-Results: mx; spf=fail (not; spf=pass)\r\n", [False, None, None]),
    ],
)
def test_what_the_receiving_server_wrote_on_the_mail_is_read(header: bytes, wells: list[bool | None]) -> None:
    assert [one.is_well for one in seals.of(header + b"Subject: x\r\n\r\n")] == wells


@pytest.mark.django_db
def test_the_command_says_it_line_by_line_and_ends_with_one_when_something_is_wrong(
    receiving: Channel, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "set_up", lambda process: None)
    monkeypatch.setattr(starting, "set_django_up", lambda: None)
    monkeypatch.setitem(trying.run.__kwdefaults__, "ask", silent)
    ran = CliRunner().invoke(main, ["mail", "test", "--wait", "0"])
    assert ran.exit_code == 1, ran.output
    assert ran.output.splitlines() == [
        "Help <help@shop.example>",
        f"  ✓ A mail left through 127.0.0.1:{mail_server.port}.",
        "  ✗ It did not come back within 0 seconds. It may be late, or lie in another folder.",
        "  ? The name servers do not answer from here, so the records of shop.example cannot be seen.",
    ]
    nobody = CliRunner().invoke(main, ["mail", "test", "--channel", "999"])
    assert (nobody.exit_code, nobody.output) == (
        1,
        "There is no such mailbox. Connect one in Settings, Channels.\n",
    )
