"""Why an effect cannot be stated, by name; each class's docstring is what the person reads."""

from __future__ import annotations

from tenure.errors import TenureError


class EffectError(TenureError):
    """The effect cannot be stated."""


class OneArm(EffectError):
    """Everybody is in the arm {arm!r}, so there is nothing to compare with. An effect needs a second arm."""


class NoSuchArm(EffectError):
    """There is no arm called {arm!r}. The arms are: {arms}."""


class WhichControl(EffectError):
    """Which arm was left alone? Say so with control=…; the arms are: {arms}."""


class TooFewToCompare(EffectError):
    """The arm {arm!r} has {count} {noun} with an outcome; at least {needed} are needed{why}. Wait for more."""


class SharesUnclear(EffectError):
    """The shares {shares} do not fit: {why}. Give every arm a share above 0, and make them add up to 1."""


class SampleRatioOff(EffectError):
    """The arms are not as big as they were meant to be: {counts} {noun}, where {expected} were expected (chi-square
    {chi2:.1f}, p = {p:.1g}). Something let {noun} in or out unevenly, so the difference between the arms cannot be
    trusted and is not shown. Look for it in the assignment, the filter or the logging; if the arms were meant to have
    other shares, give them with shares=…"""


class OutcomesMissUnevenly(EffectError):
    """Outcomes are missing more in one arm than in another: known for {counts}, of {assigned} assigned (chi-square
    {chi2:.1f}, p = {p:.1g}). Those who are left no longer compare like with like, so no difference is shown. Find the
    missing outcomes; somebody not seen again is usually an outcome of 0, not a missing one."""


class InTwoArms(EffectError):
    """{count} {noun} are in more than one arm, among them {examples}. Nobody can be treated and held out at once:
    find out which came first and keep that row, or leave them out with in_two_arms="leave out"."""


class CustomerTwice(EffectError):
    """{count} customers have several rows with different outcomes, among them {examples}. Add them up to one row per
    customer first; what was assigned at random is a customer, not a row."""


class AssignedAfterExposure(EffectError):
    """{count} customers were assigned only after they had already been exposed, among them {examples}. Their arm may
    follow from what happened, so chance no longer decided. Correct the log, or leave them out with
    late="leave out"."""


class CovariateTooLate(EffectError):
    """The covariate was measured after the {event} for {count} customers, among them {examples}. What the treatment
    can have changed must not be adjusted for; take a value from before."""


class OutcomeUnreadable(EffectError):
    """Row {row} of {column!r} is {value!r}, which is not a number. Give true and false, 1 and 0, or amounts."""


class OutcomeConstant(EffectError):
    """The outcome is {value} for everybody, so no difference can be measured. Check the column {column!r}."""


class CurrenciesMixed(EffectError):
    """Amounts in {currencies} cannot be added up. Convert them to one currency first, or ask once per currency."""


class CovariateUseless(EffectError):
    """The covariate {column!r} cannot be used: {why}."""


class ModelsMissing(EffectError):
    """This needs scikit-learn, which is not installed. Install it with: pip install "tenure[models]"."""


class WorthUnclear(EffectError):
    """The worth of a kept customer is not clear: {amount}, from {low} to {high}. Give effect.Worth(amount, currency,
    low=…, high=…) with the amount between its ends, or the currency=… of an outcome that is money."""


class WhichArm(EffectError):
    """There are several arms besides the control: {arms}. Choose the one to look at with treated=…"""


class WhenUnknown(EffectError):
    """{count} outcomes have no time, so their order is not known. Leave at=… out to take the rows as they come, or
    fill the times in."""


class PlanUnclear(EffectError):
    """The experiment cannot be planned: {why}."""
