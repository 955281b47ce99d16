"""What episodes wear, of which each may have several: labels, those of its customer, choices of a field."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from regulars.customers.selectors import labels
from regulars.desk.selectors.numbers.asking import FIELD, FILLED
from regulars.desk.selectors.numbers.days import Tables
from regulars.desk.selectors.numbers.days.columns import NOBODY
from regulars.desk.selectors.numbers.rows import fetch

_OF_FIELD = f"""
SELECT filled.value, string_agg(int8send(conversation.id), ''::bytea)
FROM desk_conversation conversation, LATERAL {FILLED.format(row="conversation", key="%(key)s")} AS filled (value)
WHERE conversation.fields ? %(key)s AND conversation.fields <> '{{}}' AND filled.value IS NOT NULL GROUP BY 1 ORDER BY 1
"""
_OF_CUSTOMER = f"""
SELECT label, string_agg(int8send(conversation.id), ''::bytea)
FROM (SELECT DISTINCT customer_id, label FROM ({labels.WORN}) AS every) AS worn
JOIN desk_conversation conversation USING (customer_id) GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Worn:
    """Of each episode, where its words begin among `codes`, and how many it has; a code is a place in `names`."""

    names: list[str]
    codes: np.ndarray
    first: np.ndarray
    counts: np.ndarray

    def has(self, name: str) -> np.ndarray:
        """Which episodes wear it."""
        if name not in self.names:
            return np.zeros(len(self.counts), bool)
        so_far = np.append(0, np.cumsum(self.codes == self.names.index(name)))
        return so_far[self.first + self.counts] > so_far[self.first]

    def spread(self, rows: np.ndarray, episodes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Each of these rows once for every word of its episode, or once with none; and the word, `NOBODY` for none."""
        counts = self.counts[episodes]
        times = np.maximum(counts, 1)
        which = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
        place = np.minimum(np.repeat(self.first[episodes], times) + which, len(self.codes))
        codes = np.append(self.codes, NOBODY)[place]
        codes[np.repeat(counts == 0, times)] = NOBODY
        return np.repeat(rows, times), codes


def worn(by: str, kept: Tables) -> Worn:
    """What was asked for: labels as the days have them, everything else as the database has it now."""
    if by == "label":
        codes, names = kept.of["label"].words("label", "labels")
        counts = kept.of["episode"]["labels"].astype(int)
        return Worn(names, codes.astype(int), np.cumsum(counts) - counts, counts)
    given: dict[str, Any] = {"key": by.removeprefix(FIELD)}
    found = list(fetch(_OF_FIELD if by.startswith(FIELD) else _OF_CUSTOMER, given))
    conversations = [np.frombuffer(sent, ">i8") for _, sent in found]
    ids = np.concatenate([np.empty(0, int), *conversations]).astype(int)
    codes = np.repeat(np.arange(len(found)), [len(each) for each in conversations]).astype(int)
    order = np.argsort(ids, kind="stable")
    wanted = kept.of["episode"]["conversation"]
    first, last = (np.searchsorted(ids[order], wanted, side=side) for side in ("left", "right"))
    return Worn([name for name, _ in found], codes[order], first, last - first)
