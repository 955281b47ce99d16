"""What the library says is put down once and read in the language of whoever reads."""

import re

from django.utils import translation

from regulars.insights import sentences
from regulars.kernel import said
from tenure import TenureError, errors
from tenure.errors import UnknownZone
from tenure.revenue import errors as of_revenue
from tenure.risk import errors as of_risk
from tenure.risk.errors import LeakyColumn, TooFewLeavers
from tenure.risk.sentences import SENTENCES, note
from tenure.survival import errors as of_survival
from tenure.value import errors as of_value

_BLANK = re.compile(r"%\((\w+)\)s")


def test_every_sentence_answers_a_code_of_the_library_and_uses_only_values_it_has() -> None:
    known = dict(SENTENCES.items())
    for area in (errors, of_revenue, of_risk, of_survival, of_value):
        for kind in vars(area).values():
            if isinstance(kind, type) and issubclass(kind, TenureError):
                known[kind.__new__(kind).code] = kind.__doc__ or ""
    for code, sentence in sentences.SENTENCES.items():
        assert code in known
        assert {*_BLANK.findall(sentence)} <= {*re.findall(r"\{(\w+)", known[code])}, code


def test_a_refusal_is_put_down_in_english_and_read_in_any_language() -> None:
    stored = sentences.put_down(TooFewLeavers(role="test", left=1_042, stayed=7, least=50))
    assert said.in_english(stored) == (
        "Among the customers for checking 1,042 left and 7 stayed; below 50 of each nothing can be said that would "
        "hold. More customers or more time will tell."
    )
    with translation.override("de"):
        assert "1,042" in sentences.shown(stored)
        assert "checking" not in sentences.shown(stored)


def test_names_of_columns_come_without_a_programmers_quotes_and_carry_no_phrase() -> None:
    told = LeakyColumn(column="\x02[]\x1eno\x03Complain", auc=0.9993, limit="0.95")
    assert sentences.words(told).startswith("“") and "Complain” alone tells who left (AUC 0.999)" in sentences.words(
        told
    )


def test_what_has_no_sentence_of_the_products_is_said_as_the_library_says_it() -> None:
    assert sentences.words(UnknownZone(zone="Mars")).startswith("There is no time zone called 'Mars'.")
    assert sentences.words("Counted by DuckDB.") == "Counted by DuckDB."
    assert sentences.words(note("gaps", columns="3")) == str(note("gaps", columns="3"))
