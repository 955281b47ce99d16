"""What `regulars retention` reads: a file into customers, moments and a breakdown, with every guess named."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from regulars.customers.importing.errors import CannotRead
from regulars.customers.importing.reading import BadLine, Batch, Reader, open_file
from regulars.customers.importing.values import moments, texts
from regulars.kernel import clock

_DAMAGE = (pa.ArrowException, OSError, EOFError, zlib.error, UnicodeError, ValueError, KeyError, IndexError)
_CUSTOMER_WORDS = (
    "customer",
    "client",
    "user",
    "buyer",
    "member",
    "subscriber",
    "visitor",
    "person",
    "email",
    "account",
    "kunde",
)
_TIME_WORDS = ("date", "time", "created", "ordered", "timestamp", "occurred", "day", "when", "at", "datum")
_ORDER_WORDS = {"dmy": "day/month/year", "mdy": "month/day/year", "ymd": "year-month-day"}
_REASONS = {  # the import's sentences are translated, which needs settings; this command has none
    "ragged": "it has more or fewer cells than the heading; quote cells that hold the separator",
    "quoting": "a quotation mark is opened and not closed properly; double quotation marks in cells",
    "nul": "it holds a NUL byte; export the file again as plain text",
    "encoding": "it is in another encoding than the rest; save the whole file as UTF-8",
    "too_long": "a cell is longer than a million characters; shorten it or leave the column out",
    "bad_json": "it is not a JSON object; write one JSON object a line",
    "damaged": "the file breaks off here; get the file again",
}
_DAY_US = 86_400_000_000


class Refusal(click.ClickException):
    """Said in one line, with what to do; the command ends with 2."""

    exit_code = 2


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """What the person said about the file; None is for us to find out."""

    customer: str | None
    time: str | None
    by: str | None
    zone: str
    date_order: str | None
    skip_bad: bool


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """One entry per usable row: whole-number or text customers, µs UTC, and the breakdown's values."""

    customers: Any
    times: NDArray[np.int64]
    by: pa.Array | None
    by_name: str | None
    notes: tuple[str, ...]


def read(path: Path, wanted: Wanted) -> Facts:
    """Read the whole file; raises `Refusal` naming the row and the remedy."""
    try:
        reader = open_file(path)
        person, clock_name, guesses = _columns(reader, wanted)
        batches = list(reader.batches())
    except CannotRead as refused:
        raise Refusal(f"{path.name}: {str(refused).removesuffix('; nothing was imported.')}") from refused
    except _DAMAGE as damage:
        raise Refusal(
            f"{path.name} cannot be read to its end ({_first_line(damage)}). Export or copy it again."
        ) from damage
    bad = [line for batch in batches for line in batch.bad]
    batches = [batch for batch in batches if batch.size]
    _refuse_bad_lines(bad, wanted)
    if not batches:
        raise Refusal(f"{path.name} has no rows under its first line.")
    order, order_note = _date_order(batches, clock_name, wanted)
    times, time_notes = _times(batches, clock_name, moments.Clock(order, wanted.zone), wanted)
    customers = _customers(batches, person)
    by = None if wanted.by is None else _joined([texts.text(batch.columns[wanted.by]) for batch in batches])
    notes = (*guesses, *order_note, *_bad_note(bad), *time_notes)
    return _usable(customers, times, by, wanted.by, notes)


def _columns(reader: Reader, wanted: Wanted) -> tuple[str, str, tuple[str, ...]]:
    """The customer's and the time's column, and what had to be guessed."""
    names = reader.columns
    if len(names) < 2:
        raise Refusal(
            f"Only one column was found, “{_short(', '.join(names))}”. "
            "Separate the columns by commas, semicolons, tabs or bars."
        )
    for option, name in (("--customer", wanted.customer), ("--time", wanted.time), ("--by", wanted.by)):
        if name is not None and name not in names:
            raise Refusal(_no_such(option, name, names))
    person = wanted.customer or _guess(names, _CUSTOMER_WORDS, option="--customer", what="the customer")
    rest = [name for name in names if name != person]
    when = wanted.time or _guess(rest, _TIME_WORDS, option="--time", what="the time")
    guessed = [
        f"{option[2:]} is the column “{name}” ({option} to change it)"
        for option, name, told in (("--customer", person, wanted.customer), ("--time", when, wanted.time))
        if told is None
    ]
    return person, when, (f"Guessed: {'; '.join(guessed)}.",) if guessed else ()


def _guess(names: Sequence[str], words: Sequence[str], *, option: str, what: str) -> str:
    """The one column that best looks like it; a tie between equals is asked, not settled."""
    scores = {name: _likeness(name, words) for name in names}
    best = max(scores.values(), default=0)
    found = [name for name, score in scores.items() if score == best and score > 0]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(found or names)
    reason = "Several columns could be" if found else "No column looks like"
    raise Refusal(
        f"{reason} {what}. Say which with {option} COLUMN; {'they are' if found else 'the columns are'}: {listed}."
    )


def _likeness(name: str, words: Sequence[str]) -> float:
    """Higher for an earlier word, for a name that is nothing else, and for an id rather than a name or a note."""
    parts = texts_of(name)
    ranks = [
        place
        for place, word in enumerate(words)
        if word in parts or (len(word) > 3 and any(word in part for part in parts))
    ]
    if not ranks:
        return 0.0
    others = [
        part for part in parts if part not in (*words, "id", "no", "number", "key", "order", "invoice", "purchase")
    ]
    return 100.0 - ranks[0] + (0.5 if "id" in "".join(parts)[-2:] else 0.0) - 10 * len(others)


