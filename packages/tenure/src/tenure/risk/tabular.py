"""Contractual customers in a table: one row each, what is known of them, and whether they left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.conditions import column_of
from tenure.errors import NothingToRead, UnknownChoice
from tenure.inputs import as_arrow, as_frame
from tenure.risk.calibrating import Method
from tenure.risk.cards import ModelCard, Part, bins_of, reach_of
from tenure.risk.choosing import WORTH, chance_note
from tenure.risk.columns import read_column
from tenure.risk.encoding import learn_encoding
from tenure.risk.errors import LabelUnclear, OneClass, SeveralRows, TooFewGroups, TooFewLeavers
from tenure.risk.fitting import (
    Contender,
    calibrated_by,
    check_choices,
    contend,
    isotonic_notes,
    judge,
    recipes_for,
    weights_of,
)  # fmt: skip
from tenure.risk.guarding import Guard, check_columns, single_auc
from tenure.risk.learners import MODELS, Recipe
from tenure.risk.models import Model
from tenure.risk.rows import Rows
from tenure.risk.sentences import note
from tenure.risk.sizes import LEAST, sized, thin_notes
from tenure.risk.watching import profile_rows

_LEFT: Final = frozenset({"1", "1.0", "true", "t", "yes", "y"})
_MOST_TWINS: Final = 0.1
_STAYED: Final = frozenset({"0", "0.0", "false", "f", "no", "n"})


def fit_table(
    data: Any,
    *,
    label: str,
    positive: Any = None,
    customer: str | None = None,
    group: str | None = None,
    exclude: Sequence[str] = (),
    allow: Sequence[str] = (),
    baseline: str | None = None,
    folds: int = 5,
    models: Sequence[str] = MODELS,
    calibration: Method = "platt",
    resamples: int = 500,
    level: float = 0.95,
    worth: float = WORTH,
    seed: int = 1,
) -> Model:
    """Learn who leaves from a table with one row per customer, on random folds.

    Every row is predicted by models that learnt from three fifths of the others (with five folds) and were calibrated
    on another fifth; the model that is shipped learns from all folds but one, which calibrates it. Without time in
    the table nothing else is possible, and it flatters: the card says so. Rows of one `group` stay in one fold, as
    do the few rows that are alike in everything. `baseline` is the single column shown as the simplest model (the
    strongest one when left out). `label` is true and false, 1 and 0, yes and no, or `positive` says who left. Raises
    LabelUnclear, SeveralRows, OneClass, TooFewLeavers, TooFewGroups, LeakyColumn, LabelAmongColumns, Separated,
    NothingToLearnFrom and LearnersMissing.
    """
    check_choices(models=models, calibration=calibration, level=level, resamples=resamples)
    if folds < 3:
        raise UnknownChoice(name="folds", value=folds, choices="3 or more: one tests, one calibrates, the others teach")
    rows, notes, guards = _read(data, label, positive, customer, group, exclude)
    whole = _checked(rows, folds)
    guards += check_columns(rows, allow=allow)
    fold = _folds(rows, folds, seed)
    only = baseline or _strongest(rows)
    recipes, skipped = recipes_for(models, replace(whole, left=int(whole.left * (folds - 2) / folds)), only=only)
    contenders, parts, more = _crossed(recipes, rows, fold, folds, method=calibration, seed=seed)
    judged = judge(contenders, rows, resamples=resamples, level=level, seed=seed, worth=worth)
    shipped = next(one for one in contenders if one.recipe.name == judged.shipped)
    columns = len(shipped.scorer.encoding.owner)
    card = ModelCard(
        f"{len(rows):,} customers in a table, {whole.left:,} of whom left.", _design(folds), None, (), (whole, *parts),
        None, judged.shipped, judged.because, judged.measures, judged.differences,
        calibrated_by(shipped.calibration, parts[1]), bins_of(_left(rows), shipped.probability, level=level),
        reach_of(_left(rows), shipped.probability), weights_of(shipped.scorer, rows), guards, level, resamples, None,
        (*chance_note(judged.shipped, judged.measures), *notes, *more, *skipped,
         *thin_notes(parts[0], columns), *isotonic_notes(calibration, parts[1]), _FLATTERED),
    )  # fmt: skip
    return Model(
        card, shipped.scorer, shipped.calibration,
        profile_rows(rows, shipped.probability, names=tuple(column.name for column in rows.columns)),
    )  # fmt: skip


_FLATTERED: Final = (
    "Random folds know the same days they are tested on; customers of tomorrow are harder to tell. Keep predictions "
    "and compare them with what happens (risk.hindsight)."
)


def rows_of_table(data: Any, *, columns: Sequence[str] | None = None, customer: str | None = None) -> Rows:
    """The rows of a table without a label, to be scored; customers are numbered when no column names them."""
    frame = as_frame(data)
    names = [name for name in (columns or frame.columns) if name in frame.columns and name != customer]
    read = [read_column(column_of(frame, name), name=name, is_known=columns is not None)[0] for name in names]
    who = np.arange(len(frame)) if customer is None else _objects(frame, customer)
    found = tuple(column for column in read if column is not None)
    return Rows(who, np.zeros(len(frame), np.int64), np.arange(len(frame)), found)


def _read(
    data: Any, label: str, positive: Any, customer: str | None, group: str | None, exclude: Sequence[str]
) -> tuple[Rows, tuple[str, ...], tuple[Guard, ...]]:
    frame = as_frame(data)
    if not len(frame):
        raise NothingToRead
    left, unsaid = _labels(column_of(frame, label), name=label, positive=positive)
    notes: list[str] = []
    columns = []
    for name in frame.columns:
        if name in {label, customer, group, *exclude}:
            continue
        column, told = read_column(column_of(frame, name), name=name)
        if column is not None:
            columns.append(column)
        if told:
            notes.append(told)
    who = np.arange(len(frame)) if customer is None else _objects(frame, customer)
    at = np.zeros(len(frame), np.int64)
    rows = Rows(who, at, np.zeros(len(frame), np.int64), tuple(columns), left)
    if unsaid.any():
        rows = rows.taken(~unsaid)
        notes.append(note("unsaid", rows=f"{int(unsaid.sum()):,}"))
    alike = _alike(rows)
    named = None if group is None else _objects(frame, group)[~unsaid]
    rows, guard = _once(replace(rows, group=alike), customer, named)
    gaps = sum(bool(column.is_missing.any()) for column in rows.columns)
    if gaps:
        notes.append(note("gaps", columns=f"{gaps:,}"))
    return rows, tuple(notes), (guard,)


def _once(rows: Rows, customer: str | None, named: NDArray[Any] | None) -> tuple[Rows, Guard]:
    """Each customer once; rows alike in everything, or of one group, share a group."""
    repeated = 0
    if customer is not None:
        _, first, whose = np.unique(rows.customers.astype(str), return_index=True, return_inverse=True)
        differ = np.flatnonzero(rows.group != rows.group[first][whose])
        if len(differ):
            who = rows.customers[differ[0]]
            raise SeveralRows(customer=who, rows=int((rows.customers == who).sum()))
        repeated = len(rows) - len(first)
        kept = np.sort(first)
        rows, named = rows.taken(kept), None if named is None else named[kept]
        rows = replace(rows, group=np.arange(len(rows)))
    if named is not None:
        rows = replace(rows, group=np.unique(named.astype(str), return_inverse=True)[1].astype(np.int64))
    twins = len(rows) - len(np.unique(rows.group)) if customer is None and named is None else 0
    if twins > _MOST_TWINS * len(rows):
        words = note("twins-apart", rows=f"{twins:,}")
        return replace(rows, group=np.arange(len(rows))), Guard("duplicates", "warned", words, note("do-say-who"))
    if repeated:
        return rows, Guard("duplicates", "warned", note("customers-repeated", rows=f"{repeated:,}"))
    if twins:
        return rows, Guard("duplicates", "warned", note("twins-together", rows=f"{twins:,}"), note("do-say-who"))
    return rows, Guard("duplicates", "passed", note("customers-once"))


def _alike(rows: Rows) -> NDArray[np.int64]:
    """One number for all rows that agree in every column and in the label."""
    assert rows.left is not None
    codes = rows.left.astype(np.int64)
    for column in rows.columns:
        values = np.unique(column.values, return_inverse=True)[1].astype(np.int64)
        codes = np.unique(codes * (int(values.max()) + 1) + values, return_inverse=True)[1].astype(np.int64)
    return codes


def _labels(values: Any, *, name: str, positive: Any) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    words = [None if word is None else str(word).strip().lower() for word in as_arrow(values).to_pylist()]
    unsaid = np.array([word in (None, "", "nan") for word in words])
    distinct = sorted({word for word in words if word not in (None, "", "nan")})
    wanted = _LEFT if positive is None else frozenset({str(positive).strip().lower()})
    known = wanted | _STAYED if positive is None else frozenset(distinct)
    if not set(distinct) <= known or (positive is not None and not wanted & set(distinct)):
        raise LabelUnclear(column=name, values=", ".join(map(repr, distinct[:5])))
    return np.array([word in wanted for word in words]), unsaid


def _checked(rows: Rows, folds: int) -> Part:
    """Enough leavers and stayers for every fold, and more groups than folds."""
    whole = sized("all", rows)
    stayed = whole.rows - whole.left
    if whole.left == 0 or stayed == 0:
        what = "stayed" if whole.left == 0 else "left"
        raise OneClass(role="whole", what=what, definition="the label of the table")
    least = max(-(-LEAST["train"] * folds // (folds - 2)), LEAST["calibration"] * folds)
    if min(whole.left, stayed) < least:
        raise TooFewLeavers(role="whole", left=whole.left, stayed=stayed, least=least)
    if whole.groups < max(10, 2 * folds):
        raise TooFewGroups(groups=whole.groups, least=max(10, 2 * folds))
    return whole


def _folds(rows: Rows, folds: int, seed: int) -> NDArray[np.int64]:
    """Whole groups to folds, alternating among groups with leavers and among those without, in random order."""
    assert rows.left is not None
    groups, codes = np.unique(rows.group, return_inverse=True)
    lost, sizes = np.bincount(codes, weights=rows.left), np.bincount(codes)
    shuffled = np.random.default_rng(seed).permutation(len(groups))
    order = shuffled[np.lexsort((-sizes[shuffled], -(lost / sizes)[shuffled]))]
    fold = np.empty(len(groups), np.int64)
    fold[order] = np.arange(len(groups)) % folds
    return fold[codes]


def _crossed(
    recipes: Sequence[Recipe], rows: Rows, fold: NDArray[np.int64], folds: int, *, method: Method, seed: int
) -> tuple[list[Contender], tuple[Part, ...], tuple[str, ...]]:
    """Every contender learnt for good, carrying what its fold-mates said of each row they had not seen."""
    said = {recipe.name: np.empty(len(rows)) for recipe in recipes}
    for test in range(folds):
        slice_ = (test + 1) % folds
        train = rows.taken((fold != test) & (fold != slice_))
        encoding, _ = learn_encoding(train)
        here = rows.taken(fold == test)
        for recipe in recipes:
            one = contend(recipe, train, rows.taken(fold == slice_), here, encoding, method=method, seed=seed)
            said[recipe.name][fold == test] = one.probability
    train, last = rows.taken(fold != 0), rows.taken(fold == 0)
    encoding, notes = learn_encoding(train)
    final = [contend(recipe, train, last, last, encoding, method=method, seed=seed) for recipe in recipes]
    whole = [replace(one, probability=said[one.recipe.name]) for one in final]
    return whole, (sized("train", train), sized("calibration", last)), notes


def _strongest(rows: Rows) -> str:
    assert rows.left is not None
    left, group = rows.left, rows.group
    return max(rows.columns, key=lambda column: single_auc(column, left, group)).name


def _design(folds: int) -> str:
    return f"Random folds: every customer is predicted by models that never saw them, {folds} times over."


def _objects(frame: Any, name: str) -> NDArray[Any]:
    values = as_arrow(column_of(frame, name))
    return np.array(values.to_pylist(), object)


def _left(rows: Rows) -> NDArray[np.bool_]:
    assert rows.left is not None
    return rows.left
