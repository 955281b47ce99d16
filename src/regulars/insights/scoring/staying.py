"""How much longer customers stay: read off those who began alike and had stayed as long.

Gone is whoever has been silent for 90 days, as the Survival page has it when nothing else is chosen. Groups are made
by a property of the *first* order, the one by which people stay most differently: what is known of customers only
now, such as a plan that was cancelled, may have been written down because they left, and would tell itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from regulars.insights.scoring import beginnings
from tenure.survival import LogRank, Survival, kaplan_meier, log_rank
from tenure.value import Histories

SILENCE_DAYS: Final = 90
DAYS_IN_MONTH: Final = 30.4375
AHEAD: Final = (12, 6, 3)  # months; the longest that was seen is told
LEAST: Final = 30  # of fewer who stayed as long nothing is told
MOST_GROUPS: Final = 6
MOST_PROPERTIES: Final = 8
_CHANCE: Final = 0.01

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Followed:
    """Per customer: how many days they are known to have stayed, whether they left then, who is too new to tell."""

    customers: NDArray[np.int64]
    days: NDArray[np.int64]
    silent: NDArray[np.int64]
    is_gone: NDArray[np.bool_]
    is_too_new: NDArray[np.bool_]
    stayed: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class StayingModel:
    """What is told of whom: `everybody` and `groups` hold a line per step, see `step_of`.

    A line is cut off where fewer than LEAST had stayed as long. `by` is the property groups are made by, if any.
    """

    by: str | None
    everybody: list[Line | None]
    groups: dict[str, list[Line | None]]

    def told(self, group: str, step: int) -> tuple[str | None, int, Line] | None:
        """The group that is spoken of (None: everybody), the step and the line; None where nothing can be told."""
        shortest = min(step, 1)  # whoever came back is never told what is true of those who did not
        for name, lines in ((group, self.groups.get(group, [])), (None, self.everybody)):
            for place in range(min(step, len(lines) - 1), shortest - 1, -1):
                line = lines[place]
                if line is not None:
                    return name, place, line
        return None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"by": self.by, "everybody": self.everybody, "groups": self.groups}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "StayingModel":
        """Read what `to_dict` wrote."""
        return cls(stored["by"], stored["everybody"], stored["groups"])


def followed(histories: Histories) -> Followed:
    """Who is gone after how many days, and who is known to have been there for how long."""
    age, days = (np.rint(weeks * 7).astype(np.int64) for weeks in (histories.age, histories.recency))
    silent = age - days
    is_gone = silent >= SILENCE_DAYS
    stayed = np.where(is_gone, days, age - SILENCE_DAYS)
    return Followed(histories.customers, days, silent, is_gone, age < SILENCE_DAYS, stayed)


def learn(seen: Followed, properties: Sequence[str]) -> tuple[StayingModel, dict[str, Any]]:
    """The lines of everybody and of the groups that differ most, and how they were chosen.

    Raises a TenureError where nobody was followed long enough.
    """
    old = ~seen.is_too_new
    stayed, is_gone = seen.stayed[old], seen.is_gone[old]
    everybody = _lines(_curves(stayed, is_gone, None))
    tried = list(properties)[:MOST_PROPERTIES] if is_gone.any() else []
    labels = beginnings.of(seen.customers, tried, everybody=True) if tried else {}
    chosen = _most_telling({name: said[old] for name, said in labels.items()}, stayed, is_gone)
    summary: dict[str, Any] = {"customers": int(old.sum()), "gone": int(is_gone.sum()), "tried": tried, "by": None}
    if chosen is None:
        return StayingModel(None, everybody, {}), summary
    name, test = chosen
    groups = [str(group) for group in test.groups]
    among = np.isin(labels[name][old].astype(str), groups)
    curves = _curves(stayed[among], is_gone[among], labels[name][old][among].astype(str).astype(object))
    lines = {str(curve.group): _lines(Survival((curve,), "day", None, curves.level)) for curve in curves.curves}
    return StayingModel(name, everybody, lines), summary | {"by": name, "p": test.p, "groups": groups}


def step_of(days: NDArray[np.int64]) -> NDArray[np.int64]:
    """0: ordered on one day so far; 1: came back, for less than a month; k: for k − 1 whole months."""
    return np.where(days == 0, 0, 1 + np.floor(days / DAYS_IN_MONTH)).astype(np.int64)


def _curves(stayed: NDArray[np.int64], is_gone: NDArray[np.bool_], by: Any) -> Survival:
    """In days, the first one counted, so that who ordered on one day stayed for one and not for none."""
    return kaplan_meier(duration=stayed + 1.0, event=is_gone, by=by, unit="day")


def _most_telling(
    labels: Mapping[str, NDArray[np.object_]], stayed: NDArray[np.int64], is_gone: NDArray[np.bool_]
) -> tuple[str, LogRank] | None:
    """The property whose groups leave at the most different paces; None where chance does as much.

    Bonferroni's correction for how many were tried.
    """
    tests = {name: test for name, said in labels.items() if (test := _tested(said, stayed, is_gone)) is not None}
    telling = [name for name, test in tests.items() if test.p * len(labels) < _CHANCE]
    if not telling:
        return None
    name = min(telling, key=lambda name: (tests[name].p, -tests[name].statistic / tests[name].degrees, name))
    return name, tests[name]


def _tested(said: NDArray[np.object_], stayed: NDArray[np.int64], is_gone: NDArray[np.bool_]) -> LogRank | None:
    names, place, counts = np.unique(said.astype(str), return_inverse=True, return_counts=True)
    large = [i for i in np.argsort(-counts, kind="stable") if counts[i] >= LEAST and names[i] != beginnings.UNKNOWN]
    if len(large) < 2:
        return None
    among = np.isin(place, large[:MOST_GROUPS])
    if not is_gone[among].any():
        return None
    by = names[place][among].astype(object)
    return log_rank(duration=stayed[among] + 1.0, event=is_gone[among], by=by, unit="day")


def _lines(curves: Survival) -> list[Line | None]:
    """A line per step, as far as enough customers stayed; None where no figure with an interval can be given."""
    months = int(curves.curve.time[-1] / DAYS_IN_MONTH)
    tenures = [0.0, 1.0, *(month * DAYS_IN_MONTH for month in range(1, months + 1))]
    tenures = [tenure for tenure in tenures if curves.curve.time[-1] > tenure]
    ahead = [months * DAYS_IN_MONTH for months in sorted(AHEAD)]
    found = curves.remaining(at=tenures, ahead=ahead, horizon=max(ahead)).lines
    return [_line(line) for line in found if line.at_risk >= LEAST]


def _line(found: Any) -> Line | None:
    """The share still there after the longest time ahead that was seen."""
    seen = {round(ahead / DAYS_IN_MONTH): place for place, ahead in enumerate(found.ahead)}
    for months in AHEAD:
        share, low, high = (getattr(found, name)[seen[months]] for name in ("survival", "low", "high"))
        if share is not None and low is not None and high is not None and low < high:
            return {
                "n": found.at_risk, "ahead": months, "share": round(share, 4), "low": round(low, 4),
                "high": round(high, 4), "median": found.median and round(found.median / DAYS_IN_MONTH, 1),
            }  # fmt: skip
    return None
