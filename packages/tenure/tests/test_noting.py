"""Sentences that whoever speaks another language can say again: a code for good, and the values."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

from tenure.errors import NothingToRead
from tenure.noting import Note, noted, read_note
from tenure.risk.errors import LeakyColumn, TooFewLeavers
from tenure.risk.sentences import SENTENCES, note


def test_a_note_reads_like_any_text_and_knows_what_it_says() -> None:
    said = note("trees-not-tried", least=200, left="1,042")
    assert said == "Boosted trees were not tried: they need 200 training leavers and there are 1,042."
    assert (said.code, said.values) == ("trees-not-tried", {"least": "200", "left": "1,042"})
    assert json.loads(json.dumps([said])) == [str(said)]


@pytest.mark.parametrize("again", [copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))])
def test_copies_know_it_too(again: object) -> None:
    assert callable(again)
    found = again(noted("Two of three.", code="two", values={"of": 3}))
    assert (type(found), str(found), found.code, found.values) == (Note, "Two of three.", "two", {"of": "3"})


def test_it_comes_back_from_json_and_a_plain_text_stays_one() -> None:
    said = note("upside-down")
    back = read_note(json.loads(json.dumps(said.to_dict())))
    assert isinstance(back, Note) and (back, back.code, back.values) == (said, "upside-down", {})
    assert type(read_note("as it was written before")) is str


def test_blanks_are_plain_so_that_other_languages_can_move_them() -> None:
    for code, text in SENTENCES.items():
        assert code == code.lower() and " " not in code
        assert "{:" not in text and "!r" not in text and text.format_map(_Named())


class _Named(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return f"%({key})s"


def test_an_error_has_its_name_for_a_code_and_its_values_as_they_stand_in_it() -> None:
    few = TooFewLeavers(role="test", left=1_042, stayed=7, least=50)
    assert (few.code, few.values) == (
        "risk.TooFewLeavers", {"role": "test", "left": "1,042", "stayed": "7", "least": "50"}
    )  # fmt: skip
    assert NothingToRead().code == "NothingToRead"
    leaky = LeakyColumn(column="Complain", auc=0.99931, limit="0.95")
    assert leaky.values == {"column": "'Complain'", "auc": "0.999", "limit": "0.95"}
    assert all(value in str(leaky) for value in leaky.values.values())
