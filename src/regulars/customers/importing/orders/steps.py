"""Orders in batches, each one transaction: customers recognised, facts appended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa

from regulars.customers.actions import profiles, recognition
from regulars.customers.importing.orders import facts as order_facts
from regulars.customers.importing.orders.grouping import Ints, Orders, codes_of, first_said, group, who_column
from regulars.customers.importing.plans import Plan
from regulars.customers.importing.spool import Spool
from regulars.customers.importing.steps import Foreseen, Outcome, Refused, Target
from regulars.kernel import facts

ORDERS_A_STEP = 4000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Way = tuple[str, str]


def steps(spool: Spool, plan: Plan) -> Iterator["OrderStep"]:
    """The same steps in the same order, however often they are asked for."""
    for bucket, table in spool.tables():
        orders = group(table)
        for begin in range(0, max(1, orders.size), ORDERS_A_STEP):
            rows = slice(begin, min(begin + ORDERS_A_STEP, orders.size))
            yield OrderStep(bucket, table, orders, rows, plan, is_first=begin == 0)


@dataclass(frozen=True, slots=True)
class OrderStep:
    """Some orders of a bucket; the first step of a bucket answers for the lines that belong to no order."""

    bucket: int
    table: pa.Table
    orders: Orders
    span: slice
    plan: Plan
    is_first: bool

    @property
    def rows(self) -> int:
        own = int(self.orders.starts[self.span.stop] - self.orders.starts[self.span.start])
        return own + (sum(len(places) for _, places in self.orders.refused) if self.is_first else 0)

    def foresee(self) -> Foreseen:
        """Orders, refunds, customers and money, counted."""
        at = self.orders.at[self.span]
        money: dict[str, int] = {}
        for paid, is_refund in zip(self._totals(), self.orders.is_refund[self.span].tolist(), strict=True):
            if paid:
                money[paid.currency] = money.get(paid.currency, 0) + (-paid.minor if is_refund else paid.minor)
        return Foreseen(
            self._outcome(),
            self._ways(),
            order_facts.message_ids(self.table, self.orders, self.span),
            int(at.min()) if len(at) else None,
            int(at.max()) if len(at) else None,
            money,
        )

    def apply(self, target: Target) -> Outcome:
        """Recognise who ordered, and append what is new; erased customers' lines are refused."""
        outcome = self._outcome()
        ways = self._ways()
        known = recognition.recognise(ways, source_id=target.source_id, at=target.at, is_known=True, is_verified=True)
        given = self._give_addresses(ways, known, target)
        profiles.apply_traits(self._learned(ways, known, given))
        customer_ids = [known.get(way) for way in ways]
        kept = [place for place, customer_id in enumerate(customer_ids) if customer_id is not None]
        self._refuse_erased(outcome, customer_ids)
        appended = facts.append(self._columns(customer_ids, kept), source_id=target.source_id)
        outcome.add("facts_new", appended)
        outcome.add("facts_there", len(kept) - appended)
        return outcome

    def _outcome(self) -> Outcome:
        outcome = Outcome()
        is_refund = self.orders.is_refund[self.span]
        lengths = np.diff(self.orders.starts[self.span.start : self.span.stop + 1])
        outcome.add("orders", int((~is_refund).sum()))
        outcome.add("refunds", int(is_refund.sum()))
        outcome.add("lines_sold", int(lengths[~is_refund].sum()))
        outcome.add("lines_refunded", int(lengths[is_refund].sum()))
        if self.is_first:
            outcome.refused = [Refused(reason, self.bucket, places) for reason, places in self.orders.refused]
        return outcome

    def _ways(self) -> list[Way]:
        """Whose each order is; a line may inherit its customer, so the order's first line that names one is asked."""
        who = _first_who(self.table, self.orders, self.span)
        return [("external" if name[0] == "#" else "email", name[1:]) for name in who]

    def _totals(self):
        return order_facts.totals(self.table, self.orders, self.span, currency=self.plan.currency)

    def _columns(self, customer_ids: list[int | None], kept: list[int]) -> facts.Columns:
        at = self.orders.at[self.span].tolist()
        paid = self._totals()
        columns = (
            customer_ids,
            order_facts.names(self.orders, self.span),
            [_EPOCH + timedelta(microseconds=micros) for micros in at],
            [None] * len(at),
            order_facts.message_ids(self.table, self.orders, self.span),
            order_facts.properties(self.table, self.orders, self.span, paid),
            [True] * len(at),
        )
        if len(kept) == len(at):
            return facts.Columns(*columns)  # type: ignore[arg-type]  # each of another kind
        return facts.Columns(*([column[place] for place in kept] for column in columns))  # type: ignore[arg-type]  # likewise

    def _learned(self, ways: list[Way], known: dict[Way, int], given: dict[int, str]) -> Iterator[profiles.Traits]:
        """What orders say of who ordered: their address, and that they have been known since the first one."""
        first: dict[int, int] = {}
        for way, micros in zip(ways, self.orders.at[self.span].tolist(), strict=True):
            if (customer_id := known.get(way)) is not None:
                first[customer_id] = min(micros, first.get(customer_id, micros))
        for customer_id, micros in first.items():
            since = _EPOCH + timedelta(microseconds=micros)
            yield profiles.Traits(customer_id, email=given.get(customer_id), known_since=since)

    def _give_addresses(self, ways: list[Way], known: dict[Way, int], target: Target) -> dict[int, str]:
        """Customers named by number get the address beside it, when nobody has it yet; returns whom each went to."""
        if self.table["email"].null_count == self.table.num_rows:
            return {}
        addresses = self.table["email"].take(pa.array(self.orders.first[self.span])).to_pylist()
        wanted = {
            known[way]: address
            for way, address in zip(ways, addresses, strict=True)
            if address and way[0] == "external" and way in known
        }
        new = [(customer_id, "email", address) for customer_id, address in sorted(wanted.items())]
        owners = recognition.attach(new, source_id=target.source_id, at=target.at, is_verified=True)
        return {
            customer_id: address for customer_id, _, address in new if owners.get(("email", address)) == customer_id
        }

    def _refuse_erased(self, outcome: Outcome, customer_ids: list[int | None]) -> None:
        gone = [place for place, customer_id in enumerate(customer_ids) if customer_id is None]
        if not gone:
            return
        starts = self.orders.starts[self.span.start : self.span.stop + 1]
        places = np.concatenate([self.orders.lines[starts[place] : starts[place + 1]] for place in gone])
        outcome.refused.append(Refused("erased", self.bucket, places))
        outcome.add("erased_orders", len(gone))


def _first_who(table: pa.Table, orders: Orders, span: slice) -> list[str]:
    order = codes_of(table["order"])
    said = first_said(order, who_column(table))
    firsts: Ints = orders.first[span]
    return said.take(pa.array(order[firsts])).to_pylist()
