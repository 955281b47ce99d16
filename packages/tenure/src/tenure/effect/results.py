"""What an experiment shows, frozen, with the sentence a manager reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any, Final

from tenure.effect.errors import NoSuchArm
from tenure.effect.estimates import Estimate
from tenure.effect.evidence import EVIDENCE, Evidence
from tenure.effect.money import Gain, Worth, gain
from tenure.effect.planning import Plan, plan_on
from tenure.effect.ratio import RatioTest
from tenure.pages import page

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class ArmOutcome:
    """One arm: `assigned` to it, `n` with an outcome (in `units` clusters or customers), their mean and interval."""

    arm: str
    assigned: int
    n: int
    units: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """One arm against the control: plain and, where covariates were given, adjusted; each with its relative lift."""

    arm: str
    control: str
    plain: Estimate
    plain_lift: Estimate
    adjusted: Estimate | None
    adjusted_lift: Estimate | None
    p_holm: float

    @property
    def best(self) -> Estimate:
        """The adjusted effect where covariates were given, else the plain one."""
        return self.adjusted or self.plain

    @property
    def lift(self) -> Estimate:
        return self.adjusted_lift or self.plain_lift

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out zero, also after Holm's correction when there are several arms."""
        return self.best.is_clear and self.p_holm < 1 - self.best.level

    @property
    def variance_saved(self) -> float | None:
        """The share by which adjusting made the variance smaller: that many customers fewer would have done."""
        return None if self.adjusted is None else 1 - (self.adjusted.se / self.plain.se) ** 2

    def with_holm(self, p: float) -> Comparison:
        return replace(self, p_holm=p)


