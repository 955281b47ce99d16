"""What a worker puts down is read by everybody in their own language."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from regulars.channels.actions import setting_up
from regulars.channels.models import Channel
from regulars.channels.selectors import standing
from regulars.kernel.actors import SYSTEM
from regulars.kernel.said import BEGIN, in_english, phrase, plain, shown

HUNG_UP = "The mail server hung up."
UNREACHED = "%(service)s cannot be reached. It is tried again by itself."


def german(text: str) -> str:
    with translation.override("de"):
        return shown(text)


def test_a_phrase_is_read_in_the_readers_language_whatever_the_writers() -> None:
    with translation.override("de"):
        words = phrase(UNREACHED) % {"service": "Mailgun"}
    with translation.override("en"):
        assert shown(words) == "Mailgun cannot be reached. It is tried again by itself."
    assert "Mailgun" in german(words) and german(words) != shown(words)
    assert in_english(words) == "Mailgun cannot be reached. It is tried again by itself."


def test_phrases_stand_among_others_words_and_inside_each_other() -> None:
    inner = phrase(HUNG_UP)
    outer = phrase("%(trouble)s – it is tried again by itself.") % {"trouble": f"550 no; {inner}"}
    assert in_english(f"a; {outer}") == f"a; 550 no; {HUNG_UP} – it is tried again by itself."
    assert shown(f"a; {outer}") == in_english(f"a; {outer}")
    assert HUNG_UP not in german(outer) and "550 no" in german(outer)


def test_what_was_put_down_in_plain_words_is_shown_as_it_is() -> None:
    assert shown("550 100% sure %(service)s") == german("550 100% sure %(service)s") == "550 100% sure %(service)s"


def test_a_percent_sign_in_a_value_stays_and_a_value_is_no_pattern() -> None:
    words = phrase(UNREACHED) % {"service": "100% %(service)s"}
    assert in_english(words).startswith("100% %(service)s cannot")
    assert shown(words) == in_english(words)


@pytest.mark.parametrize("cut", [3, 40, 90])
def test_a_phrase_that_was_cut_off_is_no_fault(cut: int) -> None:
    words = (phrase(UNREACHED) % {"service": "Mailgun"})[:cut]
    assert BEGIN not in shown(words)


@given(st.text(), st.text())
def test_nothing_from_outside_becomes_a_phrase(said: str, more: str) -> None:
    words = f"{plain(said)}{phrase(HUNG_UP)}{plain(more)}"
    assert in_english(words) == f"{plain(said)}{HUNG_UP}{plain(more)}"
    assert shown(plain(said)) == plain(said)


@pytest.mark.django_db
def test_a_mailbox_tells_its_trouble_to_each_in_their_language_and_keeps_an_old_one_as_it_was() -> None:
    new = setting_up.create("email", "Help", by=SYSTEM, address="help@shop.example")
    old = setting_up.create("email", "Old", by=SYSTEM, address="old@shop.example")
    Channel.objects.filter(pk=new.pk).update(trouble=phrase(HUNG_UP))
    Channel.objects.filter(pk=old.pk).update(trouble="The mail server is gone.")
    said = {}
    for language in ("en", "de"):
        with translation.override(language):
            said[language] = [one.words for one in standing.troubles()]
    assert said["en"] == [HUNG_UP, "The mail server is gone."]
    assert said["de"] == [german(phrase(HUNG_UP)), "The mail server is gone."] != said["en"]
