"""DKIM signatures, checked by the library that checks them elsewhere."""

from dataclasses import replace

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from regulars.channels.email.out import composing, signing
from regulars.channels.email.out.signing import CannotSign
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
