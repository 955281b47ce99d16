"""Episodes: what happened in a conversation, folded into the spans that are measured. Pure.

An episode runs from a conversation's creation, or from a reopening, to the resolve that ends it.
Its clock starts with the customer's first message in it. Everything here follows from the facts, so
that numbers can be built again from nothing and a running clock says what the report will say.
"""

from regulars.desk.episodes.facts import NAMES, DeskFact
from regulars.desk.episodes.folding import fold
from regulars.desk.episodes.measuring import Lasted, Measures, measure, span
from regulars.desk.episodes.values import MERGED, RESOLVED, Episode, Pause, Standing, Turn

__all__ = [
    "MERGED",
    "NAMES",
    "RESOLVED",
    "DeskFact",
    "Episode",
    "Lasted",
    "Measures",
    "Pause",
    "Standing",
    "Turn",
    "fold",
    "measure",
    "span",
]