@dataclass(frozen=True, slots=True, repr=False)
class Experiment:
    """Every arm against the control, by intent to treat; the evidence is randomised.

    `rho2` is the share of the outcome's variance that the covariates explain within the arms (None: not adjusted).
    """

    outcome: str
    arms: tuple[ArmOutcome, ...]
    comparisons: tuple[Comparison, ...]
    ratio: RatioTest
    is_share: bool
    currency: str | None
    level: float
    rho2: float | None = None
    covariates: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    evidence: Final[Evidence] = "randomised"

    def __getitem__(self, arm: str) -> Comparison:
        found = next((one for one in self.comparisons if one.arm == arm), None)
        if found is None:
            raise NoSuchArm(arm=arm, arms=", ".join(one.arm for one in self.comparisons))
        return found

    @property
    def comparison(self) -> Comparison:
        """The only comparison; with several arms, ask for one by its name."""
        return self[self.comparisons[0].arm] if len(self.comparisons) == 1 else self["(which?)"]

    @property
    def sentence(self) -> str:
        """What came out, in plain words."""
        told = [self.sentence_of(one.arm) for one in self.comparisons]
        if any(one.is_clear for one in self.comparisons):
            told.append("Chance decided who was treated, so what is clear is the treatment's doing.")
        if len(self.comparisons) > 1:
            told.append("That several arms were tried is taken into account.")
        return " ".join(told)

    def sentence_of(self, arm: str) -> str:
        """What came out for one arm, in plain words."""
        found, means = self[arm], {one.arm: one.mean for one in self.arms}
        more = "more" if found.best.value >= 0 else "less"
        seen = (
            f"“{self.outcome}” is {self._said(means[arm])} in {arm} and {self._said(means[found.control])} "
            f"in {found.control}: {self._apart(abs(found.best.value))} {more}"
            f"{' after adjusting' if found.adjusted else ''}"
        )
        low, high = found.best.low, found.best.high
        if found.is_clear:
            nearer, farther = sorted((abs(low), abs(high)))
            return f"{seen}; anything from {self._apart(nearer)} to {self._apart(farther)} fits what was seen."
        doubt = "which may be chance" if not found.best.is_clear else "which may be chance with so many arms"
        return (
            f"{seen}, {doubt}: anything from {self._signed(low)} to {self._signed(high)} fits what was seen. "
            f"Whether it makes a difference is not known yet."
        )

    def gain(
        self,
        arm: str | None = None,
        *,
        worth: Worth | None = None,
        customers: int | None = None,
        cost_each: float = 0.0,
    ) -> Gain:
        """The effect as kept customers and money, for those treated here or for `customers`.

        A share needs `worth`, what one kept customer is worth; an outcome that is money needs its `currency` said
        when the experiment was read.
        """
        found = self.comparison if arm is None else self[arm]
        treated = next(one for one in self.arms if one.arm == found.arm)
        if not self.is_share and worth is not None and self.currency is not None:
            from tenure.effect.errors import CurrenciesMixed

            raise CurrenciesMixed(currencies=f"the outcome ({self.currency}) and the worth of a customer")
        return gain(
            found.best, customers=treated.assigned if customers is None else customers, worth=worth,
            currency=self.currency, cost_each=cost_each, evidence=self.evidence,
        )  # fmt: skip

    def how_long(
        self, *, detect: float, arm: str | None = None, per_day: float | None = None, power: float = 0.8
    ) -> Plan:
        """How many customers more, and days, until an effect of `detect` would be noticed.

        It reads only how much the outcome varies, not what the effect turned out to be, so asking is not peeking.
        """
        found = self.comparison if arm is None else self[arm]
        both = sum(one.n for one in self.arms if one.arm in (found.arm, found.control))
        return plan_on(
            detect=detect, se=found.best.se, so_far=both, per_day=per_day, power=power, level=self.level,
            is_share=self.is_share,
        )  # fmt: skip

    def table(self) -> pa.Table:
        """A line per comparison and estimate (plain, adjusted): the effect, its lift, their ends, p and Holm's p."""
        import pyarrow as pa

        lines = [line for one in self.comparisons for line in _lines(one)]
        columns = {name: [line[name] for line in lines] for name in lines[0]}
        return pa.table({name: pa.array(column, from_pandas=True) for name, column in columns.items()})

    def chart(self, **choices: Any) -> Any:
        """Each arm's effect with its interval beside zero; needs `pip install tenure[chart]`."""
        from tenure.effect import drawing

        rows = [
            drawing.Row(f"{one.arm}{word}", found.value, found.low, found.high)
            for one in self.comparisons
            for word, found in (("", one.plain), (", adjusted", one.adjusted))
            if found is not None
        ]
        choices.setdefault("title", f"Effect on “{self.outcome}”, against {self.comparisons[0].control}")
        note = f"bar: {self.level:.0%} interval; {sum(one.n for one in self.arms):,} customers, assigned by chance"
        return drawing.intervals(rows, unit="%" if self.is_share else self.currency or "", note=note, **choices)

    def _repr_html_(self) -> str:
        head = ("", "", "effect", f"{self.level:.0%} interval", "relative", "interval", "p", "p (Holm)")
        body = [
            [
                escape(line["arm"]), line["estimate"], self._signed(line["effect"]),
                f"{self._signed(line['low'])} to {self._signed(line['high'])}", _percent(line["lift"]),
                f"{_percent(line['lift_low'])} to {_percent(line['lift_high'])}", f"{line['p']:.2g}",
                f"{line['p_holm']:.2g}",
            ]
            for one in self.comparisons for line in _lines(one)
        ]  # fmt: skip
        rho = (f"The covariates explain {self.rho2:.1%} of the outcome (ρ²).",) if self.rho2 is not None else ()
        meant = f"Evidence: {self.evidence}. {EVIDENCE[self.evidence].capitalize()}."
        return page(self.sentence, head, body, notes=(meant, self.ratio.sentence, *rho, *self.notes))

    def __repr__(self) -> str:
        return f"<Experiment: {self.sentence}>"

    def _said(self, mean: float) -> str:
        return f"{mean:.1%}" if self.is_share else f"{mean:,.2f} {self.currency or ''}".rstrip()

    def _apart(self, difference: float) -> str:
        return (
            f"{100 * difference:.1f} points" if self.is_share else f"{difference:,.2f} {self.currency or ''}".rstrip()
        )

    def _signed(self, difference: float) -> str:
        from tenure.effect.drawing import figure

        return figure(difference, "%" if self.is_share else self.currency or "")


def _lines(one: Comparison) -> list[dict[str, Any]]:
    pairs = [("plain", one.plain, one.plain_lift), ("adjusted", one.adjusted, one.adjusted_lift)]
    return [
        {
            "arm": one.arm, "control": one.control, "estimate": name, "effect": found.value, "se": found.se,
            "low": found.low, "high": found.high, "p": found.p, "p_holm": one.p_holm, "lift": lift.value,
            "lift_low": lift.low, "lift_high": lift.high, "method": found.method,
        }
        for name, found, lift in pairs if found is not None and lift is not None
    ]  # fmt: skip


def _percent(share: float) -> str:
    return "unknown" if share is None or share != share else f"{100 * share:+.1f} %"
