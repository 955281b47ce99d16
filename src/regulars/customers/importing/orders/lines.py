"""The lines of an orders file, typed; the lines of one order may stand anywhere in it."""

import numpy as np
import pyarrow as pa

from regulars.customers.importing.mapping import snake
from regulars.customers.importing.plans import Plan
from regulars.customers.importing.reading import Batch
from regulars.customers.importing.typed import Cells, Typed
from regulars.customers.importing.values import json_text
from regulars.customers.importing.values.texts import is_null, true_where
from regulars.kernel.arrow import pc
from regulars.kernel.currencies import CURRENCIES

KEY = "order"
# How files say that a line gives money back, in the status column or by the order's number.
_REFUND_WORDS = (
    r"^(refund(ed)?|return(ed)?|cancel(led|ed|lation)?|credit( ?note)?|chargeback|storno|storniert|gutschrift|retoure"
    r"|erstattet|erstattung|rembours[eé](e|ment)?|annul[eé]e?|avoir|reembolso|reembolsad[oa]|devoluci[oó]n|cancelad[oa])$"
)
_NOT_YET_WORDS = (
    r"^(pending|draft|open|unpaid|voided|void|failed|expired|authorized|offen|entwurf|en attente|pendiente)$"
)
_REFUND_NUMBER = r"^[Cc]-?\d+$"


def typed(batch: Batch, plan: Plan) -> Typed:
    """Typed lines. Customer, time and currency may stand on one line of an order only, so they may be missing here."""
    cells = Cells(batch, plan)
    found = Typed()
    order = cells.identifier("order")
    found.refuse("no_order", cells.column_name("order"), is_null(order))
    currency = pc.utf8_upper(cells.text("currency"))
    found.columns = {
        "order": order,
        "customer": (customer := cells.way("customer", found)),
        "email": cells.email(found, else_by=customer),
        "at": cells.moments("time", found, is_needed=False),
        "product": cells.identifier("product"),
        "product_name": cells.text("product_name"),
        "quantity": cells.amounts("quantity", found),
        "price": cells.amounts("price", found),
        "total": cells.amounts("total", found),
        "amount": cells.amounts("amount", found),
        "currency": currency,
        "is_refund": pa.array(_says_refund(cells, order)),
        "kept": json_text.objects(cells.kept_as(snake), size=cells.size),
    }
    known = pc.is_in(currency, pa.array(sorted(CURRENCIES)))
    found.refuse("bad_currency", cells.column_name("currency"), ~is_null(currency) & ~true_where(known))
    found.refuse("not_paid", cells.column_name("status"), _says(cells.text("status"), _NOT_YET_WORDS))
    _refuse_amounts(found, cells)
    return found


def _says_refund(cells: Cells, order: pa.Array) -> np.ndarray:
    return _says(cells.text("status"), _REFUND_WORDS) | true_where(pc.match_substring_regex(order, _REFUND_NUMBER))


def _says(column: pa.Array, pattern: str) -> np.ndarray:
    return true_where(pc.match_substring_regex(pc.utf8_lower(column), pattern))


def _refuse_amounts(found: Typed, cells: Cells) -> None:
    price, quantity = (np.asarray(pc.fill_null(found.columns[name], 0)) for name in ("price", "quantity"))
    found.refuse("too_large", cells.column_name("price"), np.abs(price / 1e6 * (quantity / 1e6)) > 9e9)
