"""DKIM signatures, checked by the library that checks them elsewhere."""

from dataclasses import replace
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from regulars.channels.email.out import composing, dkim_keys, signing
from regulars.channels.email.out.signing import CannotSign
from regulars.channels.errors import KeyNotReadable, SelectorNotUsable
from tests.channels.email.out.test_composing import AT, LETTER, SHOP

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()


def record(name: bytes, timeout: int = 5) -> bytes:
    from base64 import b64encode

    assert name.rstrip(b".") == b"s1._domainkey.shop.example"
    public = KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return b"v=DKIM1; k=rsa; p=" + b64encode(public)


@pytest.fixture
def parcel() -> composing.Parcel:
    return composing.compose(replace(LETTER, text="Grüße\n.dot\n\n\n"), SHOP, at=AT, read=str.encode)


def test_a_signed_mail_is_found_to_be_ours(parcel: composing.Parcel) -> None:
    signed = signing.signed(parcel, {"dkim_selector": "s1"}, {"dkim_key": PEM})
    assert signed.raw.endswith(parcel.raw)
    assert dkim.verify(signed.raw, dnsfunc=record)
    assert not dkim.verify(signed.raw.replace(b"Where is", b"There is"), dnsfunc=record)
    assert not dkim.verify(b"From: eve@example.com\r\n" + signed.raw, dnsfunc=record)
    assert not dkim.verify(signed.raw + b"more\r\n", dnsfunc=record)


def test_without_a_key_nothing_is_signed(parcel: composing.Parcel) -> None:
    assert signing.signed(parcel, {"dkim_selector": "s1"}, {}) is parcel
    assert signing.signed(parcel, {}, {"dkim_key": PEM}) is parcel


def test_a_key_that_cannot_be_read_stops_the_mail(parcel: composing.Parcel) -> None:
    with pytest.raises(CannotSign):
        signing.signed(parcel, {"dkim_selector": "s1"}, {"dkim_key": "not a key"})


def test_what_is_to_be_published_lets_others_check_the_signature(parcel: composing.Parcel) -> None:
    said = {"dkim_selector": "s1"}
    wanted = dkim_keys.Record("s1._domainkey.shop.example", record(b"s1._domainkey.shop.example").decode())
    assert dkim_keys.record(said, {"dkim_key": PEM}, sender=parcel.sender) == wanted
    pasted = "\n " + PEM.replace("\n", "\r\n")
    signed = signing.signed(parcel, said, {"dkim_key": dkim_keys.plain(pasted)})
    assert dkim.verify(signed.raw, dnsfunc=record)
    elsewhere = dkim_keys.record({**said, "dkim_domain": "bücher.example"}, {"dkim_key": PEM}, sender="")
    assert elsewhere == replace(wanted, name="s1._domainkey.xn--bcher-kva.example")
    assert dkim_keys.record({}, {"dkim_key": PEM}, sender=parcel.sender) is None
    assert dkim_keys.record({**said, "out_provider": "postmark"}, {"dkim_key": PEM}, sender=parcel.sender) is None


def test_a_key_that_would_prove_nothing_is_refused() -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    short = "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----"
    locked = _pem(KEY, serialization.BestAvailableEncryption(b"secret"))
    for wrong in ("", "grüß", short, PEM[:400], locked, _pem(other, serialization.NoEncryption())):
        with pytest.raises(KeyNotReadable):
            dkim_keys.plain(wrong)
    for said in ({"dkim_selector": "a b"}, {"dkim_selector": "s1", "dkim_domain": "no domain"}):
        with pytest.raises(SelectorNotUsable):
            dkim_keys.insist(said, {"dkim_key": PEM})
    with pytest.raises(SelectorNotUsable):
        dkim_keys.insist({"dkim_selector": "s1"}, {})


def _pem(key: Any, lock: serialization.KeySerializationEncryption) -> str:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock).decode()
