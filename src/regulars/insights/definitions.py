"""Which facts are meant: a name, and maybe conditions on properties. Written in addresses and cache names."""

import hashlib
from dataclasses import dataclass
from typing import Literal, get_args

from regulars.insights.errors import NotACondition
from regulars.kernel.fact_names import ORDER_COMPLETED, ORDER_REFUNDED

Operator = Literal["is", "is not", "at least", "at most"]
OPERATORS: tuple[Operator, ...] = get_args(Operator)

# What a public browser key says counts as no revenue.
TRUSTED_ONLY = frozenset({ORDER_COMPLETED, ORDER_REFUNDED})


@dataclass(frozen=True, slots=True)
class Condition:
    """One property compared with a value; numbers are compared as numbers, all else as text."""

    name: str
    operator: Operator
    value: str

    def __post_init__(self) -> None:
        if self.operator not in OPERATORS or not self.name:
            raise NotACondition
        if self.operator in ("at least", "at most"):
            try:
                float(self.value)
            except ValueError as error:
                raise NotACondition(f"“{self.value}” is not a number, so nothing can be {self.operator} it.") from error

    @property
    def sql(self) -> tuple[str, list[object]]:
        """The condition for DuckDB over the mirror's `properties`, with its parameters.

        A property that is absent meets no condition, not even "is not".
        """
        path = '$."' + self.name.replace("\\", "\\\\").replace('"', '\\"') + '"'
        text = "json_extract_string(properties, ?)"
        match self.operator:
            case "is":
                return f"{text} = ?", [path, self.value]
            case "is not":
                return f"{text} <> ?", [path, self.value]
            case "at least":
                return f"TRY_CAST({text} AS DOUBLE) >= ?", [path, float(self.value)]
            case _:
                return f"TRY_CAST({text} AS DOUBLE) <= ?", [path, float(self.value)]

    def __str__(self) -> str:
        return f"{self.name} {self.operator} {self.value}"


@dataclass(frozen=True, slots=True)
class Several:
    """Conditions together: every one of them (“and”), or any of them (“or”)."""

    joined: Literal["and", "or"]
    conditions: tuple[Condition, ...]

    def __post_init__(self) -> None:
        if self.joined not in ("and", "or") or not self.conditions:
            raise NotACondition

    @property
    def sql(self) -> tuple[str, list[object]]:
        """As one condition for DuckDB, with the parameters of all."""
        parts = [condition.sql for condition in self.conditions]
        clause = f" {self.joined.upper()} ".join(f"({text})" for text, _given in parts)
        return f"({clause})", [value for _text, given in parts for value in given]

    def __str__(self) -> str:
        return f" {self.joined} ".join(str(condition) for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Meant:
    """Facts of one name, those that meet a condition if there is one."""

    name: str
    condition: Condition | Several | None = None

    @property
    def is_trusted_only(self) -> bool:
        """Whether facts from public browser keys are left out."""
        return self.name in TRUSTED_ONLY

    def cache_name(self, zone: str) -> str:
        """A file-system name that stands for this definition in this zone."""
        return hashlib.blake2b(repr((self, zone)).encode(), digest_size=12).hexdigest()

    def __str__(self) -> str:
        return self.name if self.condition is None else f"{self.name}, {self.condition}"
