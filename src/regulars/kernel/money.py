"""Money: integer minor units and a currency, never a float."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from regulars.kernel.errors import Invalid

# ISO 4217 currencies whose minor unit is not a hundredth.
_EXPONENTS = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}


class NotMoney(Invalid):
    """This is not an amount of money."""


class MixedCurrencies(Invalid):
    """Amounts in different currencies are never added without a dated rate."""


def exponent(currency: str) -> int:
    """How many digits the currency's minor unit has, by ISO 4217."""
    return _EXPONENTS.get(currency, 2)


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in minor units: `Money(1990, "EUR")` is 19.90 euros."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if len(self.currency) != 3 or not self.currency.isascii() or not self.currency.isupper():
            raise NotMoney(f"{self.currency!r} is not a currency: three capital letters, such as EUR.")

    @classmethod
    def parse(cls, amount: str | int | Decimal, currency: str) -> "Money":
        """Read an exact amount in major units; halves of a minor unit are rounded to even."""
        try:
            value = Decimal(amount)
        except (InvalidOperation, ValueError, TypeError) as error:
            raise NotMoney(f"{amount!r} is not an amount of money.") from error
        if not value.is_finite() or abs(value) >= Decimal(10) ** 15:
            raise NotMoney(f"{amount!r} is not an amount of money that can be kept exactly.")
        return cls(int(value.scaleb(exponent(currency)).to_integral_value()), currency)

    @property
    def major(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def __add__(self, other: "Money") -> "Money":
        if self.currency != other.currency:
            raise MixedCurrencies(f"{self.currency} and {other.currency} cannot be added.")
        return Money(self.minor + other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return self + -other

    def __str__(self) -> str:
        return f"{self.major:,.{exponent(self.currency)}f} {self.currency}"