def texts_of(name: str) -> list[str]:
    """The words of a column's name: `InvoiceDate` and `invoice_date` are both invoice, date."""
    spaced = "".join(
        f" {c}" if c.isupper() and before.islower() else c for before, c in zip(" " + name, name, strict=False)
    )
    return "".join(c if c.isalnum() else " " for c in spaced.lower()).split()


def _no_such(option: str, name: str, names: Sequence[str]) -> str:
    near = get_close_matches(name, names, n=1)
    hint = f" Did you mean “{near[0]}”?" if near else ""
    return f"{option}: there is no column “{name}”.{hint} The columns are: {', '.join(names)}."


def _refuse_bad_lines(bad: Sequence[BadLine], wanted: Wanted) -> None:
    if bad and not wanted.skip_bad:
        first = bad[0]
        more = f" ({len(bad) - 1:,} more like it)" if len(bad) > 1 else ""
        raise Refusal(
            f"Row {first.line} cannot be read: {_reason(first)}{more}. Or leave such rows out with --skip-bad."
        )


def _reason(line: BadLine) -> str:
    return _REASONS.get(line.reason, line.reason)


def _bad_note(bad: Sequence[BadLine]) -> tuple[str, ...]:
    return (
        (f"Left out: {len(bad):,} rows that cannot be read, the first at row {bad[0].line} ({_reason(bad[0])}).",)
        if bad
        else ()
    )


def _date_order(batches: Sequence[Batch], column: str, wanted: Wanted) -> tuple[str, tuple[str, ...]]:
    """The order of day and month the whole column leaves; where it leaves two, the person is asked."""
    if wanted.date_order:
        return wanted.date_order, ()
    seen = moments.Evidence()
    for batch in batches:
        seen = seen + moments.evidence(batch.columns[column])
    if seen.order is None:
        raise Refusal(
            f"Dates in “{column}” such as {seen.example} can be read in two ways. "
            "Say --date-order dmy (day first) or --date-order mdy (month first)."
        )
    order = _ORDER_WORDS[seen.order]
    said = f"Dates in “{column}” are read as {order}: some leave no other order (--date-order to change it)."
    return seen.order, (said,) if seen.order != "ymd" else ()


def _times(
    batches: Sequence[Batch], column: str, read_as: moments.Clock, wanted: Wanted
) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Every row's moment, or `MISSING`; what is no time is refused by its row, or left out and counted."""
    found = [moments.moments(batch.columns[column], read_as) for batch in batches]
    bad = [(batch, np.flatnonzero(times == moments.UNREADABLE)) for batch, times in zip(batches, found, strict=True)]
    count = sum(len(places) for _, places in bad)
    times = np.concatenate(found)
    if not count:
        return times, _strange_dates(times)
    batch, places = next((batch, places) for batch, places in bad if len(places))
    row, cell = int(batch.lines[places[0]]), batch.columns[column][int(places[0])].as_py()
    if not wanted.skip_bad:
        more = f" ({count - 1:,} more like it)" if count > 1 else ""
        raise Refusal(
            f"Row {row}: “{_short(cell)}” in “{column}” is not a time{more}. "
            "Mend it, or leave such rows out with --skip-bad."
        )
    times[times == moments.UNREADABLE] = moments.MISSING
    return times, (
        f"Left out: {count:,} rows whose time cannot be read, the first at row {row}.",
        *_strange_dates(times),
    )


def _strange_dates(times: NDArray[np.int64]) -> tuple[str, ...]:
    """Dates in the future or long past are kept, because they may be meant, but said."""
    known = times[times > moments.UNREADABLE]
    limit = int(clock.now().timestamp()) * 1_000_000 + _DAY_US
    future, ancient = int((known > limit).sum()), int((known < 0).sum())
    notes = (
        f"{future:,} rows lie in the future; --as-of DATE leaves them out." if future else "",
        f"{ancient:,} rows lie before 1970." if ancient else "",
    )
    return tuple(note for note in notes if note)


def _customers(batches: Sequence[Batch], column: str) -> Any:
    """Whole numbers as they are, anything else as trimmed text with the empty null."""
    columns = [batch.columns[column] for batch in batches]
    if all(pa.types.is_integer(values.type) for values in columns):
        return _joined([values.cast(pa.int64()) for values in columns])
    return _joined([texts.identifier(values) for values in columns])


def _usable(
    customers: pa.Array, times: NDArray[np.int64], by: pa.Array | None, by_name: str | None, notes: tuple[str, ...]
) -> Facts:
    has_customer = np.asarray(customers.is_valid())
    has_time = times > moments.UNREADABLE
    said = [
        f"Left out: {count:,} of {len(times):,} rows without a {what}."
        for count, what in (
            (int((~has_customer).sum()), "customer"),
            (int((has_customer & (times == moments.MISSING)).sum()), "time"),
        )
        if count
    ]
    kept = has_customer & has_time
    if not kept.any():
        raise Refusal("No row has both a customer and a time. Check which columns are read: --customer, --time.")
    chosen = pa.array(kept)
    people = customers.filter(chosen)
    whole = people.to_numpy(zero_copy_only=False) if pa.types.is_integer(people.type) else people
    return Facts(whole, times[kept], None if by is None else by.filter(chosen), by_name, (*notes, *said))


def _joined(arrays: Sequence[pa.Array]) -> pa.Array:
    joined = pa.chunked_array(list(arrays)).combine_chunks()
    return joined if isinstance(joined, pa.Array) else pa.concat_arrays(joined.chunks)


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _short(cell: Any) -> str:
    words = " ".join(str(cell).split())
    return words if len(words) <= 40 else f"{words[:39]}…"
