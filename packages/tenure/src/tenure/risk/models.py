"""A fitted model: it scores, says what each score is associated with, and is stored as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tenure.risk.calibrating import Calibration
from tenure.risk.cards import ModelCard, _plain
from tenure.risk.errors import NotAModel
from tenure.risk.measures import logits
from tenure.risk.rows import Rows
from tenure.risk.scorers import Scorer, scorer_from
from tenure.risk.scores import Scores
from tenure.risk.watching import Reference

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Model:
    """What was shipped, with its card; `reference` is what the test rows were like, for watching drift."""

    card: ModelCard
    scorer: Scorer
    calibration: Calibration
    reference: Reference

    def score(self, rows: Rows | Any, *, customer: str | None = None) -> Scores:
        """The calibrated probability of leaving of each row, with contributions. Raises ColumnsDiffer.

        A table's model also takes the table itself (a frame, an Arrow table or a path); `customer` is the column that
        names its rows, which are numbered from 0 otherwise.
        """
        if not isinstance(rows, Rows):
            from tenure.risk.tabular import rows_of_table

            rows = rows_of_table(rows, columns=self.scorer.encoding.names, customer=customer)
        logit = self.scorer.logit(rows)
        probability = self.calibration.probability(logit)
        scale = self.calibration.slope
        return Scores(
            rows,
            probability,
            self.scorer.contributions(rows) * scale,
            self.usual_probability(),
            self.scorer.encoding,
            self.scorer.relative_to,
            self.card.definition,
        )

    def usual_probability(self) -> float:
        """The probability that contributions start from."""
        return float(self.calibration.probability(np.array([self.scorer.usual_logit()]))[0])

    def contributions_are_exact(self, scores: Scores) -> bool:
        """Whether contributions add up to the calibrated log odds (always with Platt; not with isotonic steps)."""
        start = float(logits(np.array([scores.usual]))[0])
        return bool(np.allclose(start + scores.contributions.sum(axis=1), logits(scores.probability), atol=1e-6))

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON: nothing in it is code, and reading it back needs no scikit-learn."""
        return _plain(
            {
                "card": self.card.to_dict(),
                "scorer": self.scorer.to_dict(),
                "calibration": self.calibration.to_dict(),
                "reference": self.reference.to_dict(),
            }
        )

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Model:
        """Read what `to_dict` wrote; raises NotAModel."""
        try:
            return cls(
                ModelCard.from_dict(stored["card"]),
                scorer_from(stored["scorer"]),
                Calibration.from_dict(stored["calibration"]),
                Reference.from_dict(stored["reference"]),
            )
        except (KeyError, TypeError) as refused:
            raise NotAModel(why=f"{refused!r} is missing or of another kind") from refused

    def table(self) -> pa.Table:
        """The card's table: how good this model and those beside it were."""
        return self.card.table()

    def chart(self, form: str = "calibration", **choices: Any) -> Any:
        """The card's charts; needs `pip install tenure[chart]`."""
        return self.card.chart(form, **choices)

    def _repr_html_(self) -> str:
        return self.card._repr_html_()

    def __repr__(self) -> str:
        return f"<Model {self.card!r}>"
