"""Customers in batches, each one transaction."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa

from regulars.customers.actions import consents, profiles, recognition
from regulars.customers.importing.plans import Plan
from regulars.customers.importing.spool import Spool
from regulars.customers.importing.steps import Foreseen, Outcome, Refused, Target
from regulars.customers.models import Consent
from regulars.customers.purposes import PURPOSES

ROWS_A_STEP = 5000
Way = tuple[str, str]
Row = dict[str, str | bool | int | None]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def steps(spool: Spool, plan: Plan) -> Iterator["ProfileStep"]:
    """Rows in the order of the file: what stands later counts."""
    for piece in spool.pieces():
        for begin in range(0, piece.num_rows, ROWS_A_STEP):
            yield ProfileStep(piece.slice(begin, ROWS_A_STEP))


@dataclass(frozen=True, slots=True)
class ProfileStep:
    """Some rows of the file."""

    piece: pa.Table

    @property
    def rows(self) -> int:
        return self.piece.num_rows

    def foresee(self) -> Foreseen:
        """Who the rows are about."""
        outcome = Outcome()
        outcome.add("rows", self.rows)
        return Foreseen(outcome, [ways[0] for ways in self._ways()], [])

    def apply(self, target: Target) -> Outcome:
        """Recognise, give further ways, write what is known and agreed to."""
        outcome = Outcome()
        rows, ways = self._said(), self._ways()
        given = {"source_id": target.source_id, "at": target.at, "is_verified": True}
        known = recognition.recognise(list({own[0] for own in ways}), is_known=True, **given)
        customer_ids = [known.get(own[0]) for own in ways]
        gone = np.array([place for place, found in enumerate(customer_ids) if found is None], np.int64)
        if len(gone):
            outcome.refused.append(Refused("erased", 0, gone, self.piece))
        there = [(row, own, found) for row, own, found in zip(rows, ways, customer_ids, strict=True) if found]
        recognition.attach([(found, *way) for _, own, found in there for way in own[1:]], **given)
        changed = profiles.apply_traits(_traits(found, row) for row, _, found in there)
        outcome.add("rows", len(there))
        outcome.add("customers_changed", changed)
        outcome.add("consents", _write_consents([(found, row) for row, _, found in there], target))
        return outcome

    def _said(self) -> list[Row]:
        names = ["name", "email", "phone", "company", "language", "time_zone", "since", "kept"]
        names += [f"consent_{purpose}" for purpose in PURPOSES]
        return self.piece.select(names).to_pylist()

    def _ways(self) -> list[list[Way]]:
        columns = [(kind, self.piece[name].to_pylist()) for kind, name in _WAYS]
        return [
            [(kind, value) for kind, value in zip((kind for kind, _ in _WAYS), values, strict=True) if value]
            for values in zip(*(values for _, values in columns), strict=True)
        ]


_WAYS = (("external", "customer"), ("email", "email"), ("phone", "phone"))


def _traits(customer_id: int, row: Row) -> profiles.Traits:
    said = {name: row[name] for name in ("name", "email", "phone", "company", "language", "time_zone")}
    attributes = json.loads(str(row["kept"])) if row["kept"] else {}
    since = None if row["since"] is None else _EPOCH + timedelta(microseconds=int(row["since"]))
    # A row's cells are typed together; these six are texts.
    return profiles.Traits(customer_id, attributes=attributes, known_since=since, **said)  # type: ignore[arg-type]


def _write_consents(rows: list[tuple[int, Row]], target: Target) -> int:
    """Only what differs from what was last said is written, so that a second run adds nothing."""
    wanted = {
        (customer_id, purpose): row[f"consent_{purpose}"]
        for customer_id, row in rows
        for purpose in PURPOSES
        if row[f"consent_{purpose}"] is not None
    }
    if not wanted:
        return 0
    heads = recognition.heads(customer_id for customer_id, _ in wanted)
    said = Consent.objects.filter(customer_id__in=heads.values()).order_by("at", "id")
    latest = {row[:2]: row[2] for row in said.values_list("customer_id", "purpose", "is_given")}
    changed = 0
    for (customer_id, purpose), is_given in wanted.items():
        if latest.get((heads[customer_id], purpose)) is is_given:
            continue
        changed += 1
        say = consents.give if is_given else consents.withdraw
        say(heads[customer_id], purpose, by=target.by, source=f"import of {target.file_name}")
    return changed
