"""From columns to numbers a learner can use: words to indicators, gaps to a value and a flag, curves to splines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.effect.learners import Form
from tenure.effect.observed_errors import AfterTreatment, CovariateUnreadable, NoCovariates, TooManyWords
from tenure.errors import LengthsDiffer
from tenure.inputs import as_arrow

_AFTER: Final = (  # after camelCase was taken apart; anywhere in the name unless bounded
    (r"resol(v|u)|solved|closed|closing|handl(e|ing)_time|time_to_close", "how it ended"),
    (r"re_?open", "whether it was opened again"),
    (r"satisf|csat|(^|_)(nps|ces|survey|fairness|feedback|rated|stars)(_|$)|^rating$", "what the customer said of it"),
    (r"^scores?$|votes?$|^views?(_count)?$|^favou?rites?(_count)?$|accepted|last_activity|last_seen", "its reception"),
    (r"answered|^answers?(_count)?$|^comments?(_count)?$|repl(y|ies|ied)|respon(se|ded)|^next_", "how it was answered"),
)
_AT_OPENING: Final = re.compile(r"_at_opening$|_before$|^(earlier|previous|prior|past)_")
_FEWEST_OF_A_KIND: Final = 10
_MOST_KINDS: Final = 40
_KNOTS: Final = (  # from so many rows on, at these percentiles
    (0, (0.05, 0.35, 0.65, 0.95)),
    (500, (0.05, 0.275, 0.5, 0.725, 0.95)),
    (1_000, (0.025, 0.1833, 0.3417, 0.5, 0.6583, 0.8167, 0.975)),
)
_STRAIGHT: Final = 0.1
_SMOOTH_FROM: Final = 12  # distinct values from which a number may bend


@dataclass(frozen=True, slots=True, eq=False)
class Covariates:
    """values[n, p], one column per number or indicator; `source[p]` is the place in `names` it came from."""

    values: NDArray[np.float64]
    labels: tuple[str, ...]
    source: NDArray[np.int64]
    names: tuple[str, ...]
    bends: NDArray[np.bool_]
    notes: tuple[str, ...] = ()

    def rows(self, keep: NDArray[np.bool_]) -> Covariates:
        """The same columns for some of the rows."""
        return Covariates(self.values[keep], self.labels, self.source, self.names, self.bends, self.notes)

    def without(self, place: int) -> Covariates:
        """All but one covariate, with every column that came from it."""
        keep = self.source != place
        labels = tuple(label for label, kept in zip(self.labels, keep, strict=True) if kept)
        return Covariates(self.values[:, keep], labels, self.source[keep], self.names, self.bends[keep], self.notes)

    def form(self, name: str) -> Form:
        """Standardised columns for a learner: linear, splines, pairs (splines and products).

        What is straight takes a tenth of the penalty, as in a smoothing spline: it is bends that are held back.
        """
        plain = _standardised(self.values)
        parts = [np.ones((len(plain), 1)), plain]
        if name in ("splines", "pairs"):
            parts += [_beyond_straight(self.values[:, p]) for p in np.flatnonzero(self.bends)]
        if name == "pairs":
            products = [plain[:, i] * plain[:, j] for i in range(plain.shape[1]) for j in range(i)]
            parts.append(_standardised(np.column_stack(products)))
        columns = np.column_stack(parts)
        straight = plain.shape[1]
        return Form(name, columns, np.r_[0.0, np.full(straight, _STRAIGHT), np.ones(columns.shape[1] - straight - 1)])

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms worth trying: curves where something can bend, products where there are few to multiply."""
        width, rows = self.values.shape[1], len(self.values)
        bent = ("splines",) if self.bends.any() else ()
        pairs = ("pairs",) if 1 < width <= 12 and width * (width - 1) // 2 < rows // 10 else ()
        return ("linear", *bent, *pairs)


def refuse_after_treatment(names: Sequence[str]) -> None:
    """Refuse, by name, what becomes known only after the treatment."""
    for name in names:
        plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().replace(" ", "_").replace("-", "_")
        what = next((what for pattern, what in _AFTER if re.search(pattern, plain)), None)
        if what is not None and not _AT_OPENING.search(plain):
            raise AfterTreatment(column=name, what=what)


def read_covariates(columns: Mapping[str, Any], *, rows: int, straight: Sequence[str] = ()) -> Covariates:
    """Read every column, leave out what cannot tell anybody apart, and say so; `straight` ones are not bent."""
    refuse_after_treatment(list(columns))
    parts: list[tuple[NDArray[np.float64], str, int]] = []
    notes: list[str] = []
    for place, (name, given) in enumerate(columns.items()):
        column = as_arrow(given)
        if len(column) != rows:
            raise LengthsDiffer(left=name, left_length=len(column), right="the treatment", right_length=rows)
        parts += [(values, label, place) for values, label in _read(column, name, notes)]
    kept = [part for part in parts if np.ptp(part[0]) > 0]
    constant = [name for place, name in enumerate(columns) if all(part[2] != place for part in kept)]
    if constant:
        notes.append(f"The same for everybody, and left out: {', '.join(constant)}.")
    kept = _without_copies(kept, notes)
    if not kept:
        raise NoCovariates(why="no covariate was given" if not columns else "every covariate is the same for everybody")
    values = np.column_stack([part[0] for part in kept])
    bends = np.array([part[1] not in straight and len(np.unique(part[0])) >= _SMOOTH_FROM for part in kept])
    source = np.array([part[2] for part in kept])
    return Covariates(values, tuple(part[1] for part in kept), source, tuple(columns), bends, tuple(notes))


