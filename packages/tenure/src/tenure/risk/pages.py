"""Small pages for notebooks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from tenure.pages import cells_of, page

if TYPE_CHECKING:
    import pyarrow as pa

    from tenure.risk.cards import ModelCard
    from tenure.risk.measures import Measured

_HEADS = (
    ("auc", "AUC"), ("average_precision", "average precision"), ("brier", "Brier"), ("lift", "lift of the top tenth"),
    ("slope", "calibration slope"), ("intercept", "calibration intercept"),
)  # fmt: skip


def card_html(card: ModelCard) -> str:
    """The card as one block: the data, the contenders, why this one, the guards, the notes."""
    head = "".join(f"<th>{title}</th>" for _, title in _HEADS)
    lines = "".join(_line(measured, words=_words(card, measured.model)) for measured in card.measures)
    guards = "".join(
        f"<li>{escape(guard.outcome)}: {escape(guard.finding)} {escape(guard.do)}</li>" for guard in card.guards
    )
    notes = "".join(f"<li>{escape(note)}</li>" for note in card.notes)
    caption = f"<caption>On the test rows, with {card.level:.0%} intervals</caption>"
    return (
        f'<div class="tenure"><p>{escape(card.data)} {escape(card.design)}</p>'
        f"<table>{caption}<tr><th></th>{head}</tr>{lines}</table>"
        f"<p>{escape(card.because)} {escape(card.calibrated_by)}</p><ul>{guards}</ul><ul>{notes}</ul></div>"
    )


def table_html(table: pa.Table, *, caption: str) -> str:
    """The first lines of a table."""
    return page("", [str(name) for name in table.column_names], cells_of(table, number=".3g"), caption=caption)


def _words(card: ModelCard, model: str) -> str:
    return " (shipped)" if model == card.shipped else " (baseline)" if model in card.beside else ""


def _line(measured: Measured, *, words: str) -> str:
    cells = "".join(f"<td>{escape(str(getattr(measured, name)))}</td>" for name, _ in _HEADS)
    return f"<tr><th>{escape(measured.model)}{words}</th>{cells}</tr>"
