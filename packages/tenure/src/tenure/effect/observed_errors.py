"""Why a question about what was only observed is refused; each class's docstring is what the person reads."""

from __future__ import annotations

from tenure.effect.errors import EffectError


class AfterTreatment(EffectError):
    """The column {column!r} cannot be adjusted for: {what} becomes known only after the treatment, and may be its
    doing, so adjusting for it would hide part of the effect or invent one. Leave it out. If it really was known at
    opening, give it a name that says so, such as {column}_at_opening."""


class TreatmentUnclear(EffectError):
    """The treatment {column!r} must be true or false for each customer; it holds {values}. Decide what counts as
    treated first, for instance a first response within the target."""


class CovariateUnreadable(EffectError):
    """Row {row} of the covariate {column!r} is {value!r}, which cannot be used. Give finite numbers, true and false,
    or words; leave unknown values empty."""


class TooManyWords(EffectError):
    """The covariate {column!r} has {count} different values in {rows} rows: it names customers rather than kinds of
    customers. Group it first, or leave it out."""


class NoCovariates(EffectError):
    """There is nothing to adjust for: {why}. Give covariates that were known before the treatment; without any, the
    plain difference only describes."""


class NobodyLanded(EffectError):
    """No customer's first conversation can be judged: {why}. The landmark is {days} days after opening, and what
    happened is known until {until}. Choose an earlier window or a nearer landmark."""


class ProbabilityOut(EffectError):
    """Row {row} has an assignment probability of {value!r}; a probability that was decided by chance lies above 0 and
    below 1. Correct the log, or leave out the customers whom chance did not decide about."""
