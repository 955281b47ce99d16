"""What every fitted model has: its parameters with intervals, how well it fits, and the delta method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from tenure.value.climbing import Peak
from tenure.value.delta import known, z_of
from tenure.value.histories import html_of

if TYPE_CHECKING:
    import pyarrow as pa

_UNKNOWN: Final = 5.0  # a standard error of a log parameter beyond which nothing is known but its sign

Function = Callable[[NDArray[np.float64]], NDArray[np.float64]]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Fitted:
    """A model at the top of its likelihood: `estimates` in the order of NAMES, `covariance` of their logarithms."""

    estimates: NDArray[np.float64]
    covariance: NDArray[np.float64]
    log_likelihood: float
    customers: int
    unit: str
    level: float = 0.95
    notes: tuple[str, ...] = ()

    MODEL: ClassVar[str] = ""
    NAMES: ClassVar[tuple[str, ...]] = ()
    ASSUMES: ClassVar[str] = ""

    def __getitem__(self, name: str) -> float:
        return float(self.estimates[self.NAMES.index(name)])

    @property
    def parameters(self) -> dict[str, float]:
        """The estimates by name."""
        return {name: float(value) for name, value in zip(self.NAMES, self.estimates, strict=True)}

    @property
    def standard_errors(self) -> dict[str, float]:
        """By the delta method from the observed information; of the estimates themselves."""
        spread = np.sqrt(np.diag(self.covariance)) * self.estimates
        return {name: float(value) for name, value in zip(self.NAMES, spread, strict=True)}

    @property
    def intervals(self) -> dict[str, tuple[float, float]]:
        """Wald's, on the scale of logarithms; 0 to infinity where the data say nothing."""
        spread = np.sqrt(np.diag(self.covariance))
        ends = {}
        for name, value, se in zip(self.NAMES, self.estimates, spread, strict=True):
            reach = np.exp(z_of(self.level) * min(se, 600.0)) if se < _UNKNOWN else np.inf
            ends[name] = (float(value / reach), float(value * reach))
        return ends

    def table(self) -> pa.Table:
        """An Arrow table: parameter, estimate, standard_error, low, high."""
        import pyarrow as pa

        return pa.table(
            {
                "parameter": list(self.NAMES), "estimate": self.estimates,
                "standard_error": list(self.standard_errors.values()),
                "low": [low for low, _ in self.intervals.values()],
                "high": [high for _, high in self.intervals.values()],
            }
        )  # fmt: skip

    def _repr_html_(self) -> str:
        return html_of(self)

    def __repr__(self) -> str:
        words = ", ".join(f"{name} {value:.4g}" for name, value in self.parameters.items())
        return f"<{self.MODEL} of {self.customers:,} customers: {words}; log-likelihood {self.log_likelihood:,.1f}>"

    def with_interval(
        self, function: Function, *, scale: str = "log"
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """function(parameters) with the ends of its interval, by the delta method on a log or logit scale.

        They say how well the *expected* figure is known; what one customer will do varies far more.
        """
        found = known(
            lambda thetas: {"it": np.asarray(function(thetas[0]), np.float64)}, [self.block], scales={"it": scale}
        )["it"]
        return found.value, *found.ends(self.level)

    @property
    def block(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The estimates and the covariance of their logarithms."""
        return self.estimates, self.covariance


def edge_notes(peak: Peak, names: tuple[str, ...]) -> tuple[str, ...]:
    """What to say of parameters that ran to an edge, or of which the data say next to nothing."""
    spread = np.sqrt(np.diag(peak.covariance()))
    edge = [name for name, is_at in zip(names, peak.at_edge, strict=True) if is_at]
    vague = [name for name, se, is_at in zip(names, spread, peak.at_edge, strict=True) if se > 2 and not is_at]
    notes: tuple[str, ...] = ()
    if edge:
        words = "its edge, where the model becomes a simpler one" if len(edge) == 1 else "their edges"
        notes += (f"{' and '.join(edge)} ran to {words}; intervals take it as given.",)
    if vague:
        notes += (f"The data hardly tell how large {' and '.join(vague)} {'is' if len(vague) == 1 else 'are'}.",)
    return notes
