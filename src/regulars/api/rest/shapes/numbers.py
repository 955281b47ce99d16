"""The desk's figures, as they look from outside."""

from datetime import date, datetime

from regulars.api.rest.shapes.base import Shape


class Volume(Shape):
    """Rounds of conversations that began, and what became of them since; `reopenings` of those that began again."""

    began: int
    reopenings: int
    messages: int
    resolved: int
    reopened: int
    replies: int


class Lasting(Shape):
    """How long something took, in seconds, over `n` of them; null when there is none. And how many kept a promise.

    `open_broken` of the broken ones still wait.
    """

    n: int
    median: float | None
    ninetieth: float | None
    mean: float | None
    kept: int
    broken: int
    open_broken: int


class Part(Shape):
    """The figures of one part: all that was asked about, one step, or one group."""

    step: date | None
    group: str | None
    volume: Volume
    first: Lasting
    next: Lasting
    resolution: Lasting
    bot: Lasting


class Day(Shape):
    """One day's backlog: opened and ended on it, and left at its end."""

    day: date
    opened: int
    ended: int
    left: int


class Load(Shape):
    """What one agent answered and resolved in the period, and has open now."""

    agent_id: int
    answered: int
    resolved: int
    open_now: int


_LASTING = {"n": 96, "median": 1980.0, "ninetieth": 9000.0, "mean": 3120.5, "kept": 90, "broken": 6, "open_broken": 1}
_PART = {
    "volume": {"began": 120, "reopenings": 8, "messages": 410, "resolved": 101, "reopened": 6, "replies": 188},
    "first": _LASTING, "next": _LASTING, "resolution": _LASTING,
    "bot": {"n": 0, "median": None, "ninetieth": None, "mean": None, "kept": 0, "broken": 0, "open_broken": 0},
}  # fmt: skip


class Numbers(Shape):
    """How the desk is doing. Times count business seconds unless calendar ones were asked for.

    `groups` are by the value asked for, as text; an empty one are those without any. Where groups overlap (labels),
    the whole counts each once.
    """

    example = {
        "since": "2026-10-26", "until": "2026-11-22", "zone": "Europe/Berlin", "is_business": True,
        "whole": {"step": None, "group": None, **_PART},
        "steps": [{"step": "2026-10-26", "group": None, **_PART}],
        "groups": [{"step": None, "group": "3", **_PART}],
        "backlog": [{"day": "2026-10-26", "opened": 9, "ended": 11, "left": 41}],
        "workload": [{"agent_id": 3, "answered": 64, "resolved": 40, "open_now": 7}],
    }  # fmt: skip

    since: date
    until: date
    zone: str
    is_business: bool
    whole: Part
    steps: list[Part]
    groups: list[Part]
    backlog: list[Day]
    workload: list[Load]


class Behind(Shape):
    """One conversation behind a number: which of its rounds, when that began, and how long it took."""

    conversation_id: int
    episode: int
    began_at: datetime
    seconds: float | None


class Found(Shape):
    """What is behind a number: how many there are in all, and a page of them.

    The longest come first; `next` is null on the last page.
    """

    example = {
        "n": 6,
        "items": [{"conversation_id": 4711, "episode": 1, "began_at": "2026-11-20T09:12:00Z", "seconds": 30120.0}],
        "next": "bjIwMA",
    }

    n: int
    items: list[Behind]
    next: str | None
