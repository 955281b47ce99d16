"""Orders by Segment's names: their money is exact, not negative, and in a currency."""

from decimal import Decimal

import msgspec
from msgspec import Raw

from regulars.api.tracking.messages import Damaged
from regulars.kernel.currencies import CURRENCIES
from regulars.kernel.fact_names import ORDER_COMPLETED, ORDER_REFUNDED

NAMES = frozenset({ORDER_COMPLETED, ORDER_REFUNDED, "Order Updated", "Order Cancelled"})
_LARGEST = Decimal(10) ** 12


class _Amounts(msgspec.Struct):
    total: Decimal | None = None
    revenue: Decimal | None = None
    value: Decimal | None = None
    currency: str | None = None


_amounts = msgspec.json.Decoder(_Amounts)


def checked(properties: bytes, *, name: str, currency: str) -> bytes:
    """An order's properties, with the company's currency where they name none."""
    text = properties
    try:
        said = _amounts.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Damaged(f"An amount is a number such as 19.90, a currency three letters such as EUR: {error}") from error
    for amount in ("total", "revenue", "value"):
        _check(amount, getattr(said, amount), is_refund=name == ORDER_REFUNDED)
    if not said.currency:
        return _with_currency(text, currency)
    if said.currency.strip().upper() not in CURRENCIES:
        raise Damaged(f"“{said.currency[:20]}” is not a currency: three letters such as EUR.")
    return text


def _with_currency(text: bytes, currency: str) -> bytes:
    members = msgspec.json.decode(text, type=dict[str, Raw])
    return msgspec.json.encode(members | {"currency": currency})


def _check(name: str, amount: Decimal | None, *, is_refund: bool) -> None:
    if amount is None:
        return
    if not amount.is_finite() or abs(amount) >= _LARGEST:
        raise Damaged(f"The {name} is not an amount of money that can be kept exactly.")
    if amount < 0:
        remedy = "Send what was given back as a positive number." if is_refund else "Send a refund as Order Refunded."
        raise Damaged(f"The {name} of the order is negative ({str(amount)[:40]}). {remedy}")
