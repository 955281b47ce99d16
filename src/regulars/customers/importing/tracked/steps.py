"""Facts in batches, each one transaction."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa

from regulars.customers.actions import recognition
from regulars.customers.importing.plans import Plan
from regulars.customers.importing.spool import Spool
from regulars.customers.importing.steps import Foreseen, Outcome, Refused, Target
from regulars.kernel import facts

ROWS_A_STEP = 20_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def steps(spool: Spool, plan: Plan) -> Iterator["FactStep"]:
    """Rows in the order of the file."""
    for piece in spool.pieces():
        for begin in range(0, piece.num_rows, ROWS_A_STEP):
            yield FactStep(piece.slice(begin, ROWS_A_STEP))


@dataclass(frozen=True, slots=True)
class FactStep:
    """Some rows of the file."""

    piece: pa.Table

    @property
    def rows(self) -> int:
        return self.piece.num_rows

    def foresee(self) -> Foreseen:
        """Whose facts, which, from when to when."""
        outcome = Outcome()
        outcome.add("facts", self.rows)
        at = np.asarray(self.piece["at"].combine_chunks())
        ways, properties = self._ways(), self._properties()
        return Foreseen(outcome, ways, self._message_ids(ways, properties), int(at.min()), int(at.max()))

    def apply(self, target: Target) -> Outcome:
        """Recognise whose they are, and append what is new."""
        outcome = Outcome()
        ways, properties = self._ways(), self._properties()
        known = recognition.recognise(ways, source_id=target.source_id, at=target.at, is_known=True, is_verified=True)
        customer_ids = [known.get(way) for way in ways]
        gone = np.array([place for place, found in enumerate(customer_ids) if found is None], np.int64)
        if len(gone):
            outcome.refused.append(Refused("erased", 0, gone, self.piece))
        kept = [place for place, found in enumerate(customer_ids) if found is not None]
        columns = (
            customer_ids,
            self.piece["name"].to_pylist(),
            _times(self.piece["at"]),
            _times(self.piece["recorded"]),
            self._message_ids(ways, properties),
            properties,
            [True] * self.rows,
        )
        # Columns of several kinds in one tuple are more than the checker can tell apart.
        chosen = facts.Columns(*([column[place] for place in kept] for column in columns))  # type: ignore[arg-type]
        appended = facts.append(chosen, source_id=target.source_id)
        outcome.add("facts", len(kept))
        outcome.add("facts_new", appended)
        outcome.add("facts_there", len(kept) - appended)
        return outcome

    def _ways(self) -> list[tuple[str, str]]:
        both = zip(self.piece["customer"].to_pylist(), self.piece["email"].to_pylist(), strict=True)
        return [("external", customer) if customer else ("email", email) for customer, email in both]

    def _properties(self) -> list[str]:
        """The JSON column and the kept columns in one object; where both say it, the column counts."""
        both = zip(self.piece["properties"].to_pylist(), self.piece["kept"].to_pylist(), strict=True)
        return [_together(inner, kept) for inner, kept in both]

    def _message_ids(self, ways: list[tuple[str, str]], properties: list[str]) -> list[str]:
        """The file's own number, else a digest of the content: the same line twice is one fact."""
        own = self.piece["id"].to_pylist()
        names, at = self.piece["name"].to_pylist(), self.piece["at"].to_pylist()
        return [
            f"fact:{number}" if number else _digest(*way, name, str(micros), said)
            for number, way, name, micros, said in zip(own, ways, names, at, properties, strict=True)
        ]


def _together(inner: str | None, kept: str | None) -> str:
    if not inner or inner.strip() == "{}":
        return kept or "{}"
    return inner if not kept else f"{inner.rstrip()[:-1]},{kept[1:]}"


def _digest(*parts: str) -> str:
    return "content:" + hashlib.blake2b("\x00".join(parts).encode(), digest_size=16).hexdigest()


def _times(column: pa.ChunkedArray) -> list[datetime | None]:
    return [None if micros is None else _EPOCH + timedelta(microseconds=micros) for micros in column.to_pylist()]
