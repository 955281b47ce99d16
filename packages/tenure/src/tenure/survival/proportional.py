"""Cox's proportional hazards: what goes with leaving sooner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.errors import UnknownChoice
from tenure.survival.covariates import Design, design_of, frame_of
from tenure.survival.errors import NobodyLeft, NothingToFit
from tenure.survival.fitting import Rows, fit, null_log_likelihood, refuse_hopeless, rows_of
from tenure.survival.followed import Followed, checked_level, groups_of, read_followed

if TYPE_CHECKING:
    import pyarrow as pa

    from tenure.survival.checking import Proportionality
    from tenure.survival.predicting import Baseline, Predicted

TIES: Final = ("efron", "breslow")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Cox:
    """A proportional-hazards fit: λ(t | x) = λ₀(t)·exp(βᵀ(x − x̄)), a baseline λ₀ per stratum at the average x̄.

    `coefficients` are log hazard ratios per unit of each covariate in `names`; `covariance` is theirs (robust where
    asked). `log_likelihood` and `null_log_likelihood` are partial ones.
    """

    names: tuple[str, ...]
    coefficients: NDArray[np.float64]
    covariance: NDArray[np.float64]
    log_likelihood: float
    null_log_likelihood: float
    customers: int
    lost: int
    averages: NDArray[np.float64]
    ties: str
    strata: tuple[Any, ...]
    ridge: float
    errors: str
    unit: str
    level: float
    steps: int
    design: Design
    notes: tuple[str, ...] = ()
    _inner: dict[str, Any] = field(default_factory=dict)

    @property
    def standard_errors(self) -> NDArray[np.float64]:
        """Of the coefficients."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def interval(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Wald's interval of the coefficients."""
        reach = NormalDist().inv_cdf(0.5 + self.level / 2) * self.standard_errors
        return self.coefficients - reach, self.coefficients + reach

    @property
    def hazard_ratios(self) -> NDArray[np.float64]:
        """How many times sooner they leave per unit of each covariate: exp(β)."""
        return np.exp(self.coefficients)

    @property
    def hazard_ratio_interval(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The interval of `hazard_ratios`."""
        low, high = self.interval
        return np.exp(low), np.exp(high)

    @property
    def z(self) -> NDArray[np.float64]:
        """Coefficient over standard error."""
        return self.coefficients / self.standard_errors

    @property
    def p(self) -> NDArray[np.float64]:
        """How often a coefficient would be this far from zero if there were nothing (two-sided, Wald)."""
        from scipy.special import ndtr

        return 2 * ndtr(-np.abs(self.z))

    @property
    def likelihood_ratio(self) -> tuple[float, float]:
        """Twice what the covariates add to the log-likelihood, and its χ² probability if they mattered nothing."""
        from scipy.special import chdtrc

        statistic = 2 * (self.log_likelihood - self.null_log_likelihood)
        return statistic, float(chdtrc(len(self.names), max(statistic, 0.0)))

    @property
    def concordance(self) -> float:
        """Harrell's C: of pairs whose order of leaving is known, the share the fit orders rightly (ties: half)."""
        from tenure.survival.checking import concordance_of

        if "concordance" not in self._inner:
            self._inner["concordance"] = concordance_of(self)
        return self._inner["concordance"]

    @property
    def baseline(self) -> Baseline:
        """Survival of a customer with average covariates, by stratum; with the same handling of ties as the fit."""
        from tenure.survival.predicting import baseline_of

        if "baseline" not in self._inner:
            self._inner["baseline"] = baseline_of(self)
        return self._inner["baseline"]

    def relative_hazard(self, data: Any) -> NDArray[np.float64]:
        """exp(βᵀ(x − x̄)) of each row: how many times the average customer's hazard. NaN where something is missing."""
        from tenure.survival.predicting import relative_hazard

        return relative_hazard(self, data)

    def predict(self, data: Any, *, at: Any, after: Any = None) -> Predicted:
        """Each row's survival to the times `at`, with its interval; `after` (a column, array or number): given so far.

        The interval is for customers like this one on the whole: of one alone only a chance can be known.
        """
        from tenure.survival.predicting import predict

        return predict(self, data, at=at, after=after)

    def proportionality(self, *, transform: str = "rank") -> Proportionality:
        """Does each covariate's effect stay the same over time? Grambsch and Therneau's test; see `checking`."""
        from tenure.survival.checking import proportionality_of

        return proportionality_of(self, transform=transform)

    def table(self) -> pa.Table:
        """An Arrow table: covariate, coefficient, standard_error, low, high, hazard_ratio with low and high, z, p."""
        import pyarrow as pa

        (low, high), (ratio_low, ratio_high) = self.interval, self.hazard_ratio_interval
        return pa.table({
            "covariate": list(self.names), "coefficient": self.coefficients, "standard_error": self.standard_errors,
            "low": low, "high": high, "hazard_ratio": self.hazard_ratios, "hazard_ratio_low": ratio_low,
            "hazard_ratio_high": ratio_high, "z": self.z, "p": self.p,
        })  # fmt: skip

    def chart(self, **choices: Any) -> Any:
        """Hazard ratios with their intervals; needs `pip install tenure[chart]`."""
        from tenure.survival.drawing import hazard_ratios

        return hazard_ratios(self, **choices)

    def _repr_html_(self) -> str:
        from tenure.survival.telling import cox_html

        return cox_html(self)

    def __repr__(self) -> str:
        parts = ", ".join(f"{name} {value:+.3f}" for name, value in zip(self.names, self.coefficients, strict=True))
        return f"<Cox of {self.customers:,} customers, {self.lost:,} lost: {parts}>"


def cox(
    data: Any = None,
    *,
    duration: Any,
    event: Any,
    covariates: Any = None,
    strata: Any = None,
    cluster: Any = None,
    robust: bool = False,
    ties: str = "efron",
    ridge: float = 0.0,
    unit: str = "month",
    level: float = 0.95,
) -> Cox:
    """Cox (1972): which covariates go with leaving sooner or later, whatever the pace at which customers leave.

    `covariates` names columns of `data` (numbers as they are; a column of texts becomes one covariate per value but
    the first in order); left out, all other columns. Without `data` it is a mapping of arrays or a matrix. Customers
    who leave at the same time are handled by `ties="efron"` (1977; the default) or "breslow" (1974). `strata` gives
    each of its values a baseline of its own. `cluster` (a company, say) makes standard errors robust to customers of
    one cluster leaving together, `robust=True` to a misspecified model (Lin and Wei 1989). `ridge` shrinks effects
    per standard deviation by a penalty ½·ridge·β² and then intervals are narrower than they should be. Rows that
    lack something are left out and counted in `notes`. Raises a TenureError naming the column and what to do.
    """
    checked_level(level)
    if ties not in TIES:
        raise UnknownChoice(name="ties", value=ties, choices=", ".join(TIES))
    if not (ridge >= 0 and np.isfinite(ridge)):
        raise UnknownChoice(name="ridge", value=ridge, choices="0 (none), or a small number such as 0.1")
    followed = read_followed(data, duration=duration, event=event, unit=unit)
    taken = [name for name in (duration, event, strata, cluster) if isinstance(name, str)]
    design, columns, followed = _covariates(followed, covariates, taken)
    if not followed.left.any():
        raise NobodyLeft(count=f"{len(followed.times):,}", column=followed.event)
    layers = (None, None) if strata is None else groups_of(followed.values(strata, name="strata"))
    centre = np.array([float(column.mean()) for column in columns])
    spread = np.array([float(column.std()) for column in columns])
    scale = np.where(spread > 1e-12 * np.maximum(1.0, np.abs(centre)), spread, 1.0)
    rows, order, time = rows_of(
        columns, followed.times, followed.left, layers[1], names=design.names, centre=centre, scale=scale
    )
    refuse_hopeless(rows, ridge=ridge)
    found = fit(rows, efron=ties == "efron", ridge=ridge)
    bread = np.asarray(np.linalg.inv(found.information + ridge * np.eye(len(scale))), np.float64)
    inner = {"rows": rows, "order": order, "time": time, "beta": found.beta, "scale": scale, "layers": layers[0],
             "bread": bread, "strata_column": strata if isinstance(strata, str) else None}  # fmt: skip
    errors, covariance = _covariance(inner, bread, followed, cluster, robust, ties)
    null = null_log_likelihood(rows.deaths, rows.sizes, rows.opens, efron=ties == "efron")
    return Cox(
        design.names, found.beta / scale, covariance / np.outer(scale, scale), found.log_likelihood, null,
        len(followed.times), int(followed.left.sum()), centre, ties, tuple(layers[0] or ()), ridge, errors, unit, level,
        found.steps, design, followed.notes, inner,
    )  # fmt: skip


def _covariates(
    followed: Followed, covariates: Any, taken: list[str]
) -> tuple[Design, list[NDArray[np.float64]], Followed]:
    """The covariates as numbers of the rows that lack nothing, and what was left out in a note."""
    is_named = followed.frame is not None and (covariates is None or _is_names(covariates))
    frame: Any = followed.frame if is_named else frame_of(covariates)
    wanted = _wanted(frame, covariates if is_named else None, taken if is_named else [])
    kept = frame if followed.kept is None else frame.filter(followed.kept.tolist())
    design = design_of(kept, wanted)
    columns, missing = design.numbers(kept)
    if missing is None:
        return design, columns, followed
    note = f"{int(missing.sum()):,} of {len(missing):,} customers lack a covariate and were left out."
    return design, [column[~missing] for column in columns], followed.only(~missing, note)


def _wanted(frame: Any, covariates: Any, taken: list[str]) -> list[str]:
    if covariates is None:
        found = [name for name in frame.columns if name not in taken]
    else:
        found = [covariates] if isinstance(covariates, str) else list(covariates)
    if not found:
        raise NothingToFit
    return found


def _is_names(covariates: Any) -> bool:
    return isinstance(covariates, str) or (
        isinstance(covariates, Iterable)
        and not hasattr(covariates, "columns")
        and not isinstance(covariates, (dict, np.ndarray))
        and all(isinstance(name, str) for name in covariates)
    )


def _covariance(
    inner: dict[str, Any], bread: NDArray[np.float64], followed: Followed, cluster: Any, robust: bool, ties: str
) -> tuple[str, NDArray[np.float64]]:
    """The inverse information, or the sandwich over customers or clusters."""
    if cluster is None and not robust:
        return "from the information", bread
    from tenure.survival.checking import score_residuals

    rows: Rows = inner["rows"]
    residuals = score_residuals(rows, inner["order"], inner["beta"], efron=ties == "efron")
    if cluster is None:
        return "robust", bread @ (residuals.T @ residuals) @ bread
    labels = followed.values(cluster, name="cluster")
    codes = np.unique(labels.dictionary_encode(null_encoding="encode").indices.to_numpy(), return_inverse=True)[1]
    sums = np.stack([np.bincount(codes, weights=column) for column in residuals.T], axis=1)
    return f"robust, by {cluster if isinstance(cluster, str) else 'cluster'}", bread @ (sums.T @ sums) @ bread
