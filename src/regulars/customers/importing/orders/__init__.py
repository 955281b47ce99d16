"""Lines of orders into one fact per order, and one per refund."""

from regulars.customers.importing.orders.lines import KEY, typed
from regulars.customers.importing.orders.steps import steps

__all__ = ["KEY", "steps", "typed"]
