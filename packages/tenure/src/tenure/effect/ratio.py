"""The sample-ratio test: are the arms as big as they were meant to be?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tenure.effect.assignment import checked_shares
from tenure.effect.errors import NoSuchArm, SampleRatioOff
from tenure.pages import cells_of, page

if TYPE_CHECKING:
    import pyarrow as pa

BLOCKS_BELOW: Final = 0.001


@dataclass(frozen=True, slots=True, repr=False)
class RatioTest:
    """How many each arm has and how many were expected; below p = .001 an experiment's result is not shown."""

    arms: tuple[str, ...]
    counts: tuple[int, ...]
    expected: tuple[float, ...]
    chi2: float
    p: float
    noun: str = "customers"

    @property
    def is_off(self) -> bool:
        return self.p < BLOCKS_BELOW

    @property
    def sentence(self) -> str:
        if self.is_off:
            return SampleRatioOff(**self.details()).sentence()
        return f"The arms have the sizes they were meant to have ({self.told(self.counts)}; p = {self.p:.2g})."

    def told(self, figures: tuple[float, ...]) -> str:
        return ", ".join(f"{arm} {figure:,.0f}" for arm, figure in zip(self.arms, figures, strict=True))

    def details(self) -> dict[str, object]:
        return {
            "counts": self.told(self.counts),
            "expected": self.told(self.expected),
            "chi2": self.chi2,
            "p": self.p,
            "noun": self.noun,
        }

    def refuse_when_off(self) -> None:
        if self.is_off:
            raise SampleRatioOff(**self.details())

    def table(self) -> pa.Table:
        """A line per arm: arm, count, expected."""
        import pyarrow as pa

        return pa.table({"arm": list(self.arms), "count": list(self.counts), "expected": list(self.expected)})

    def chart(self, **choices: Any) -> Any:
        """How many each arm has, beside how many it should; needs `pip install tenure[chart]`."""
        from tenure.effect.drawing import sizes

        return sizes(self, **choices)

    def _repr_html_(self) -> str:
        return page(self.sentence, ["arm", self.noun, "expected"], cells_of(self.table(), number=",.0f"))

    def __repr__(self) -> str:
        return f"<RatioTest: {self.sentence}>"


def sample_ratio(
    counts: Mapping[str, int], *, shares: Mapping[str, float] | None = None, noun: str = "customers"
) -> RatioTest:
    """Pearson's chi-square test of counts against shares (equal when not given).

    Fabijan et al., "Diagnosing sample ratio mismatch in online controlled experiments" (KDD 2019).
    """
    from scipy.stats import chi2 as distribution

    wanted = shares or dict.fromkeys(counts, 1 / max(1, len(counts)))
    checked_shares(wanted)
    for arm in counts:
        if arm not in wanted:
            raise NoSuchArm(arm=arm, arms=", ".join(wanted))
    seen = np.array([counts.get(arm, 0) for arm in wanted], float)
    expected = seen.sum() * np.array(list(wanted.values())) / sum(wanted.values())
    statistic = float(((seen - expected) ** 2 / expected).sum()) if seen.sum() else 0.0
    p = float(distribution.sf(statistic, len(wanted) - 1))
    return RatioTest(tuple(wanted), tuple(int(n) for n in seen), tuple(map(float, expected)), statistic, p, noun)
