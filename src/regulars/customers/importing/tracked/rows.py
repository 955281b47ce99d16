"""The rows of a facts file, typed."""

from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from regulars.customers.importing.plans import Plan
from regulars.customers.importing.reading import Batch
from regulars.customers.importing.typed import Cells, Mask, Typed
from regulars.customers.importing.values import json_text
from regulars.customers.importing.values.texts import is_null, true_where
from regulars.kernel.arrow import pc
from regulars.kernel.fact_names import PRODUCT_FACTS

KEY = None
LONGEST_NAME = 200
_object = msgspec.json.Decoder(dict[str, Any])


def typed(batch: Batch, plan: Plan) -> Typed:
    """Who, what, when; other columns are properties."""
    cells = Cells(batch, plan)
    found = Typed()
    name = cells.text("name") if cells.has("name") else pa.repeat(plan.fact_name, cells.size)
    found.refuse("no_name", cells.column_name("name"), is_null(name))
    found.refuse("too_long", cells.column_name("name"), true_where(pc.greater(pc.utf8_length(name), LONGEST_NAME)))
    found.refuse("own_name", cells.column_name("name"), true_where(pc.is_in(name, pa.array(sorted(PRODUCT_FACTS)))))
    customer = cells.way("customer", found)
    email = cells.email(found, else_by=customer)
    found.refuse("no_customer", cells.column_name("customer"), is_null(pc.coalesce(customer, email)))
    properties = cells.text("properties")
    found.refuse("bad_properties", cells.column_name("properties"), _is_no_object(properties))
    found.columns = {
        "name": name,
        "customer": customer,
        "email": email,
        "at": cells.moments("time", found, is_needed=True),
        "recorded": cells.moments("recorded", found, is_needed=False),
        "id": cells.identifier("id"),
        "properties": properties,
        "kept": json_text.objects(cells.kept(), size=cells.size),
    }
    return found


def _is_no_object(column: pa.Array) -> Mask:
    if column.null_count == len(column):
        return np.zeros(len(column), bool)
    return np.array([value is not None and not _is_object(value) for value in column.to_pylist()], bool)


def _is_object(value: str) -> bool:
    try:
        _object.decode(value)
    except (msgspec.DecodeError, RecursionError):
        return False
    return "\\u0000" not in value
