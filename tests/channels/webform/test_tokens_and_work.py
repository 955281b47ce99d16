"""What keeps machines out of a form: the token it carries, and the work a browser does for it."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.channels.webform import tokens, work

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
channels = st.integers(min_value=1, max_value=2**62)
moments = st.integers(1_600_000_000, 3_700_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(channels, moments)
def test_a_token_says_when_it_was_issued_and_is_read_by_its_own_form_alone(channel_id: int, at: datetime) -> None:
    text = tokens.issue(channel_id, at=at)
    read = tokens.read(text, channel_id=channel_id)
    assert read is not None and abs(read.issued_at - at) < timedelta(milliseconds=2) and len(read.nonce) == 24
    assert tokens.read(text, channel_id=channel_id + 1) is None


@given(channels, st.integers(0, 200), st.characters())
def test_a_token_with_one_letter_changed_is_not_ours(channel_id: int, place: int, letter: str) -> None:
    text = tokens.issue(channel_id, at=AT)
    place %= len(text)
    forged = text[:place] + letter + text[place + 1 :]
    assert (tokens.read(forged, channel_id=channel_id) is None) == (forged != text)


@given(st.text(max_size=300))
def test_no_text_makes_reading_a_token_fail(text: str) -> None:
    assert tokens.read(text, channel_id=1) is None


def test_two_tokens_are_never_the_same() -> None:
    assert len({tokens.issue(1, at=AT) for _ in range(100)}) == 100


@pytest.mark.parametrize(
    ("seconds", "has_work", "judged"),
    [
        (-5, True, "too quick"), (1.9, True, "too quick"), (2, True, "fine"), (86_400, True, "fine"),
        (86_401, True, "too old"), (7.9, False, "too quick"), (8, False, "fine"), (86_401, False, "too old"),
    ],
)  # fmt: skip
def test_who_did_some_work_may_be_quicker(seconds: float, has_work: bool, judged: str) -> None:
    token = tokens.Token("x", AT)
    assert tokens.judge(token, has_work=has_work, at=AT + timedelta(seconds=seconds)) == judged


@pytest.mark.parametrize("nonce", ["a", "Zq3-_kX0v9t2LmN8bC7dEfGh"])
def test_work_that_was_done_is_seen_to_be_done(nonce: str) -> None:
    answer = work.do(nonce)
    assert work.is_done(nonce, answer) and work.leading_zeros(nonce, answer) >= 14
    assert not work.is_done(f"{nonce}x", answer), "an answer is good for one token only"


@given(st.text(max_size=50), st.text(max_size=50))
def test_any_answer_is_looked_at_with_one_hash_and_few_are_right(nonce: str, answer: str) -> None:
    is_plain = 1 <= len(answer) <= 20 and set(answer) <= set("0123456789abcdefghijklmnopqrstuvwxyz")
    if not is_plain:
        assert not work.is_done(nonce, answer)
    else:
        assert work.is_done(nonce, answer) == (work.leading_zeros(nonce, answer) >= 14)


def test_the_hash_is_the_one_browsers_compute() -> None:
    for answer in ("0", "1", "26"):
        bits = "".join(f"{byte:08b}" for byte in hashlib.sha256(f"abc:{answer}".encode()).digest())
        assert work.leading_zeros("abc", answer) == len(bits) - len(bits.lstrip("0"))
