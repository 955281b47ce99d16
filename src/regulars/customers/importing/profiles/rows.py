"""The rows of a customers file, typed."""

import pyarrow as pa

from regulars.customers import normalise
from regulars.customers.importing.plans import Plan
from regulars.customers.importing.reading import Batch
from regulars.customers.importing.typed import Cells, Typed
from regulars.customers.importing.values import json_text
from regulars.customers.importing.values.texts import is_null, per_unique, true_where
from regulars.customers.purposes import PURPOSES
from regulars.kernel.arrow import pc

KEY = None
_YES = frozenset(
    ["yes", "y", "true", "t", "1", "ja", "j", "oui", "o", "si", "sí", "sim", "subscribed", "opted-in", "granted", "x"]
)
_NO = frozenset(["no", "n", "false", "f", "0", "nein", "non", "não", "nao", "unsubscribed", "opted-out", "denied"])


def typed(batch: Batch, plan: Plan) -> Typed:
    """Who it is, what is known, and what they agreed to; an empty cell says nothing."""
    cells = Cells(batch, plan)
    found = Typed()
    customer = cells.way("customer", found)
    phone = per_unique(cells.text("phone"), lambda value: value and normalise.phone(value), pa.string())
    email = cells.email(found, else_by=pc.coalesce(customer, phone))
    found.refuse("no_customer", "", is_null(pc.coalesce(customer, email, phone)))
    found.columns = {
        "customer": customer,
        "email": email,
        "phone": phone,
        "name": _name(cells),
        **{name: cells.text(name) for name in ("company", "language", "time_zone")},
        "since": cells.moments("since", found, is_needed=False),
        **{f"consent_{purpose}": _consent(cells, purpose, found) for purpose in PURPOSES},
        "kept": json_text.objects(cells.kept(), size=cells.size),
    }
    return found


def _name(cells: Cells) -> pa.Array:
    first, last = (pc.fill_null(cells.text(name), "") for name in ("first_name", "last_name"))
    both = pc.utf8_trim_whitespace(pc.binary_join_element_wise(first, last, " "))
    return pc.coalesce(cells.text("name"), pc.if_else(pc.equal(both, ""), None, both))


def _consent(cells: Cells, purpose: str, found: Typed) -> pa.Array:
    written = pc.utf8_lower(cells.text(f"consent_{purpose}"))
    said = per_unique(written, lambda value: True if value in _YES else False if value in _NO else None, pa.bool_())
    found.refuse(
        "bad_consent",
        cells.column_name(f"consent_{purpose}"),
        true_where(pc.and_(written.is_valid(), said.is_null())),
    )
    return said
