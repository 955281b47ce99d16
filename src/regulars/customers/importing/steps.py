"""What running does with one batch, and what each kind of file must offer for it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from regulars.customers.importing.plans import Plan
from regulars.customers.importing.reading import Batch
from regulars.customers.importing.spool import Spool
from regulars.customers.importing.typed import Typed
from regulars.kernel.actors import Actor

Ints = NDArray[np.int64]


class Target(NamedTuple):
    """Where facts go and in whose name."""

    source_id: int
    at: datetime
    by: Actor
    file_name: str


class Refused(NamedTuple):
    """Rows refused while running: their places in a bucket of the spool (or in a piece of it)."""

    reason: str
    bucket: int
    places: Ints
    piece: pa.Table | None = None


@dataclass(slots=True)
class Outcome:
    """What one batch did, or would do."""

    counts: dict[str, int] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)

    def add(self, name: str, count: int) -> None:
        if count:
            self.counts[name] = self.counts.get(name, 0) + count


@dataclass(slots=True)
class Foreseen:
    """What a batch would do, without doing it: its customers' ways, its facts, its span of time."""

    outcome: Outcome
    ways: list[tuple[str, str]]
    message_ids: list[str]
    first_at: int | None = None
    last_at: int | None = None
    money: dict[str, int] = field(default_factory=dict)


class Step(Protocol):
    """One batch: applied in one transaction."""

    rows: int

    def foresee(self) -> Foreseen: ...

    def apply(self, target: Target) -> Outcome: ...


class Kind(Protocol):
    """A kind of file. `KEY` names the typed column whose rows must stay together, if any."""

    KEY: str | None

    def typed(self, batch: Batch, plan: Plan, /) -> Typed: ...

    def steps(self, spool: Spool, plan: Plan, /) -> Iterator[Step]: ...
