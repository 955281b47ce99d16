"""The model card: what was learnt from what, how good it is beside simpler models, and what to be careful of."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tenure.errors import UnknownChoice
from tenure.intervals import wilson
from tenure.noting import Note, read_note
from tenure.risk.definitions import Definition
from tenure.risk.errors import NotAModel
from tenure.risk.guarding import Guard
from tenure.risk.looking import Landmark
from tenure.risk.measures import NAMES, Difference, Estimate, Measured

if TYPE_CHECKING:
    import pyarrow as pa

FORMAT: Final = 1
_TOPS: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5)


@dataclass(frozen=True, slots=True)
class Part:
    """How many rows, customers, groups and leavers one part of the data has."""

    role: str
    rows: int
    customers: int
    groups: int
    left: int


@dataclass(frozen=True, slots=True)
class Bin:
    """Test rows of similar predicted risk: what was predicted on average, and what happened, with Wilson's interval."""

    predicted: float
    happened: float
    low: float
    high: float
    rows: int


@dataclass(frozen=True, slots=True)
class Reach:
    """The customers with the highest risk: which share of all they are, and which share of the leavers they hold."""

    share: float
    leavers: float
    lift: float


@dataclass(frozen=True, slots=True)
class Weight:
    """How much a column moves the risk of test customers on average, in log odds, whichever way."""

    column: str
    theme: str
    log_odds: float


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ModelCard:
    """Frozen, and storable as JSON (`to_dict`, `from_dict`).

    `measures` holds every contender, simplest first, and the baselines named in `beside`, which are never shipped.
    """

    data: str
    design: str
    definition: Definition | None
    landmarks: tuple[Landmark, ...]
    parts: tuple[Part, ...]
    assumed: float | None
    shipped: str
    because: str
    measures: tuple[Measured, ...]
    differences: tuple[Difference, ...]
    calibrated_by: str
    calibration: tuple[Bin, ...]
    lift: tuple[Reach, ...]
    weights: tuple[Weight, ...]
    guards: tuple[Guard, ...]
    level: float
    resamples: int
    as_of: str | None
    notes: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def quality(self) -> Measured:
        """The measures of the model that was shipped."""
        return next(measured for measured in self.measures if measured.model == self.shipped)

    @property
    def is_better_than_chance(self) -> bool:
        """Whether the interval of the shipped model's AUC lies above one half; if not, its scores mean nothing."""
        return self.quality.auc.low > 0.5

    @property
    def warnings(self) -> tuple[Guard, ...]:
        """The guards that found something."""
        return tuple(guard for guard in self.guards if guard.outcome == "warned")

    def part(self, role: str) -> Part:
        """The sizes of one part."""
        found = next((part for part in self.parts if part.role == role), None)
        if found is None:
            raise UnknownChoice(name="role", value=role, choices=", ".join(part.role for part in self.parts))
        return found

    def table(self) -> pa.Table:
        """An Arrow table, a line per model and measure: model, measure, value, low, high, shipped."""
        import pyarrow as pa

        lines = [(measured.model, name, getattr(measured, name)) for measured in self.measures for name in NAMES]
        return pa.table(
            {
                "model": [model for model, _, _ in lines],
                "measure": [name for _, name, _ in lines],
                "value": pa.array([estimate.value for _, _, estimate in lines], from_pandas=True),
                "low": pa.array([estimate.low for _, _, estimate in lines], from_pandas=True),
                "high": pa.array([estimate.high for _, _, estimate in lines], from_pandas=True),
                "shipped": [model == self.shipped for model, _, _ in lines],
            }
        )

    def calibration_table(self) -> pa.Table:
        """An Arrow table, a line per tenth of predicted risk: predicted, happened, low, high, rows."""
        import pyarrow as pa

        return pa.Table.from_pylist([asdict(line) for line in self.calibration])

    def lift_table(self) -> pa.Table:
        """An Arrow table: share of customers taken from the top, share of leavers among them, lift."""
        import pyarrow as pa

        return pa.Table.from_pylist([asdict(line) for line in self.lift])

    def chart(self, form: str = "calibration", **choices: Any) -> Any:
        """An Altair chart, `form` "calibration", "lift" or "models"; needs `pip install tenure[chart]`."""
        from tenure.risk import drawing

        if form not in drawing.FORMS:
            raise UnknownChoice(name="form", value=form, choices=", ".join(drawing.FORMS))
        return drawing.FORMS[form](self, **choices)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; what is not known is None."""
        return {"format": FORMAT, **_plain(asdict(self))}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> ModelCard:
        """Read what `to_dict` wrote; raises NotAModel."""
        try:
            return _read(stored)
        except (KeyError, TypeError) as refused:
            raise NotAModel(why=f"its card cannot be read ({refused!r})") from refused

    def _repr_html_(self) -> str:
        from tenure.risk.pages import card_html

        return card_html(self)

    def __repr__(self) -> str:
        return f"<ModelCard: {self.shipped}, AUC {self.quality.auc}; {self.data}>"


def bins_of(
    left: NDArray[np.bool_], probability: NDArray[np.float64], *, level: float, count: int = 10
) -> tuple[Bin, ...]:
    """About equally many rows each, by predicted risk; equal predictions stay together."""
    edges = np.unique(np.quantile(probability, np.linspace(0, 1, count + 1)[1:-1]))
    codes = np.searchsorted(edges, probability, side="right")
    found = []
    for code in np.unique(codes):
        here = codes == code
        lost, rows = int(left[here].sum()), int(here.sum())
        low, high = wilson(lost, rows, level=level)
        found.append(Bin(float(probability[here].mean()), lost / rows, float(low), float(high), rows))
    return tuple(found)


def reach_of(left: NDArray[np.bool_], probability: NDArray[np.float64]) -> tuple[Reach, ...]:
    """Which share of the leavers the top shares hold; of equal predictions an even part is taken."""
    order = np.argsort(-probability, kind="stable")
    _, group, counts = np.unique(-probability[order], return_inverse=True, return_counts=True)
    even = (np.bincount(group, weights=left[order]) / counts)[group]
    caught = np.r_[0.0, np.cumsum(even)] / left.sum()
    found = []
    for share in _TOPS:
        leavers = float(np.interp(share * len(left), np.arange(len(caught)), caught))
        found.append(Reach(share, leavers, leavers / share))
    return tuple(found)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, Note):
        return value.to_dict()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _read(stored: dict[str, Any]) -> ModelCard:
    if stored.get("format") != FORMAT:
        raise NotAModel(why=f"its format is {stored.get('format')!r}, and this version reads {FORMAT}")
    fields = {name: value for name, value in stored.items() if name != "format"}
    definition = fields["definition"]
    return ModelCard(
        **{
            **fields,
            "definition": None if definition is None else Definition.from_dict(definition),
            "landmarks": tuple(Landmark(**line) for line in fields["landmarks"]),
            "parts": tuple(Part(**line) for line in fields["parts"]),
            "measures": tuple(
                Measured(line["model"], **{n: _estimate(line[n]) for n in NAMES}) for line in fields["measures"]
            ),
            "differences": tuple(
                Difference(line["better"], line["than"], _estimate(line["auc"])) for line in fields["differences"]
            ),
            "calibration": tuple(Bin(**line) for line in fields["calibration"]),
            "lift": tuple(Reach(**line) for line in fields["lift"]),
            "weights": tuple(Weight(**line) for line in fields["weights"]),
            "guards": tuple(
                Guard(line["name"], line["outcome"], read_note(line["finding"]), read_note(line["do"]))
                for line in fields["guards"]
            ),
            "calibrated_by": read_note(fields["calibrated_by"]),
            "notes": tuple(read_note(line) for line in fields["notes"]),
            "beside": tuple(fields.get("beside", ())),
        }
    )


def _estimate(stored: dict[str, float | None]) -> Estimate:
    return Estimate(
        *(float("nan") if stored[end] is None else float(stored[end] or 0) for end in ("value", "low", "high"))
    )
