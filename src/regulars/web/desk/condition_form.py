"""A tree of conditions as a form that works without scripts, and back.

Every group and every condition has a path: `c` is the outermost group, `c.0` what stands first in it.
A group sends `<path>.match` (all, any or none of these), a condition `<path>.asked` ("status.in") and
`<path>.value`, perhaps several. Buttons send `do`: `add:c`, `group:c.1`, `remove:c.0`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.timezone import localtime

from regulars.desk.errors import ConditionNotUsable
from regulars.desk.selectors.condition_fields import FIELDS, Way
from regulars.desk.selectors.conditions import DEEPEST, Tree
from regulars.web.desk import language_words

ROOT: Final = "c"
MATCHES: Final = ("all", "any", "none")
MOST_ITEMS: Final = 40
NUMBERS: Final = frozenset({"priority", "channel", "label", "customer_label", "company", "customer"})


@dataclass(slots=True)
class Condition:
    """One condition as it stands in the form, perhaps half filled in."""

    asked: str
    values: list[str] = field(default_factory=list)
    what: str = ""
    path: str = ""
    is_group = False

    @property
    def way(self) -> Way:
        name, _, way = self.asked.rpartition(".")
        return FIELDS[name.partition(":")[0]].ways[way]

    @property
    def offers(self) -> str:
        """Under which name the page has the values to choose from."""
        return self.asked.rpartition(".")[0] if self.way.kind == "choice" else self.way.kind

    @property
    def is_custom(self) -> bool:
        return self.asked.startswith("custom:")

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""


@dataclass(slots=True)
class Group:
    """Conditions and groups of which all, any or none must hold."""

    match: str = "all"
    items: list["Group | Condition"] = field(default_factory=list)
    path: str = ROOT
    is_group = True

    @property
    def can_nest(self) -> bool:
        return self.path.count(".") + 2 < DEEPEST


@dataclass(frozen=True, slots=True)
class Scale:
    """How numbers and moments are written on the page: money in whole units, risk in percent, local time."""

    minor: int
    zone: ZoneInfo
    currency: str = "EUR"

    def of(self, name: str) -> float:
        return {"customer risk": 0.01, "customer value": self.minor, "customer stake": self.minor}.get(name, 1)


def read(said: QueryDict) -> Group:
    """What the form sent, after the button that was pressed did its work."""
    root = _group(said, ROOT)
    deed, _, path = said.get("do", "").partition(":")
    for group in list(_groups(root)):
        if deed == "add" and group.path == path:
            group.items.append(Condition("status.in"))
        if deed == "group" and group.path == path:
            group.items.append(Group("any", [Condition("status.in")], path=""))
        if deed == "remove":
            group.items = [item for item in group.items if item.path != path]
    return _placed(root, ROOT)


def drawn(tree: Tree, scale: Scale) -> Group:
    """A tree as the form shows it."""
    node = _drawn(tree, scale)
    return _placed(node if isinstance(node, Group) else Group("all", [node]), ROOT)


def tree(group: Group, scale: Scale) -> Tree:
    """The tree a form means; a condition that is not filled in is refused."""
    trees = [tree(item, scale) if isinstance(item, Group) else _leaf(item, scale) for item in group.items]
    return {"not": {"any": trees}} if group.match == "none" else {group.match: trees}


def _group(said: QueryDict, path: str, depth: int = 0) -> Group:
    match = said.get(f"{path}.match", "all")
    group = Group(match if match in MATCHES else "all", path=path)
    for place in range(MOST_ITEMS):
        here = f"{path}.{place}"
        if f"{here}.match" in said and depth < DEEPEST:
            group.items.append(_group(said, here, depth + 1))
        elif asked := said.get(f"{here}.asked"):
            group.items.append(_condition(said, here, asked))
    return group


def _condition(said: QueryDict, path: str, asked: str) -> Condition:
    name, _, way = asked.rpartition(".")
    field_ = FIELDS.get(name.partition(":")[0])
    if field_ is None or way not in field_.ways:
        raise ConditionNotUsable
    is_another = said.get(f"{path}.was", asked) != asked  # its value was for the question before
    values = [] if is_another else [value for value in said.getlist(f"{path}.value") if value]
    return Condition(asked, values, said.get(f"{path}.what", "").strip(), path)


def _groups(group: Group) -> Iterator[Group]:
    yield group
    for item in list(group.items):
        if isinstance(item, Group):
            yield from _groups(item)


def _placed(group: Group, path: str) -> Group:
    """Numbered anew, so that what was removed leaves no gap."""
    group.path = path
    for place, item in enumerate(group.items):
        item.path = f"{path}.{place}"
        if isinstance(item, Group):
            _placed(item, item.path)
    return group


def _drawn(node: Tree, scale: Scale) -> Group | Condition:
    match node:
        case {"all": list(trees)}:
            return Group("all", [_drawn(each, scale) for each in trees])
        case {"any": list(trees)}:
            return Group("any", [_drawn(each, scale) for each in trees])
        case {"not": {"any": list(trees)}}:
            return Group("none", [_drawn(each, scale) for each in trees])
        case {"not": inner}:
            return Group("none", [_drawn(inner, scale)])
        case {"field": name, "is": way}:
            return Condition(f"{name}.{way}", _written(node.get("value"), name, scale))
    return Group()


def _leaf(item: Condition, scale: Scale) -> Tree:
    name, _, way = item.asked.rpartition(".")
    full = f"{name}:{item.what}" if item.what else name
    if name == "custom" and not item.what:
        raise ConditionNotUsable
    try:
        return {"field": full, "is": way} | _value(item, name, scale)
    except (ValueError, ArithmeticError) as error:
        raise ConditionNotUsable from error


def _value(item: Condition, name: str, scale: Scale) -> dict[str, Any]:
    way = item.way
    match way.kind:
        case "nothing":
            return {}
        case "yes":
            return {"value": item.value != "no"}
        case "hours":
            return {"value": float(item.value)}
        case "money":
            minor = Decimal(item.value) * scale.minor
            return {"value": {"minor": int(minor.to_integral_value()), "currency": scale.currency}}
        case "number":
            return {"value": float(item.value) * scale.of(name)}
        case "moment":
            return {"value": datetime.fromisoformat(item.value).replace(tzinfo=scale.zone).isoformat()}
        case "language":
            return {"value": [code for value in item.values for code in language_words.read(value)]}
    if not way.is_many:
        return {"value": item.value}
    return {"value": [_one(value, way.kind) for value in item.values]}


def _one(value: str, kind: str) -> str | int:
    return int(value) if kind in NUMBERS or (kind in ("agent", "team") and value.isdigit()) else value


def _written(value: Any, name: str, scale: Scale) -> list[str]:
    match value:
        case list() if name == "language":
            return [language_words.written(value)]
        case list():
            return [str(each) for each in value]
        case bool():
            return ["yes" if value else "no"]
        case float() | int():
            return [f"{value / scale.of(name):g}"]
        case {"minor": int(minor)}:
            return [f"{Decimal(minor) / scale.minor:f}"]
        case str() if name in ("created", "last", "waiting"):
            return [localtime(datetime.fromisoformat(value), scale.zone).strftime("%Y-%m-%dT%H:%M")]
    return [] if value is None else [str(value)]
