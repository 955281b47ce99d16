"""What is to be done with a file: decided once, kept with the import, the same on every resumption."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from regulars.customers.importing.values.moments import Clock

KEPT, LEFT_OUT = "kept", ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The meaning of each column (a field, `kept` as a property or attribute, or left out) and how values are read."""

    kind: str
    columns: dict[str, str] = field(default_factory=dict)
    zone: str = "UTC"
    currency: str = "EUR"
    date_order: str = "ymd"
    decimal_mark: str = "point"
    fact_name: str = ""

    @property
    def clock(self) -> Clock:
        return Clock(self.date_order, self.zone)

    @property
    def fields(self) -> dict[str, str]:
        """The column of each field that has one."""
        return {target: column for column, target in self.columns.items() if target not in (KEPT, LEFT_OUT)}

    @property
    def kept(self) -> list[str]:
        """The columns kept under their own names."""
        return [column for column, target in self.columns.items() if target == KEPT]

    @property
    def digest(self) -> str:
        """The same for the same decisions."""
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Plan":
        return cls(**kept)
