"""Facts or days, cut at as_of: what both questions begin with."""

from __future__ import annotations

from typing import Any

import numpy as np

from tenure import clocks
from tenure.conditions import mask_of
from tenure.days import Days, days_of
from tenure.errors import AsOfBeforeEverything, NobodyBegan, NoEffectOnThisQuestion, NothingToRead
from tenure.inputs import read_facts
from tenure.zones import checked_zone


def read_days(data: Any, *, customer: Any, time: Any, active: Any, zone: str | None, as_of: Any) -> tuple[Days, int]:
    """The customers' days before as_of, and the first local day that has not ended.

    Only whole days (and longer) are counted, so a moment within a day leaves that day out.
    """
    days = _days(data, customer, time, active, zone)
    if not len(days):
        raise NobodyBegan if active is not None else NothingToRead
    if as_of is None:
        return days.before(days.end), days.end
    day = clocks.day_of(as_of, zone=days.zone)
    if day <= days.start:
        raise AsOfBeforeEverything(as_of=np.datetime64(day, "D"), first=np.datetime64(days.start, "D"))
    return days.before(day), day


def _days(data: Any, customer: Any, time: Any, active: Any, zone: str | None) -> Days:
    if isinstance(data, Days):
        for name, given in (("active", active), ("customer", customer), ("time", time)):
            if given is not None:
                raise NoEffectOnThisQuestion(name=name, why="days were given, which are reduced already")
        if zone is not None and zone != data.zone:
            raise NoEffectOnThisQuestion(name=f"zone={zone!r}", why=f"the days given are of {data.zone}")
        return data
    checked_zone(zone or "UTC")
    facts = read_facts(data, customer=customer, time=time, zone=zone or "UTC")
    mask = facts.aligned(mask_of(active, facts.frame, count=facts.rows))
    if mask is not None and not mask.any():
        raise NobodyBegan
    return days_of(facts, mask)
