"""From an engine's table to facts: who, when in µs UTC, whether it begins or brings back, and of which segment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tenure import clocks
from tenure.clocks import checked_extent
from tenure.conditions import words_of
from tenure.engines.conditions import column_of, flag_of
from tenure.engines.errors import EngineCannot, EngineTime
from tenure.engines.opening import Engine
from tenure.engines.steps import is_doubtful, moment_of_clock
from tenure.errors import NoFactsLeft, NothingToRead, WhichColumn
from tenure.inputs import guess_column


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """`table` has customer, moment, begin, back (0 or 1) and, where asked for, born and label.

    Rows without a customer or a time are gone; `first` and `last` are the moments of the first and the last fact.
    """

    table: Any
    first: int
    last: int
    born: tuple[int, int] | None
    words: tuple[str, str]
    notes: tuple[str, ...]


def facts_of(
    engine: Engine, table: Any, *, customer: Any, time: Any, begin: Any, back: Any, born: Any, by: Any, zone: str
) -> Facts:
    """Name the columns, look at the extent (one pass over two or three columns), and bring times to UTC."""
    person, clock = _named(table, customer, role="customer"), _named(table, time, role="time")
    flags = {"begin": flag_of(begin, table), "back": flag_of(begin if back is None else back, table)}
    extra: dict[str, Any] = {} if by is None else {"label": column_of(table, _text(by, "by"))}
    reading = {"clock": clock} | ({} if born is None else {"born": _text(born, "born")})
    micros = {name: _micros(engine, table, column) for name, column in reading.items()}
    is_naive = {name: engine.is_naive(table, column) for name, column in reading.items()}
    plain = table.select(customer=_known(column_of(table, person)), **micros, **flags, **extra)
    seen = _extent(engine, plain, list(reading))
    notes = (*_guesses(person, clock, customer, time), *_left_out(seen))
    for name in reading:
        if is_naive[name] and zone != "UTC" and seen[f"{name}_first"] is not None:
            plain, said = _localised(engine, plain, name, seen, zone=zone, is_date=_is_date(table, reading[name]))
            notes += said if name == "clock" else ()
        elif is_naive[name] and name == "clock" and not _is_date(table, clock):
            notes += ("The times name no time zone; they were read as UTC.",)
    if any(is_naive.values()) and zone != "UTC":
        seen = _extent(engine, plain, list(reading))
    kept = plain.filter(plain.customer.notnull(), plain.clock.notnull()).rename(moment="clock")
    return Facts(kept, *_span(seen, "clock"), _born(seen), (words_of(begin), _back_words(back)), notes)


def _named(table: Any, given: Any, *, role: str) -> str:
    found = guess_column(list(table.columns), role=role) if given is None else given
    if found is None:
        raise WhichColumn(role=role, columns=", ".join(table.columns))
    return _text(found, role)


def _text(given: Any, what: str) -> str:
    if not isinstance(given, str):
        raise EngineCannot(what=f"{what} as values", instead="Name a column of the source.")
    return given


def _known(column: Any) -> Any:
    """Not a number is nobody."""
    return column.nullif(float("nan")) if column.type().is_floating() else column


def _is_date(table: Any, name: str) -> bool:
    return column_of(table, name).type().is_date()


def _micros(engine: Engine, table: Any, name: str) -> Any:
    column = column_of(table, name)
    kind = column.type()
    if kind.is_integer():
        return column.cast("int64")
    # DuckDB rounds nanoseconds to microseconds, and so can move a moment into the next day.
    is_fine = kind.is_timestamp() and kind.scale == 9 and engine.name.startswith("DuckDB")
    if not (kind.is_timestamp() or kind.is_date()) or is_fine:
        raise EngineTime(column=name, kind="nanoseconds" if "_NS" in str(kind) or is_fine else kind, engine=engine.name)
    return engine.micros(column)


def _extent(engine: Engine, plain: Any, reading: list[str]) -> dict[str, Any]:
    """Rows, what they lack, and the ends of each time among the rows that can be used."""
    lacks_person, lacks_time = plain.customer.isnull(), plain.clock.isnull()
    usable = ~(lacks_person | lacks_time)
    wanted = {
        "rows": plain.count(),
        "nobody": lacks_person.cast("int64").sum(),
        "never": lacks_time.cast("int64").sum(),
        "usable": usable.cast("int64").sum(),
    }
    for name in reading:
        wanted[f"{name}_first"] = plain[name].min(where=usable)
        wanted[f"{name}_last"] = plain[name].max(where=usable)
    seen = engine.run(plain.aggregate(**wanted)).to_pylist()[0]
    if not seen["rows"]:
        raise NothingToRead
    if not seen["usable"]:
        raise NoFactsLeft(count=f"{seen['rows']:,}", why="each lacks a customer or a time")
    return seen


def _localised(
    engine: Engine, plain: Any, name: str, seen: dict[str, Any], *, zone: str, is_date: bool
) -> tuple[Any, tuple[str, ...]]:
    """Clock readings made into moments, and what had to be assumed."""
    ends = {"first": seen[f"{name}_first"], "last": seen[f"{name}_last"]}
    moments = plain.mutate(**{name: moment_of_clock(plain[name], zone=zone, **ends)})
    if is_date:
        return moments, ()
    notes = (f"The times name no time zone; they were read as clocks in {zone}.",)
    marked = plain.select(doubtful=is_doubtful(plain[name], zone=zone, **ends))
    count = engine.run(marked.aggregate(count=marked.doubtful.sum())).to_pylist()[0]["count"] or 0
    said = (
        f"{count:,} times fall in an hour that happened twice, or never, when the clocks changed; "
        "the earlier reading was taken."
    )
    return moments, (*notes, said) if count else notes


def _span(seen: dict[str, Any], name: str) -> tuple[int, int]:
    import numpy as np

    return checked_extent(np.array([seen[f"{name}_first"], seen[f"{name}_last"]], np.int64))


def _born(seen: dict[str, Any]) -> tuple[int, int] | None:
    return None if seen.get("born_first") is None else _span(seen, "born")


def _back_words(back: Any) -> str:
    return "the same fact" if back is None else words_of(back)


def _left_out(seen: dict[str, Any]) -> tuple[str, ...]:
    rows = seen["rows"]
    return tuple(
        f"{seen[name]:,} of {rows:,} facts have no {what} and were left out."
        for name, what in (("nobody", "customer"), ("never", "time"))
        if seen[name]
    )


def _guesses(person: str, clock: str, customer: Any, time: Any) -> tuple[str, ...]:
    guessed = [
        f"{role} is the column “{name}”"
        for role, name, given in (("the customer", person, customer), ("the time", clock, time))
        if given is None
    ]
    return ("Not told which columns to read: " + " and ".join(guessed) + ".",) if guessed else ()


def limit_of(facts: Facts, as_of: Any, *, zone: str) -> int:
    """The moment up to which facts are known; None is the moment after the last fact."""
    from tenure.asking import checked_as_of

    limit = facts.last + 1 if as_of is None else clocks.moment_of(as_of, zone=zone)
    return checked_as_of(limit, first=facts.first, zone=zone)
