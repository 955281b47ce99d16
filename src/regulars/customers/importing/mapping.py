"""Guessing what columns mean from their names and what they hold; saying where that is unsure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import pyarrow as pa
from django.utils.translation import gettext as _

from regulars.customers import normalise
from regulars.customers.importing import fields
from regulars.customers.importing.errors import CannotMap
from regulars.customers.importing.fields import FIELDS, NEEDED, Field
from regulars.customers.importing.plans import KEPT, LEFT_OUT
from regulars.customers.importing.reading import Batch, Reader
from regulars.customers.importing.values import amounts, moments
from regulars.customers.importing.values.texts import as_text, text
from regulars.kernel.arrow import pc

SAMPLE_ROWS = 1000
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A field that more than one column may be, or that none is."""

    field: Field
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guess:
    """A meaning for every column, what is unsure, and the first rows as text."""

    columns: dict[str, str]
    doubts: tuple[Doubt, ...] = ()
    sample: dict[str, list[str | None]] = field(default_factory=dict)
    unread: tuple[str, ...] = ()  # sheets of the file that are left aside


def folded(name: str) -> str:
    """A column's name as it is compared: words in lower case without accents or punctuation."""
    words = _CAMEL.sub(" ", name.strip()).lower().translate(_UMLAUTS)
    return " ".join(re.sub(r"[^a-z0-9]+", " ", normalise.fold(words)).split())


def snake(name: str) -> str:
    """A column's name as the name of a property: `Payment Method` is `payment_method`."""
    return folded(name).replace(" ", "_") or name


def guess(reader: Reader, kind: str) -> Guess:
    """What the columns of a file seem to mean."""
    sample = _sample(reader)
    scores = _scores(sample, reader.columns, kind)
    columns, doubts = _settle(scores, kind)
    rest = {name: _default(name, kind) for name in reader.columns if name not in columns}
    chosen = {name: columns.get(name, rest.get(name, LEFT_OUT)) for name in reader.columns}
    shown = {name: as_text(column.slice(0, 8)).to_pylist() for name, column in sample.items()}
    return Guess(chosen, doubts, shown, tuple(getattr(reader, "unread", ())))


def override(guessed: Guess, wanted: Iterable[tuple[str, str]], *, kind: str) -> Guess:
    """Put what a person said (field to column) over the guess; settles the doubts it answers."""
    columns = dict(guessed.columns)
    for name, column in wanted:
        if column not in columns:
            raise CannotMap(_no_such(column, list(columns)))
        if name not in (KEPT, LEFT_OUT, "-") and fields.field_of(kind, name) is None:
            known = ", ".join(item.name for item in FIELDS[kind])
            raise CannotMap(_("“%(name)s” is no field of %(kind)s. Fields: %(known)s.") % vars_of(name, kind, known))
        target = LEFT_OUT if name == "-" else name
        for other, present in columns.items():
            if present == target and target not in (KEPT, LEFT_OUT):
                columns[other] = _default(other, kind)
        columns[column] = target
    return replace(guessed, columns=columns, doubts=_still_open(guessed.doubts, columns, kind))


def choose(columns: Mapping[str, str], *, kind: str) -> dict[str, str]:
    """Check a meaning given for every column, as the page sends it: each field at most once, the needed ones there."""
    for name in FIELDS[kind]:
        twice = [column for column, target in columns.items() if target == name.name]
        if len(twice) > 1:
            said = {"field": name.label, "columns": ", ".join(twice)}
            raise CannotMap(_("“%(field)s” is chosen for more than one column: %(columns)s.") % said)
    known = {item.name for item in FIELDS[kind]} | {KEPT, LEFT_OUT}
    return {column: target if target in known else LEFT_OUT for column, target in columns.items()}


def missing(columns: Mapping[str, str], *, kind: str, has_fact_name: bool = False) -> list[tuple[Field, ...]]:
    """The groups of fields of which one is needed and none has a column."""
    present = set(columns.values()) | ({"name"} if has_fact_name else set())
    groups = [group for group in NEEDED[kind] if not present.intersection(group)]
    return [tuple(field for name in group if (field := fields.field_of(kind, name))) for group in groups]


def vars_of(name: str, kind: str, known: str) -> dict[str, str]:
    return {"name": name, "kind": kind, "known": known}


def _no_such(column: str, columns: Sequence[str]) -> str:
    return _("There is no column “%(column)s”. The file has: %(columns)s.") % {
        "column": column,
        "columns": ", ".join(columns[:40]),
    }


def _sample(reader: Reader) -> dict[str, pa.Array]:
    """The first rows that can be read."""
    for batch in islice(reader.batches(), 8):
        if batch.size:
            return _head(batch)
    return {name: pa.array([], pa.string()) for name in reader.columns}


