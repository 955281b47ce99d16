"""Text for spreadsheets, which take some beginnings for formulas and run them: one rule for every file we write.

An apostrophe goes before what would run. Full-width signs count as the plain ones, and so do signs
behind white space. A number with its sign runs nothing and may be kept as it is. What looks as if it
had been given one gets another, so that `as_it_was` gives everything back that was written here.
"""

import re
from typing import Any

RUNS = "[ \t\r\n]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]"
NUMBER = r"[ \t]*[-+]?\.?[0-9][0-9.,]*"

_runs, _number = re.compile(f"'*(?:{RUNS})"), re.compile(NUMBER)


def harmless(cell: object, *, keeps_numbers: bool = False) -> str:
    """One cell's text; nothing is the empty text."""
    text = "" if cell is None else str(cell)
    if not _runs.match(text) or (keeps_numbers and _number.fullmatch(text)):
        return text
    return f"'{text}"


def harmless_column(cells: Any, *, keeps_numbers: bool = False) -> Any:
    """A column of Arrow's; null stays null."""
    import pyarrow as pa

    from regulars.kernel.arrow import pc

    texts = pc.cast(cells, pa.string())
    does_run = pc.match_substring_regex(texts, f"^'*(?:{RUNS})")
    if keeps_numbers:
        does_run = pc.and_(does_run, pc.invert(pc.match_substring_regex(texts, f"^(?:{NUMBER})$")))
    return pc.if_else(pc.fill_null(does_run, False), pc.binary_join_element_wise("'", texts, ""), texts)


def as_it_was(cells: Any) -> Any:
    """A column of texts out of a file of ours, without the apostrophes that were put before what would run."""
    from regulars.kernel.arrow import pc

    if not pc.any(pc.starts_with(cells, "'")).as_py():
        return cells
    was_marked = pc.fill_null(pc.match_substring_regex(cells, f"^'+(?:{RUNS})"), False)
    return pc.if_else(was_marked, pc.utf8_slice_codeunits(cells, 1), cells)
