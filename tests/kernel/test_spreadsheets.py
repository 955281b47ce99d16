"""One rule for what a spreadsheet would run, for single cells and for whole columns."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel.spreadsheets import as_it_was, harmless, harmless_column

RUN = ["'=1", "''\t", "=1+1", " =1", "+SUM(A1)", "-2+3", "@x", "\tx", "\rx", "\n=x", "\uff1dcmd()", "-", "+a"]
NUMBERS = ["-1", "+491234", "-1.5", "-.5", "-1,234.50", " -7"]


@pytest.mark.parametrize("text", RUN)
@pytest.mark.parametrize("keeps_numbers", [True, False])
def test_what_would_run_gets_an_apostrophe(text: str, keeps_numbers: bool) -> None:
    assert harmless(text, keeps_numbers=keeps_numbers) == f"'{text}"


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_with_its_sign_may_be_kept(text: str) -> None:
    assert harmless(text, keeps_numbers=True) == text
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Ada", "a=b", "ada@example.com", "5", "'tis", "'"])
def test_other_text_is_left_alone(text: str) -> None:
    assert harmless(text) == text


@given(
    st.lists(st.none() | st.sampled_from(RUN + NUMBERS) | st.text("=+-@ \t\n\uff1d1.,a'"), max_size=8), st.booleans()
)
def test_a_column_is_its_cells(cells: list[str | None], keeps_numbers: bool) -> None:
    found = harmless_column(pa.array(cells, pa.string()), keeps_numbers=keeps_numbers).to_pylist()
    assert found == [None if cell is None else harmless(cell, keeps_numbers=keeps_numbers) for cell in cells]
    assert as_it_was(pa.array(found, pa.string())).to_pylist() == cells
