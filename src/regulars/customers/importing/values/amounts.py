"""Numbers as files write them, into exact millionths.

An amount is an integer number of millionths, so that prices times quantities add up exactly; it
becomes minor units of a currency only at the end. `1,234` may be a thousand or one and a bit: a
column that never shows which is asked about, not guessed.
"""

import re
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from regulars.customers.importing.values.texts import is_null, text, true_where
from regulars.kernel.arrow import pc

MICRO = 1_000_000
LARGEST = 9_000_000_000 * MICRO
MISSING = np.int64(np.iinfo(np.int64).min)
UNREADABLE = MISSING + 1
TOO_LARGE = MISSING + 2
MARKS = ("point", "comma")
_PLAIN = r"^-?\d{1,9}(\.\d{1,6})?$"
_DRESS = re.compile(r"^(?:[A-Z]{3}|[€$£¥₹])?\s*(.*?)\s*(?:[A-Z]{3}|[€$£¥₹])?$")
_NUMBER = {
    "point": re.compile(r"^[+-]?(\d+|\d{1,3}(?:[ '’,\u00a0\u202f]\d{3})+)(\.\d*)?$|^[+-]?\.\d+$"),
    "comma": re.compile(r"^[+-]?(\d+|\d{1,3}(?:[ '’.\u00a0\u202f]\d{3})+)(,\d*)?$|^[+-]?,\d+$"),
}
_SCIENTIFIC = re.compile(r"^\d(\.\d{1,15})?[eE][+-]?\d{1,2}$")
_SEPARATORS = {"point": re.compile(r"[ '’,\u00a0\u202f]"), "comma": re.compile(r"[ '’.\u00a0\u202f]")}


class Evidence(NamedTuple):
    """How many numbers of a column are plainly written with a point, with a comma, or could be either."""

    point: int = 0
    comma: int = 0
    either: int = 0
    example: str = ""

    def __add__(self, other: "Evidence") -> "Evidence":  # type: ignore[override]  # sums, where tuples join
        return Evidence(
            self.point + other.point,
            self.comma + other.comma,
            self.either + other.either,
            self.example or other.example,
        )

    @property
    def mark(self) -> str | None:
        """The decimal mark the column leaves, if it leaves one."""
        if self.comma and not self.point:
            return "comma"
        if self.point and not self.comma:
            return "point"
        return None if self.either or self.comma else "point"


def evidence(column: pa.Array) -> Evidence:
    """Look at every number with a mark in it."""
    if not pa.types.is_string(column.type):
        return Evidence()
    cells = text(column)
    with_comma = true_where(pc.match_substring(cells, ","))
    if not with_comma.any():
        if not pc.any(pc.match_substring_regex(cells, r"^\D*[1-9]\d{0,2}\.\d{3}(\D|$)")).as_py():
            return Evidence(point=int(pc.any(pc.match_substring(cells, ".")).as_py() or False))
        points = true_where(pc.match_substring_regex(cells, r"\.(\d{1,2}|\d{4,})\D*$"))
        thousands = true_where(pc.match_substring_regex(cells, r"^\D*[1-9]\d{0,2}(\.\d{3})+\D*$"))
        several = true_where(pc.match_substring_regex(cells, r"\.\d{3}\."))
        example = _first(cells, thousands)
        return Evidence(int(points.sum()), int(several.sum()), int((thousands & ~several).sum()), example)
    found = [_look(value) for value in cells.filter(pa.array(with_comma)).unique().to_pylist()]
    points = true_where(pc.match_substring_regex(cells, r"^[^,]*\.(\d{1,2}|\d{4,})\D*$"))
    either = [value for value, verdict in found if verdict == "either"]
    return Evidence(
        int(points.sum()) + sum(verdict == "point" for _, verdict in found),
        sum(verdict == "comma" for _, verdict in found),
        len(either),
        either[0] if either else "",
    )


def _look(value: str) -> tuple[str, str]:
    comma, point = value.rfind(","), value.rfind(".")
    if point >= 0:
        return value, "point" if point > comma else "comma"
    if value.count(",") > 1:
        return value, "point"
    return value, "either" if re.search(r"^\D*[1-9]\d{0,2},\d{3}\D*$", value) else "comma"


def _first(cells: pa.Array, mask: NDArray[np.bool_]) -> str:
    places = np.flatnonzero(mask)
    return cells[int(places[0])].as_py() if len(places) else ""


def amounts(column: pa.Array, mark: str) -> NDArray[np.int64]:
    """Millionths; `MISSING` for empty cells, `UNREADABLE` for no number, `TOO_LARGE` beyond nine milliards."""
    kind = column.type
    if pa.types.is_floating(kind) or pa.types.is_integer(kind):
        return _of_numbers(column)
    if pa.types.is_decimal(kind):
        column, mark = column.cast(pa.string()), "point"
    if not pa.types.is_string(column.type):
        return np.where(is_null(column), MISSING, UNREADABLE)
    cells = text(column)
    result = np.full(len(cells), MISSING, np.int64)
    is_plain = true_where(pc.match_substring_regex(cells, _PLAIN))
    if mark == "comma":  # 1.234 is a thousand there
        is_plain &= ~true_where(pc.match_substring(cells, "."))
    if is_plain.any():
        # Below 10^9 with six digits, a double is nearer to the true millionth than to any other.
        doubles = np.asarray(cells.filter(pa.array(is_plain)).cast(pa.float64()))
        result[is_plain] = np.rint(doubles * MICRO).astype(np.int64)
    rest = ~is_plain & ~is_null(cells)
    if rest.any():
        encoded = cells.filter(pa.array(rest)).dictionary_encode()
        values = np.array([_exact(value, mark) for value in encoded.dictionary.to_pylist()], np.int64)
        result[rest] = values[np.asarray(encoded.indices)]
    return result


def _of_numbers(column: pa.Array) -> NDArray[np.int64]:
    numbers = np.asarray(pc.fill_null(pc.cast(column, pa.float64(), safe=False), np.nan))
    is_missing = np.isnan(numbers)
    is_large = np.abs(numbers) > LARGEST / MICRO
    result = np.rint(np.where(is_missing | is_large, 0.0, numbers) * MICRO).astype(np.int64)
    result[is_large] = TOO_LARGE
    result[is_missing] = MISSING
    return result


def _exact(value: str, mark: str) -> int:
    """A number with its thousands, currency sign, brackets or trailing minus."""
    dressed = _DRESS.match(value.replace("−", "-").strip())
    bare = dressed.group(1) if dressed else value
    sign = 1
    if bare.startswith("(") and bare.endswith(")"):
        bare, sign = bare[1:-1], -1
    if bare.endswith("-"):
        bare, sign = bare[:-1], -1
    if bare.startswith("-") and (inner := _DRESS.match(bare[1:])):
        bare, sign = inner.group(1), -sign
    if not (_NUMBER[mark].match(bare) or _SCIENTIFIC.match(bare)):
        return int(UNREADABLE)
    try:
        number = Decimal(bare if "e" in bare.lower() else _SEPARATORS[mark].sub("", bare).replace(",", "."))
    except InvalidOperation:
        return int(UNREADABLE)
    scaled = number * MICRO
    if abs(scaled) > LARGEST:
        return int(TOO_LARGE)
    return sign * int(scaled.to_integral_value())
