"""What can go wrong with revenue, by name; each class's docstring is what the person reads."""

from __future__ import annotations

from tenure.errors import TenureError


class CurrenciesMixed(TenureError):
    """The amounts are in {currencies}; they are never added up. Keep the rows of one currency and ask again for each,
    or convert them to one currency at a rate you can name."""


class AmountBad(TenureError):
    """Row {row} has an amount of {value!r}; it must be a number."""


class NothingPaid(TenureError):
    """No account paid anything in a period that has a closing period {span} {period}s later which has ended. Choose a
    later as_of, a shorter span, or check the column of amounts."""


class EndsBeforeItBegins(TenureError):
    """Row {row} is a subscription that ends before it begins. Correct it or leave it out."""


class AccountTwice(TenureError):
    """The account {account!r} is given twice. Give each account once, with its opening and its closing revenue."""


class WhenDoesItBegin(TenureError):
    """Say which column tells when a subscription begins, with began=…; the columns are: {columns}."""
