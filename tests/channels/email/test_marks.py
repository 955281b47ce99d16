"""Our own marks are known again, and nobody else's are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.channels.email import marks

HELP = "help@shop.example"
NUMBERS = st.integers(1, 10**17)


@given(NUMBERS, NUMBERS)
def test_a_plus_address_names_its_conversation_whatever_its_case(channel_id: int, conversation_id: int) -> None:
    marked = marks.plus_address(HELP, channel_id=channel_id, conversation_id=conversation_id)
    assert marked.startswith(f"help+c{conversation_id}.") and marked.endswith("@shop.example")
    assert len(marked.partition("@")[0]) <= 64
    for written in (marked, marked.upper(), f" {marked} "):
        assert marks.conversation_of_address(written, channel_id=channel_id) == conversation_id
    assert marks.bare_address(marked) == HELP


@given(NUMBERS, NUMBERS)
def test_a_mark_of_another_channel_or_conversation_names_nothing(channel_id: int, conversation_id: int) -> None:
    marked = marks.plus_address(HELP, channel_id=channel_id, conversation_id=conversation_id)
    own = marks.message_id("message:3", channel_id=channel_id, conversation_id=conversation_id, domain="shop.example")
    body = marks.body_marker(channel_id=channel_id, conversation_id=conversation_id)
    other = channel_id + 1
    assert marks.conversation_of_address(marked, channel_id=other) is None
    assert marks.conversation_of_message_id(own, channel_id=other) is None
    assert list(marks.conversations_of_body(body, channel_id=other)) == []
    moved = marked.replace(f"+c{conversation_id}.", f"+c{conversation_id + 1}.")
    assert marks.conversation_of_address(moved, channel_id=channel_id) is None


def test_our_message_id_is_stable_and_names_its_conversation() -> None:
    own = marks.message_id("message:3", channel_id=1, conversation_id=17, domain="shop.example")
    assert own == marks.message_id("message:3", channel_id=1, conversation_id=17, domain="shop.example")
    assert own != marks.message_id("message:4", channel_id=1, conversation_id=17, domain="shop.example")
    assert marks.conversation_of_message_id(own, channel_id=1) == 17
    assert marks.conversation_of_message_id(f"<{own}>", channel_id=1) == 17
    assert marks.conversation_of_message_id(own.replace("c17.", "c18."), channel_id=1) is None


def test_a_long_local_part_stays_as_it_is() -> None:
    long = "h" * 60 + "@shop.example"
    assert marks.plus_address(long, channel_id=1, conversation_id=17) == long


def test_markers_are_found_in_a_quoted_text_and_tokens_in_a_subject() -> None:
    text = f"> > thank you\r\n> {marks.body_marker(channel_id=1, conversation_id=17)}\r\n[ref:c18.aaaaaaaaaaaaaaaa]"
    assert list(marks.conversations_of_body(text, channel_id=1)) == [17]
    assert marks.conversations_of_subject(
        "Re: AW: [#17] Where is it? [# 3] [#٣] [ref:c18.ſaaaaaaaaaaaaaaa] [#999999999999999999999]"
    ) == [17]
    assert marks.conversations_of_subject(marks.subject_token(17)) == [17]


@given(st.text())
def test_nothing_that_anybody_writes_raises(text: str) -> None:
    assert marks.conversation_of_address(text, channel_id=1) is None
    assert marks.conversation_of_message_id(text, channel_id=1) is None
    assert list(marks.conversations_of_body(text, channel_id=1)) == []


@pytest.mark.parametrize("rotated", ["a-new-key-that-is-long-enough-to-be-one"])
def test_marks_made_before_the_key_was_rotated_still_count(rotated: str, settings: object) -> None:
    own = marks.message_id("message:3", channel_id=1, conversation_id=17, domain="shop.example")
    old = settings.SECRET_KEY  # type: ignore[attr-defined]
    settings.SECRET_KEY = rotated  # type: ignore[attr-defined]
    assert marks.conversation_of_message_id(own, channel_id=1) is None
    settings.SECRET_KEY_FALLBACKS = [old]  # type: ignore[attr-defined]
    assert marks.conversation_of_message_id(own, channel_id=1) == 17


def test_letters_that_only_look_like_ours_name_nothing() -> None:
    assert list(marks.conversations_of_body("[ref:c18.ſaaaaaaaaaaaaaaa]", channel_id=1)) == []
    assert marks.conversation_of_address("help+c18.Kaaaaaaaaaaaaaaa@shop.example", channel_id=1) is None


@given(NUMBERS, NUMBERS)
def test_marks_of_a_side_conversation_are_its_own(channel_id: int, side_id: int) -> None:
    marked = marks.side_address(HELP, channel_id=channel_id, side_id=side_id)
    own = marks.side_message_id("side:3", channel_id=channel_id, side_id=side_id, domain="shop.example")
    assert marks.side_of_address(marked.upper(), channel_id=channel_id) == side_id
    assert marks.side_of_message_id(f"<{own}>", channel_id=channel_id) == side_id
    assert marks.bare_address(marked) == HELP
    assert marks.side_of_address(marked, channel_id=channel_id + 1) is None
    assert marks.side_of_message_id(own, channel_id=channel_id + 1) is None


def test_no_mark_of_a_side_conversation_becomes_one_of_a_conversation() -> None:
    marked = marks.side_address(HELP, channel_id=1, side_id=17)
    theirs = marks.plus_address(HELP, channel_id=1, conversation_id=17)
    own = marks.side_message_id("side:3", channel_id=1, side_id=17, domain="shop.example")
    assert marks.conversation_of_address(marked, channel_id=1) is None
    assert marks.conversation_of_address(marked.replace("+s17.", "+c17."), channel_id=1) is None
    assert marks.side_of_address(theirs.replace("+c17.", "+s17."), channel_id=1) is None
    assert marks.conversation_of_message_id(own.replace("s17.", "c17.", 1), channel_id=1) is None