def spline(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The bending part of a natural cubic spline: straight beyond the outer knots; shape (n, knots − 2).

    Knots at the percentiles F. Harrell recommends ("Regression modeling strategies", 2.4.5): four, five from 500
    rows, seven from 1,000; fewer where they coincide.
    """
    places = next(places for rows, places in reversed(_KNOTS) if len(values) >= rows)
    knots = np.unique(np.quantile(values, places))
    if len(knots) < 3:
        return np.empty((len(values), 0))
    last, before, scale = knots[-1], knots[-2], (knots[-1] - knots[0]) ** 2
    cube = np.maximum(values[:, None] - knots[None], 0) ** 3
    first = cube[:, :-2] - cube[:, -2:-1] * (last - knots[:-2]) / (last - before)
    return (first + cube[:, -1:] * (before - knots[:-2]) / (last - before)) / scale


def _beyond_straight(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The spline's columns at right angles to the straight line and to each other, so that a penalty is fair to all."""
    curve = spline(values)
    angles, sizes = np.linalg.qr(_standardised(np.column_stack([values, curve])))
    real = np.abs(np.diag(sizes))[1:] > 1e-6 * np.sqrt(len(values))
    return angles[:, 1:][:, real] * np.sqrt(len(values))


def _read(column: Any, name: str, notes: list[str]) -> list[tuple[NDArray[np.float64], str]]:
    import pyarrow as pa

    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    if pa.types.is_null(column.type):
        return [(np.zeros(len(column)), name)]
    is_number = (
        pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_decimal(column.type)
    )
    return _numbers(column, name, notes) if is_number else _words(column, name)


def _numbers(column: Any, name: str, notes: list[str]) -> list[tuple[NDArray[np.float64], str]]:
    """The number, and where some are missing a flag for that; a missing one takes the median."""
    import pyarrow as pa

    values = column.cast(pa.float64()).to_numpy(zero_copy_only=False).astype(np.float64)
    endless = np.flatnonzero(np.isinf(values))
    if len(endless):
        raise CovariateUnreadable(row=int(endless[0]) + 1, column=name, value=float(values[endless[0]]))
    missing = np.isnan(values)
    if not missing.any():
        return [(values, name)]
    if missing.all():
        return [(np.zeros(len(values)), name)]
    notes.append(
        f"{int(missing.sum()):,} of {len(values):,} values of {name} are missing; that itself is adjusted for."
    )
    return [(np.where(missing, np.median(values[~missing]), values), name), (missing.astype(float), f"{name} missing")]


def _words(column: Any, name: str) -> list[tuple[NDArray[np.float64], str]]:
    """An indicator per kind but the largest; kinds with fewer than ten rows are one kind, “other”."""
    import pyarrow as pa

    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    words = [str(word) for word in encoded.dictionary.to_pylist()] + ["missing"]
    codes = encoded.indices.fill_null(len(words) - 1).to_numpy(zero_copy_only=False)
    counts = np.bincount(codes, minlength=len(words))
    if (counts > 0).sum() > max(_MOST_KINDS, len(codes) // 2):
        raise TooManyWords(column=name, count=int((counts > 0).sum()), rows=len(codes))
    common = [place for place in np.argsort(-counts, kind="stable") if counts[place] >= _FEWEST_OF_A_KIND]
    shown = common[1 : _MOST_KINDS + 1] if common else []
    rest = ~np.isin(codes, common[: _MOST_KINDS + 1])
    indicators = [((codes == place).astype(float), f"{name} is {words[place]}") for place in shown]
    return (
        [*indicators, (rest.astype(float), f"{name} is other")]
        if rest.any()
        else indicators or [(np.zeros(len(codes)), name)]
    )


def _without_copies(parts: list[Any], notes: list[str]) -> list[Any]:
    """A column that is another one, shifted or stretched, adds nothing but trouble."""
    kept: list[Any] = []
    for part in parts:
        z = _standardised(part[0][:, None])[:, 0]
        twin = next(
            (other for other in kept if abs(float(np.mean(z * _standardised(other[0][:, None])[:, 0]))) > 1 - 1e-9),
            None,
        )
        if twin is None:
            kept.append(part)
        else:
            notes.append(f"{part[1]} says the same as {twin[1]} and was left out.")
    return kept


def _standardised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    spread = values.std(axis=0)
    return (values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