def _head(batch: Batch) -> dict[str, pa.Array]:
    return {name: column.slice(0, SAMPLE_ROWS) for name, column in batch.columns.items()}


def _scores(sample: Mapping[str, pa.Array], names: Sequence[str], kind: str) -> dict[tuple[str, str], float]:
    """How well each column fits each field; content can veto a name, and alone speaks softly."""
    found = {}
    for name in names:
        plain = folded(name)
        for item in FIELDS[kind]:
            score = _name_score(plain, item)
            fits = _fits(sample[name], item.holds) if name in sample else 0.0
            if score and fits >= 0.5:
                found[name, item.name] = score
            elif not score and fits > 0.9 and _speaks_alone(item, kind) and not _digits(sample[name]):
                found[name, item.name] = 0.2
    return found


def _speaks_alone(item: Field, kind: str) -> bool:
    """Whether what a column holds can say that it is this field; a date that nothing needs may be a birthday."""
    is_needed = any(item.name in group for group in NEEDED[kind])
    return item.holds == fields.EMAIL or (item.holds == fields.TIME and is_needed)


def _name_score(plain: str, item: Field) -> float:
    compact = plain.replace(" ", "")
    for rank, known in enumerate(item.names):
        if plain == known or compact == known.replace(" ", ""):
            return 1.0 - rank / 200
    words = f" {plain} "
    return 0.5 if any(" " in known and f" {known} " in words for known in item.names) else 0.0


def _fits(column: pa.Array, holds: str) -> float:
    """The share of filled cells that could be what the field holds; 1 where nothing is filled."""
    filled = text(column).drop_null()
    if not len(filled):
        return 1.0
    if holds == fields.EMAIL:
        return _share(pc.match_substring_regex(filled, r"^[^@\s]+@[^@\s]+\.[^@\s]+$"))
    if holds == fields.TIME:
        return _time_share(column, filled)
    if holds == fields.AMOUNT:
        return max(float((amounts.amounts(filled, mark) > amounts.TOO_LARGE).mean()) for mark in amounts.MARKS)
    if holds == fields.CURRENCY:
        return _share(pc.match_substring_regex(filled, r"^[A-Za-z]{3}$"))
    if holds == fields.JSON:
        return _share(pc.starts_with(filled, "{"))
    return 1.0


def _time_share(column: pa.Array, filled: pa.Array) -> float:
    if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
        return 1.0
    orders = [moments.moments(filled, moments.Clock(order, "UTC")) > moments.UNREADABLE for order in moments.ORDERS]
    return max(float(found.mean()) for found in orders)


def _digits(column: pa.Array) -> bool:
    """Bare numbers may be moments, but then the column's name has to say so."""
    return bool(pc.any(pc.match_substring_regex(as_text(column), r"^\d+(\.0)?$")).as_py())


def _share(condition: pa.Array) -> float:
    return float(pc.mean(condition.cast(pa.int8())).as_py() or 0.0)


def _settle(scores: Mapping[tuple[str, str], float], kind: str) -> tuple[dict[str, str], tuple[Doubt, ...]]:
    """Give each field its best column, best matches first; equal matches are a doubt, not a choice."""
    columns: dict[str, str] = {}
    doubts: list[Doubt] = []
    done: set[str] = set()
    for (_column, name), score in sorted(scores.items(), key=lambda item: -item[1]):
        if name in done or _column in columns:
            continue
        rivals = [
            column for (column, other), rival in scores.items()
            if other == name and rival == score and column not in columns
        ]  # fmt: skip
        done.add(name)
        if len(rivals) == 1:
            columns[_column] = name
        elif score > 0.2 or any(name in group for group in NEEDED[kind]):
            item = fields.field_of(kind, name)
            assert item is not None
            doubts.append(Doubt(item, tuple(rivals)))
    return columns, _still_open(tuple(doubts), columns, kind)


def _still_open(doubts: Sequence[Doubt], columns: Mapping[str, str], kind: str) -> tuple[Doubt, ...]:
    present = set(columns.values())
    spare = {column for column, target in columns.items() if target in (KEPT, LEFT_OUT)}
    answered = {name for group in NEEDED[kind] if present.intersection(group) for name in group}
    return tuple(
        doubt
        for doubt in doubts
        if doubt.field.name not in present | answered and (not spare or spare.intersection(doubt.candidates))
    )


def _default(column: str, kind: str) -> str:
    """A column that is no field: kept, except in orders, where most columns say little about the order."""
    return KEPT if kind != "orders" or folded(column) in fields.TELLING else LEFT_OUT
