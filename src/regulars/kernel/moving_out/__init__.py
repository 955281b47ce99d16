"""Moving out: what every context says it keeps, so that all of it can be taken away in open formats.

A context registers its kinds in its `moving_out`: a name, where the rows are, and for each field how it is
read and what it means. The files and their reference (docs/reference/move-out.md) are both made from that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.module_loading import autodiscover_modules

SINCE = "regulars.since"  # a setting of the snapshot: nothing older is taken where time narrows


@dataclass(frozen=True, slots=True)
class Kind:
    """One file of JSON lines. `rows` is what stands after FROM; `fields` are (SQL, meaning) by name.

    `where` always holds; `lately` is asked as well where only what is new is taken. What is secret is left
    out by not being named: there is no field for it.
    """

    name: str
    sentence: str
    rows: str
    order: str
    fields: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    where: str = ""
    lately: str = ""

    def query(self, *, is_narrowed: bool = False) -> str:
        """Each row as an object, in order."""
        columns = ", ".join(f'{sql} AS "{name}"' for name, (sql, _meaning) in self.fields.items())
        rows = f"SELECT {columns} FROM {self._from(is_narrowed)} ORDER BY {self.order}"
        return f"SELECT row_to_json(line)::text FROM ({rows}) AS line"

    def count(self, *, is_narrowed: bool = False) -> str:
        """How many there are."""
        return f"SELECT count(*) FROM {self._from(is_narrowed)}"

    def _from(self, is_narrowed: bool) -> str:
        asked = [self.where] if self.where else []
        asked += [self.lately] if self.lately and is_narrowed else []
        return f"{self.rows} WHERE {' AND '.join(asked)}" if asked else self.rows


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Announce what a context keeps."""
    _kinds.update({kind.name: kind for kind in kinds})


def kinds() -> list[Kind]:
    """Everything there is to take, of every context, by name."""
    from regulars.kernel.moving_out import own

    register(*own.KINDS)
    autodiscover_modules("moving_out")
    return [_kinds[name] for name in sorted(_kinds)]


def since(column: str) -> str:
    """A condition: not older than what is asked for."""
    return f"{column} >= current_setting('{SINCE}')::timestamptz"
