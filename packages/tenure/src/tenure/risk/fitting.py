"""Learning from landmarks: contenders on the same rows, calibrated apart, measured apart, the simplest shipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenure.errors import UnknownChoice
from tenure.risk.alive import Beside, alive_beside, beaten_note
from tenure.risk.calibrating import Calibration, Method, calibrate
from tenure.risk.cards import ModelCard, Part, Weight, bins_of, reach_of
from tenure.risk.choosing import WORTH, chance_note, choose
from tenure.risk.encoding import Encoding, learn_encoding
from tenure.risk.guarding import Guard, blanked_guard, check_columns
from tenure.risk.learners import MODELS, Recipe, check_separation, learn
from tenure.risk.looking import Landmarks
from tenure.risk.measures import Difference, Measured, auc, measure
from tenure.risk.models import Model
from tenure.risk.rows import Rows
from tenure.risk.scorers import Scorer
from tenure.risk.sentences import note
from tenure.risk.sizes import LEAST_FOR_ISOTONIC, LEAST_FOR_TREES, check_size, sized, thin_notes
from tenure.risk.watching import profile_rows


@dataclass(frozen=True, slots=True, eq=False)
class Contender:
    """A fitted and calibrated model with what it says of the test rows."""

    recipe: Recipe
    scorer: Scorer
    calibration: Calibration
    probability: NDArray[np.float64]


def fit(
    world: Landmarks,
    *,
    models: Sequence[str] = MODELS,
    exclude: Sequence[str] = (),
    allow: Sequence[str] = (),
    calibration: Method = "platt",
    resamples: int = 500,
    level: float = 0.95,
    worth: float = WORTH,
    seed: int = 1,
) -> Model:
    """Learn who leaves from landmarks, and ship the simplest model that is not beaten.

    Contenders: recency alone, logistic regression, boosted trees (from 200 training leavers on). Each learns from the
    training landmarks, is calibrated on the calibration slice (Platt, or isotonic) and measured on the test
    landmarks, with intervals from resampling whole groups. Beside them stands BG/NBD's probability alive, unless
    leaving is a fact of its own; it is never shipped. `exclude` leaves columns out; `allow` vouches for one that
    a guard refuses. Raises OneClass, TooFewLeavers, TooFewGroups, LeakyColumn, LabelAmongColumns, Separated,
    NothingToLearnFrom and LearnersMissing.
    """
    check_choices(models=models, calibration=calibration, level=level, resamples=resamples)
    train, slice_, test = (part.without(exclude) for part in (world.train, world.calibration, world.test))
    parts = tuple(sized(role, rows) for role, rows in (("train", train), ("calibration", slice_), ("test", test)))
    for part in parts:
        check_size(part, definition=world.definition.left_in_words)
    guards = check_columns(train, allow=allow)
    encoding, notes = learn_encoding(train)
    recipes, skipped = recipes_for(models, parts[0], only="recency_days")
    contenders = [contend(recipe, train, slice_, test, encoding, method=calibration, seed=seed) for recipe in recipes]
    beside = alive_beside(world, slice_, test, method=calibration)
    judged = judge(contenders, test, beside=beside, resamples=resamples, level=level, seed=seed, worth=worth)
    shipped = next(one for one in contenders if one.recipe.name == judged.shipped)
    guards = (*world.guards, *guards, _blanked(world, shipped, exclude))
    card = ModelCard(
        _data(world, parts), _design(world), world.definition, world.schedule, parts, world.assumed, judged.shipped,
        judged.because, judged.measures, judged.differences, calibrated_by(shipped.calibration, parts[1]),
        bins_of(_left(test), shipped.probability, level=level), reach_of(_left(test), shipped.probability),
        weights_of(shipped.scorer, test), guards, level, resamples, world.as_of,
        chance_note(judged.shipped, judged.measures) + beaten_note(judged.shipped, judged.differences)
        + beside.notes + world.notes + notes + skipped
        + thin_notes(parts[0], len(encoding.owner))
        + _said_of(shipped) + isotonic_notes(calibration, parts[1])
        + (note("same-rows", models=len(contenders)),),
        tuple(beside.said),
    )  # fmt: skip
    reference = profile_rows(test, shipped.probability, names=encoding.names)
    return Model(card, shipped.scorer, shipped.calibration, reference)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the test rows said."""

    measures: tuple[Measured, ...]
    differences: tuple[Difference, ...]
    shipped: str
    because: str


def judge(
    contenders: Sequence[Contender],
    test: Rows,
    *,
    resamples: int,
    level: float,
    seed: int,
    worth: float,
    beside: Beside | None = None,
) -> Judged:
    """Measure all contenders, and what stands beside them, on the same rows and resamples; choose among contenders."""
    names = [one.recipe.name for one in contenders]
    said = {name: one.probability for name, one in zip(names, contenders, strict=True)}
    if beside is not None:  # after the simplest, so that the order stays one of simplicity
        said = {names[0]: said[names[0]], **beside.said, **said}
    measures, differences = measure(_left(test), said, test.group, resamples=resamples, level=level, seed=seed)
    shipped, because = choose(names, differences, worth=worth)
    return Judged(measures, differences, shipped, because)


