"""What was found out about an effect that was only observed, frozen, with the sentence a manager reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenure.effect.controls import ControlFound
from tenure.effect.estimates import Estimate
from tenure.effect.evidence import EVIDENCE, Evidence
from tenure.effect.learners import Choice
from tenure.effect.money import Gain, Worth, gain
from tenure.effect.observed_scores import Estimand
from tenure.effect.overlap import Balance, Overlap
from tenure.effect.sensitivity import Sensitivity

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Asked:
    """The question in words: what the treatment and the outcome are called, who was asked about, and how many."""

    treatment: str
    outcome: str
    estimand: Estimand
    is_share: bool
    customers: int
    treated: int
    units: int
    covariates: tuple[str, ...]
    level: float
    splits: int
    folds: int


@dataclass(frozen=True, slots=True)
class Described:
    """The plain difference between the groups: two means and their difference. It describes; it explains nothing."""

    treated: float
    untreated: float
    difference: Estimate


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Observed:
    """An effect read from what was observed, with all it rests on.

    `evidence` is randomised (the assignment probabilities were known and chance drew), adjusted, or, when a negative
    control shows something where nothing can be, described.
    """

    asked: Asked
    estimate: Estimate
    without: float  # the mean outcome had nobody been treated
    described: Described
    evidence: Evidence
    overlap: Overlap
    balance: Balance
    sensitivity: Sensitivity
    controls: tuple[ControlFound, ...]
    choices: tuple[tuple[str, Choice], ...]
    apart: float  # between the lowest and the highest of the splits
    notes: tuple[str, ...] = ()

    is_identifiable = True

    @property
    def sentence(self) -> str:
        """What came out, in plain words, no stronger than the evidence."""
        from tenure.effect.observed_sentences import of_observed

        return of_observed(self)

    @property
    def is_clear(self) -> bool:
        """Whether an effect is shown: the interval leaves out zero, and the evidence is more than a description."""
        return self.estimate.is_clear and self.evidence != "described"

    def gain(self, *, worth: Worth | None = None, currency: str | None = None, customers: int | None = None,
             cost_each: float = 0.0) -> Gain:  # fmt: skip
        """The effect as kept customers and money, for those not treated yet or for `customers`; see `effect.gain`."""
        whom = self.asked.customers - self.asked.treated if customers is None else customers
        return gain(self.estimate, customers=whom, worth=worth, currency=currency, cost_each=cost_each,
                    evidence=self.evidence)  # fmt: skip

    def table(self) -> pa.Table:
        """A line per estimate: the plain difference, the adjusted one, and each negative control."""
        import pyarrow as pa

        lines = [("plain difference", self.described.difference), (f"{self.evidence}", self.estimate)]
        lines += [(f"check: {one.name}", one.estimate) for one in self.controls if one.estimate is not None]
        figures = {name: [getattr(one, name) for _, one in lines] for name in ("value", "se", "low", "high", "p")}
        return pa.table({"estimate": [name for name, _ in lines], **figures})

    def chart(self, *, form: str = "estimates", **choices: Any) -> Any:
        """`form="estimates"`, "balance" (each covariate before and after) or "overlap"; needs tenure[chart]."""
        from tenure.effect.observed_charts import chart

        return chart(self, form=form, **choices)

    def _repr_html_(self) -> str:
        from tenure.effect.observed_sentences import html_of_observed

        return html_of_observed(self)

    def __repr__(self) -> str:
        return f"<Observed, {self.evidence}: {self.sentence}>"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class NotIdentifiable:
    """These data cannot say: no estimate, but why there is none, what would help, and what the groups looked like."""

    asked: Asked
    reasons: tuple[str, ...]
    described: Described
    overlap: Overlap | None
    balance: Balance | None
    notes: tuple[str, ...] = ()

    evidence: Evidence = "described"
    is_identifiable = False
    is_clear = False

    @property
    def sentence(self) -> str:
        """That it cannot be said, why, and what would help."""
        from tenure.effect.observed_sentences import of_not_identifiable

        return of_not_identifiable(self)

    def table(self) -> pa.Table:
        """A line per reason, and the plain difference beside it, which only describes."""
        import pyarrow as pa

        plain = self.described.difference
        return pa.table({
            "reason": list(self.reasons), "plain_difference": [plain.value] * len(self.reasons),
            "low": [plain.low] * len(self.reasons), "high": [plain.high] * len(self.reasons),
        })  # fmt: skip

    def chart(self, *, form: str = "overlap", **choices: Any) -> Any:
        """`form="overlap"` or "balance": where the groups have no counterpart; needs tenure[chart]."""
        from tenure.effect.observed_charts import chart

        return chart(self, form=form, **choices)

    def _repr_html_(self) -> str:
        from tenure.effect.observed_sentences import html_of_not_identifiable

        return html_of_not_identifiable(self)

    def __repr__(self) -> str:
        return f"<NotIdentifiable: {'; '.join(self.reasons)}>"


def evidence_of(*, is_drawn: bool, controls: tuple[ControlFound, ...]) -> Evidence:
    """How much the answer may claim: a control that shows something takes the claim away."""
    if any(not one.is_null for one in controls):
        return "described"
    return "randomised" if is_drawn else "adjusted"


def meaning(evidence: Evidence) -> str:
    return EVIDENCE[evidence].capitalize() + "."
