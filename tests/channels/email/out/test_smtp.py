"""Talking to mail servers: proving who we are, encryption, letters not every server knows, words and limits."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from regulars.channels.email.out import smtp
from regulars.channels.email.out.composing import Parcel
from regulars.channels.email.out.servers import DjangoBackend, NoWayOut, Patience, Server, way_out
from regulars.kernel.said import in_english
from tests.channels.email.out.mail_server import HANG, MailServer, running

HASTY = Patience(connecting=2, answer=1, after_the_end=1, altogether=4)
PARCEL = Parcel(
    raw=b"Subject: Hi\r\n\r\n.a line\r\n..\r\n.\r\nend", sender="help@shop.example",
    recipients=("ada@example.com",), needs_utf8=False,
)  # fmt: skip


def to(server: MailServer, **given: object) -> Server:
    return Server(**{"host": "127.0.0.1", "port": server.port, "security": "none", "patience": HASTY, **given})  # type: ignore[arg-type]


def test_lines_that_begin_with_dots_arrive_as_they_were() -> None:
    with running() as server:
        assert smtp.carry(PARCEL, server=to(server)).state == "sent"
    assert server.taken == [(["ada@example.com"], PARCEL.raw + b"\r\n")]


def test_a_password_lets_us_in_and_a_wrong_one_is_trouble_of_the_channel() -> None:
    with running(signs_in=True) as server:
        server.password = "right"
        assert smtp.carry(PARCEL, server=to(server, user="help", password="right")).state == "sent"
        refused = smtp.carry(PARCEL, server=to(server, user="help", password="wrong"))
    assert (refused.state, refused.is_channels) == ("later", True)
    assert refused.words.startswith("535")
    assert len(server.taken) == 1


def test_a_token_lets_us_in_and_an_old_one_is_trouble_of_the_channel() -> None:
    with running(signs_in=True) as server:
        server.token = "fresh"
        fresh = smtp.carry(PARCEL, server=to(server, user="help@shop.example", token="fresh"))
        stale = smtp.carry(PARCEL, server=to(server, user="help@shop.example", token="stale"))
    assert (fresh.state, stale.state, stale.is_channels) == ("sent", "later", True)
    assert len(server.taken) == 1


def test_encryption_is_not_given_up_when_the_server_has_none() -> None:
    with running() as server:
        outcome = smtp.carry(PARCEL, server=to(server, security="starttls"))
    assert (outcome.state, outcome.is_channels, server.calls) == ("later", True, 0)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_encrypted_servers_are_spoken_to_if_their_name_is_proven(
    security: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(**{security: certified(tmp_path)}) as server:
        unproven = smtp.carry(PARCEL, server=to(server, security=security))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "both.pem"))
        proven = smtp.carry(PARCEL, server=to(server, security=security))
    assert (unproven.state, unproven.is_channels, proven.state) == ("later", True, "sent")
    assert "certificate" in unproven.words.lower()
    assert len(server.taken) == 1


def test_an_address_in_other_letters_goes_only_through_servers_that_know_them() -> None:
    parcel = Parcel(raw=PARCEL.raw, sender=PARCEL.sender, recipients=("ädá@example.com",), needs_utf8=True)
    with running(utf8=False) as old:
        refused = smtp.carry(parcel, server=to(old))
    with running() as modern:
        taken = smtp.carry(parcel, server=to(modern))
    assert (refused.state, old.calls, taken.state) == ("failed", 0, "sent")
    assert in_english(refused.words) == "The mail server cannot carry an address with letters like these (SMTPUTF8)."
    assert modern.taken[0][0] == ["ädá@example.com"]


def test_what_is_larger_than_the_server_takes_is_not_even_offered() -> None:
    parcel = Parcel(raw=b"x" * 34_000_000, sender="a@b", recipients=("ada@example.com",), needs_utf8=False)
    with running() as server:
        outcome = smtp.carry(parcel, server=to(server))
    assert (outcome.state, server.calls) == ("failed", 0)
    assert in_english(outcome.words) == "This mail has 34,000,000 bytes, and the mail server takes 33,554,432."


def test_all_patience_ends_even_with_a_server_that_answers_now_and_then() -> None:
    with running() as server:
        server.at_end = [HANG]
        patience = Patience(connecting=2, answer=30, after_the_end=30, altogether=0.7)
        outcome = smtp.carry(PARCEL, server=to(server, patience=patience))
    assert outcome.state == "unknown"


def test_a_channels_own_server_comes_before_the_installations(settings: pytest.FixtureRequest) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "mail.example", 2525  # type: ignore[attr-defined]
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = True, False  # type: ignore[attr-defined]
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "shop", "secret"  # type: ignore[attr-defined]
    own = way_out({"smtp_host": "own.example", "smtp_security": "tls", "smtp_user": "u"}, {"smtp_password": "p"})
    assert own == Server(host="own.example", port=465, security="tls", user="u", password="p")
    assert way_out({}, {}) == Server(
        host="mail.example", port=2525, security="starttls", user="shop", password="secret"
    )
    settings.EMAIL_BACKEND = "anymail.backends.mailgun.EmailBackend"  # type: ignore[attr-defined]
    assert way_out({}, {}) == DjangoBackend(path="anymail.backends.mailgun.EmailBackend")
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"  # type: ignore[attr-defined]
    with pytest.raises(NoWayOut):
        way_out({}, {})
    settings.MAIL_TO_THE_LOG = True  # type: ignore[attr-defined]
    assert way_out({}, {}) == DjangoBackend(path="django.core.mail.backends.console.EmailBackend")


def certified(folder: Path) -> ssl.SSLContext:
    """A server's side of encryption, with a certificate nobody has signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "both.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context
