"""How the desk is doing, in figures whose every conversation can be looked up.

All figures are about episodes (see `desk.episodes`), grouped by when the episode began, in the
company's time zone. Merged and spam conversations are counted nowhere twice and not at all.
"""

from regulars.desk.selectors.numbers.asking import BY, FIELD, STEPS, Question
from regulars.desk.selectors.numbers.backlog import Backlog, backlog
from regulars.desk.selectors.numbers.days import Tables
from regulars.desk.selectors.numbers.drilling import MEASURES, MOST, Drill, Found, conversations, drill
from regulars.desk.selectors.numbers.lasting import KINDS, Lasting, Measured, all_measured, measured
from regulars.desk.selectors.numbers.naming import label_names
from regulars.desk.selectors.numbers.picking import tables_for
from regulars.desk.selectors.numbers.places import NoPlace, Place
from regulars.desk.selectors.numbers.promised import Kept
from regulars.desk.selectors.numbers.rows import Parts
from regulars.desk.selectors.numbers.volume import Volume, volume
from regulars.desk.selectors.numbers.workload import PARTS, Load, carried, drill_load, workload

__all__ = [
    "BY",
    "FIELD",
    "KINDS",
    "MEASURES",
    "MOST",
    "PARTS",
    "STEPS",
    "Backlog",
    "Drill",
    "Found",
    "Kept",
    "Lasting",
    "Load",
    "Measured",
    "NoPlace",
    "Parts",
    "Place",
    "Question",
    "Tables",
    "Volume",
    "all_measured",
    "backlog",
    "carried",
    "conversations",
    "drill",
    "drill_load",
    "label_names",
    "measured",
    "tables_for",
    "volume",
    "workload",
]
