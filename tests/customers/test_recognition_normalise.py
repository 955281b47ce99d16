"""One way to recognise a customer is one value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.customers import normalise


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (" Ann@Example.COM ", "ann@example.com"),
        ("Ann Example <Ann@Example.com>", "ann@example.com"),
        ("mailto:ann@example.com.", "ann@example.com"),
        ("ann\u200b@example.com\x00", "ann@example.com"),
        ("ann", None),
        ("a@b@c", None),
        ("", None),
        ("x" * 300 + "@example.com", None),
    ],
)
def test_an_address_is_written_one_way(sent: str, kept: str | None) -> None:
    assert normalise.email(sent) == kept


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("+49 (0)30 123-456", "+4930123456"),
        ("0049 30 123456", "+4930123456"),
        ("030/123456", "030123456"),
        ("٠٣٠١٢٣٤٥٦", "030123456"),
        ("call me", None),
        ("1234", None),
        ("1" * 16, None),
    ],
)
def test_a_number_is_its_digits(sent: str, kept: str | None) -> None:
    assert normalise.phone(sent) == kept


def test_somebody_elses_identifier_is_kept_as_it_is() -> None:
    assert normalise.identity("external", " Ü-1\x00 ") == " Ü-1 "
    assert normalise.identity("external", "\x00 ") is None
    assert normalise.identity("external", "x" * 513) is None


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Ærøskøbing  Łódź", "aeroskobing lodz"),
        ("STRASSE straße", "strasse strasse"),
        ("İstanbul ışık", "istanbul isik"),
    ],
)
def test_search_knows_no_case_and_no_accents(text: str, folded: str) -> None:
    assert normalise.fold(text) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert normalise.fold(normalise.fold(text)) == normalise.fold(text)


@given(st.sampled_from(["email", "phone", "external"]), st.text())
def test_what_was_kept_is_kept_again(kind: str, text: str) -> None:
    kept = normalise.identity(kind, text)
    assert kept is None or normalise.identity(kind, kept) == kept