def contend(
    recipe: Recipe, train: Rows, slice_: Rows, test: Rows, encoding: Encoding, *, method: Method, seed: int
) -> Contender:
    """Learn on one part, calibrate on the next, and say what it thinks of the third."""
    scorer = learn(recipe, train, encoding, seed=seed)
    check_separation(scorer, train)
    calibration = calibrate(_left(slice_), scorer.logit(slice_), method=method)
    return Contender(recipe, scorer, calibration, calibration.probability(scorer.logit(test)))


def recipes_for(models: Sequence[str], part: Part, *, only: str) -> tuple[list[Recipe], tuple[str, ...]]:
    """The contenders in order of simplicity, and a note where trees have too little to grow on."""
    recipes = [Recipe(kind, only if kind == "recency" else None) for kind in MODELS if kind in models]
    fewer = min(part.left, part.rows - part.left)
    if fewer >= LEAST_FOR_TREES or "trees" not in models:
        return recipes, ()
    untried = note("trees-not-tried", least=LEAST_FOR_TREES, left=f"{fewer:,}")
    return [recipe for recipe in recipes if recipe.kind != "trees"], (untried,)


def weights_of(scorer: Scorer, rows: Rows) -> tuple[Weight, ...]:
    """The columns by how much they move the risk of test customers on average; a sample of 2,000 is enough."""
    some = rows.taken(np.linspace(0, len(rows) - 1, min(len(rows), 2_000)).astype(np.int64))
    moved = np.abs(scorer.contributions(some)).mean(axis=0)
    order = np.argsort(-moved, kind="stable")
    parts = scorer.encoding.parts
    return tuple(Weight(parts[i].name, parts[i].theme, float(moved[i])) for i in order if moved[i] > 0)


def calibrated_by(calibration: Calibration, part: Part) -> str:
    """How probabilities were made to mean what they say."""
    return note(f"calibrated-by-{calibration.method}", rows=f"{part.rows:,}", left=f"{part.left:,}")


def check_choices(*, models: Sequence[str], calibration: str, level: float, resamples: int) -> None:
    """Refuse what is no choice."""
    strange = [name for name in models if name not in MODELS]
    if strange or not {"recency", "logistic"} <= set(models):
        choices = '("recency", "logistic") or ("recency", "logistic", "trees"): the simpler ones are always shown'
        raise UnknownChoice(name="models", value=tuple(models), choices=choices)
    if calibration not in ("platt", "isotonic"):
        raise UnknownChoice(name="calibration", value=calibration, choices="platt, isotonic")
    if not 0 < level < 1:
        raise UnknownChoice(name="level", value=level, choices="a number between 0 and 1, such as 0.95")
    if resamples < 50:
        raise UnknownChoice(name="resamples", value=resamples, choices="50 or more; 500 is usual")


def _blanked(world: Landmarks, shipped: Contender, exclude: Sequence[str]) -> Guard:
    """The shipped model on the same test rows, as they are and as they would have been a gap earlier."""
    left = _left(world.test)[world.blanked_of]
    days = world.definition.gap_days or 7
    if not len(left) or left.all() or not left.any():
        return Guard("blanked", "warned", note("blanked-too-few", days=days))
    earlier = shipped.scorer.logit(world.blanked.without(exclude))
    return blanked_guard(
        auc(left, shipped.probability[world.blanked_of]), auc(left, earlier), days=days, rows=len(left)
    )


def _said_of(shipped: Contender) -> tuple[str, ...]:
    if shipped.calibration.method == "platt" and shipped.calibration.slope <= 0:
        return (note("upside-down"),)
    return ()


def isotonic_notes(method: Method, part: Part) -> tuple[str, ...]:
    """What steps cost: contributions that do not add up, and certainty from too few leavers."""
    if method != "isotonic":
        return ()
    found = (note("isotonic-does-not-add-up"),)
    if part.left >= LEAST_FOR_ISOTONIC:
        return found
    return (*found, note("few-for-isotonic", left=f"{part.left:,}", least=f"{LEAST_FOR_ISOTONIC:,}"))


def _data(world: Landmarks, parts: Sequence[Part]) -> str:
    rows, left = sum(part.rows for part in parts), sum(part.left for part in parts)
    looked = f"{rows:,} rows of customers active at {len(world.schedule)} landmarks"
    return f"{looked}, {left:,} of which left; as of {world.as_of}."


def _design(world: Landmarks) -> str:
    words = world.definition
    return (
        f"Active: {words.active_in_words}. Left: {words.left_in_words}. "
        "Test landmarks begin after every training label had ended; no group is in two parts."
    )


def _left(rows: Rows) -> NDArray[np.bool_]:
    assert rows.left is not None
    return rows.left
