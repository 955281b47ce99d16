"""From facts to rows to learn from, in time order and without a look ahead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure import clocks
from tenure.conditions import words_of
from tenure.pages import cells_of, page
from tenure.risk.attributes import Attributes, read_attributes
from tenure.risk.definitions import Definition, check_days
from tenure.risk.dividing import divided
from tenure.risk.errors import AnotherQuestion, NobodyActive
from tenure.risk.features import rows_known_at
from tenure.risk.guarding import Guard, log_guards
from tenure.risk.reading import Log, read_log
from tenure.risk.rows import Rows, joined
from tenure.risk.schedule import DAY, Role, Schedule, plan

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_NAMES: Final = 12


@dataclass(frozen=True, slots=True)
class Landmark:
    """One moment of looking: for which part, how many customers were active, how many of them left."""

    at: str
    role: Role
    customers: int
    left: int


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Landmarks:
    """Rows to learn from (`train`), to calibrate on and to test on, and `now`: everybody active at the end, unlabelled.

    `blanked` are the test rows as they would have looked a gap earlier, aligned with `blanked_of` (places in test).
    `known` is everybody of the training part at its last landmark, active or not: what purchases are learnt from.
    """

    definition: Definition
    train: Rows
    calibration: Rows
    test: Rows
    blanked: Rows
    blanked_of: NDArray[np.int64]
    now: Rows
    schedule: tuple[Landmark, ...]
    as_of: str
    assumed: float
    guards: tuple[Guard, ...]
    known: Rows
    notes: tuple[str, ...] = ()

    def table(self) -> pa.Table:
        """A line per landmark: at, part, customers active at it, how many of them left."""
        import pyarrow as pa

        columns = {"at": "at", "part": "role", "customers": "customers", "left": "left"}
        return pa.table({name: [getattr(line, told) for line in self.schedule] for name, told in columns.items()})

    def chart(self, **choices: Any) -> Any:
        """The share that left after each landmark; needs `pip install tenure[chart]`."""
        from tenure.risk.looking_charts import leavers

        return leavers(self, **choices)

    def _repr_html_(self) -> str:
        table = self.table()
        return page(repr(self)[1:-1], table.column_names, cells_of(table, number=".3g"), notes=self.notes)

    def __repr__(self) -> str:
        parts = ", ".join(f"{len(getattr(self, role)):,} rows {role}" for role in ("train", "calibration", "test"))
        return f"<Landmarks as of {self.as_of}: {parts}; {len(self.now):,} customers active now>"


def landmarks(
    data: Any = None,
    *,
    customer: Any = None,
    time: Any = None,
    recorded: Any = None,
    name: Any = None,
    amount: Any = None,
    group: Any = None,
    attributes: Any = None,
    attributes_recorded: str | None = None,
    activity: Any = None,
    leaving: Any = None,
    horizon_days: int = 60,
    gap_days: int = 14,
    active_days: int = 90,
    every_days: int = 28,
    windows: tuple[int, ...] = (7, 30, 90),
    names: tuple[str, ...] | None = None,
    exclude: tuple[str, ...] = (),
    as_of: Any = None,
    zone: str = "UTC",
    noun: str = "activity",
) -> Landmarks:
    """Look at customers at several moments t0, with only what was recorded by then, and see who left afterwards.

    `activity` (a condition; every fact when left out) says which facts show that a customer is there. Active at t0:
    some activity in (t0 − active_days, t0]. Left: no activity in (t0 + gap, t0 + gap + horizon], or, with `leaving`
    (a condition for the fact of leaving), such a fact in that window; who left within the gap is left out, because
    nobody could have acted. `recorded` is the column that says when a fact became known; without it that is assumed
    to be when it occurred, and the model card says so. `amount` is summed as it is: one currency, please.

    Training, calibration and test landmarks follow each other in time, each part beginning after every label window
    of the one before has ended; and a `group` (a company: a column of the facts or of the attributes; without it
    each customer) belongs to one part only. `attributes` has a row per customer, or several with
    `attributes_recorded`. Raises TimeTooShort, TooFewGroups, NobodyActive and what reading facts raises.
    """
    check_days(
        horizon_days=horizon_days, gap_days=gap_days, active_days=active_days, every_days=every_days, windows=windows
    )
    in_attributes = attributes is not None and isinstance(group, str) and _holds(attributes, group)
    log = read_log(
        data, customer=customer, time=time, recorded=recorded, name=name, amount=amount,
        group=None if in_attributes else group, activity=activity, leaving=leaving, as_of=as_of, zone=zone,
    )  # fmt: skip
    schedule = plan(
        first=log.first_known, last=log.as_of, gap_days=gap_days, horizon_days=horizon_days,
        lookback_days=active_days, every_days=every_days,
    )  # fmt: skip
    definition = Definition(
        horizon_days, gap_days, active_days, windows, names or _frequent_names(log, schedule.train[-1], exclude), zone,
        _activity_words(activity, noun), None if leaving is None else words_of(leaving), noun, log.has_amounts,
    )  # fmt: skip
    said = _attributes(
        attributes, log, customer=customer, recorded=attributes_recorded, group=group if in_attributes else None,
        exclude=exclude, zone=zone,
    )  # fmt: skip
    return _looked(log, definition, schedule, said, exclude)


def rows_at(
    data: Any = None,
    *,
    definition: Definition,
    at: Any,
    customer: Any = None,
    time: Any = None,
    recorded: Any = None,
    name: Any = None,
    amount: Any = None,
    attributes: Any = None,
    attributes_recorded: str | None = None,
    activity: Any = None,
    leaving: Any = None,
    exclude: tuple[str, ...] = (),
) -> Rows:
    """Unlabelled rows of everybody active at a moment, by the definition of a stored model.

    All facts of the customers asked about must be handed over, but only of those: scoring afresh after new facts
    needs no one else's. Raises NobodyActive, and AnotherQuestion where a column or condition is not the learnt one.
    """
    _same_question(definition, name=name, amount=amount, activity=activity, leaving=leaving)
    log = read_log(
        data, customer=customer, time=time, recorded=recorded, name=name, amount=amount, group=None,
        activity=activity, leaving=leaving, as_of=None, zone=definition.zone,
    )  # fmt: skip
    said = _attributes(
        attributes, log, customer=customer, recorded=attributes_recorded, group=None, exclude=exclude,
        zone=definition.zone,
    )  # fmt: skip
    moment = clocks.moment_of(at, zone=definition.zone)
    everyone = np.ones(len(log.customers), bool)
    rows = rows_known_at(
        log, definition=definition, at=moment, chosen=everyone, groups=np.arange(len(everyone)), attributes=said
    )
    if not len(rows):
        raise NobodyActive(at=clocks.in_words(moment, zone=definition.zone), definition=definition.active_in_words)
    return rows.without(exclude)


def _same_question(definition: Definition, *, name: Any, amount: Any, activity: Any, leaving: Any) -> None:
    """Refuse to score what was learnt otherwise: a column left out would be read as nothing having happened."""
    words = {
        "activity": (definition.activity, _activity_words(activity, definition.noun)),
        "leaving": (str(definition.leaving), str(None if leaving is None else words_of(leaving))),
        "names": ("fact names", "fact names" if name is not None or not definition.names else "no name=…"),
        "amounts": ("amounts", "amounts" if (amount is not None) == definition.has_amounts else "other amount=…"),
    }
    for learnt, asked in words.values():
        if learnt != asked:
            raise AnotherQuestion(learnt=learnt, asked=asked)


def _looked(
    log: Log, definition: Definition, schedule: Schedule, said: Attributes | None, exclude: tuple[str, ...]
) -> Landmarks:
    groups, parts, words = divided(log, said)
    seen: dict[Role, Rows] = {}
    listed: list[Landmark] = []
    for role in ("train", "calibration", "test"):
        rows = [
            rows_known_at(
                log, definition=definition, at=at, chosen=parts[role], groups=groups, attributes=said, labelled=True
            )
            for at in schedule.of(role)
        ]
        listed += [
            Landmark(clocks.in_words(at, zone=definition.zone), role, len(part), int(_lost(part).sum()))
            for at, part in zip(schedule.of(role), rows, strict=True)
        ]
        seen[role] = joined(rows).without(exclude)
        if not len(seen[role]):
            raise NobodyActive(at=listed[-1].at, definition=definition.active_in_words)
    blanked, places = _earlier(log, definition, schedule, parts["test"], groups, said, seen["test"])
    everyone = np.ones(len(log.customers), bool)
    now = rows_known_at(log, definition=definition, at=log.as_of, chosen=everyone, groups=groups, attributes=said)
    known = rows_known_at(
        log, definition=_ever(definition), at=schedule.train[-1], chosen=parts["train"], groups=groups
    )
    return Landmarks(
        definition, seen["train"], seen["calibration"], seen["test"], blanked.without(exclude), places,
        now.without(exclude), tuple(listed), clocks.in_words(log.as_of, zone=definition.zone), log.assumed,
        log_guards(log, said), known, log.notes + (said.notes if said else ()) + words + _part_notes(schedule),
    )  # fmt: skip


def _earlier(
    log: Log, definition: Definition, schedule: Schedule, chosen: NDArray[np.bool_], groups: NDArray[np.int64],
    said: Attributes | None, test: Rows,
) -> tuple[Rows, NDArray[np.int64]]:  # fmt: skip
    """The test customers as a gap earlier would have seen them, and which test row each belongs to."""
    back = (definition.gap_days or 7) * DAY
    found, places = [], []
    begin = 0
    for at in schedule.test:
        end = begin + int((test.at == at).sum())
        rows = rows_known_at(
            log, definition=_ever(definition), at=at - back, chosen=chosen, groups=groups, attributes=said
        )
        _, mine, theirs = np.intersect1d(
            test.customers[begin:end].astype(str), rows.customers.astype(str), assume_unique=True, return_indices=True
        )
        found.append(rows.taken(theirs))
        places.append(begin + mine)
        begin = end
    return joined(found), np.concatenate(places)


def _ever(definition: Definition) -> Definition:
    """The same for whoever was ever active."""
    return replace(definition, active_days=36_500)


def _frequent_names(log: Log, by: int, exclude: tuple[str, ...]) -> tuple[str, ...]:
    """The names seen most by the last training landmark; later facts must not choose."""
    known = (log.recorded <= by) & (log.occurred <= by) & (log.name >= 0) & ~log.leaving
    if not known.any():
        return ()
    counts = np.bincount(log.name[known], minlength=len(log.name_words))
    order = sorted(range(len(counts)), key=lambda code: (-counts[code], log.name_words[code]))
    words = [log.name_words[code] for code in order if counts[code] and log.name_words[code] not in exclude]
    return tuple(words[:_MOST_NAMES])


def _attributes(data: Any, log: Log, **choices: Any) -> Attributes | None:
    return None if data is None else read_attributes(data, log, **choices)


def _holds(attributes: Any, column: str) -> bool:
    from tenure.inputs import as_frame

    return column in as_frame(attributes).columns


def _activity_words(activity: Any, noun: str) -> str:
    return noun if activity is None else f"{noun} ({words_of(activity)})"


def _part_notes(schedule: Schedule) -> tuple[str, ...]:
    if schedule.apart:
        return ()
    return (
        "There was no room in time for calibration landmarks of their own: customers kept apart at the training "
        "landmarks were used.",
    )


def _lost(rows: Rows) -> NDArray[np.bool_]:
    assert rows.left is not None
    return rows.left
