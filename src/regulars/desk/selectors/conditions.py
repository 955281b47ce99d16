"""Conditions on conversations: a tree of JSON in, one `Q` out.

    {"all": [tree, …]}   every one of them; of none: everything
    {"any": [tree, …]}   at least one of them; of none: nothing
    {"not": tree}
    {"field": "status", "is": "in", "value": ["open", "waiting"]}
    {}                   everything

`condition_fields.FIELDS` says which fields there are, which ways each can be asked for, and what kind
of value each way takes. Views, rules and the search share this. It reads no database: what a tree
means depends on who asks ("me", "my teams") and when ("older than 4 hours") and on nothing else.
Whether the asker may see a conversation is `visible_to`'s matter, and spam and what was merged away
are the caller's: neither is a condition.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from regulars.desk.errors import ConditionNotUsable, TooManyConditions
from regulars.desk.selectors.condition_fields import FIELDS, Asker
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM, Actor

Tree = dict[str, Any]

DEEPEST: Final = 6
MOST: Final = 100  # groups and conditions together
NOTHING: Final = Q(pk__in=[])


def where(tree: Tree, *, by: Actor, now: datetime, is_walked: bool = False) -> Q:
    """The tree as a condition on `Conversation`; a tree that cannot be read is refused with its reason.

    It means the same where it `is_walked`, but is put so that it is quick to ask of one conversation after the other.
    """
    return read(tree, Asker(by, now, is_walked))


def read(tree: Tree, asker: Asker) -> Q:
    """The tree as the asker means it."""
    if sum(1 for _ in nodes(tree)) > MOST:
        raise TooManyConditions
    return _where(tree, asker)


def check(tree: Tree) -> None:
    """Refuse a tree that cannot be read, before it is kept."""
    where(tree, by=SYSTEM, now=clock.now())


def leaves(tree: Tree) -> Iterator[Tree]:
    """Every single condition of a tree, in order, whatever stands around it."""
    return (node for node in nodes(tree) if "field" in node)


def nodes(tree: Any, *, depth: int = 0) -> Iterator[Tree]:
    """Every group and every condition of a tree, outermost first."""
    if depth > DEEPEST:
        raise TooManyConditions
    if not isinstance(tree, dict):
        raise ConditionNotUsable
    yield tree
    inner = [tree["not"]] if "not" in tree else []
    for each in [*_members(tree.get("all", [])), *_members(tree.get("any", [])), *inner]:
        yield from nodes(each, depth=depth + 1)


def both(*trees: Tree) -> Tree:
    """All of these trees together; those that ask nothing are left out."""
    asked: list[Tree] = []
    for tree in trees:
        asked += tree["all"] if tree.keys() == {"all"} else [tree] if tree else []
    return asked[0] if len(asked) == 1 else {"all": asked} if asked else {}


def _where(tree: Tree, asker: Asker) -> Q:
    match tree:
        case {"all": list(trees), **rest} if not rest:
            return _joined(trees, asker, Q.AND)
        case {"any": list(trees), **rest} if not rest:
            return _joined(trees, asker, Q.OR) if trees else NOTHING
        case {"not": dict(inner), **rest} if not rest:
            return ~_everything_or(_where(inner, asker))
        case {"field": str(name), "is": str(way), **rest} if rest.keys() <= {"value"}:
            return _leaf(name, way, rest.get("value"), asker)
        case _ if not tree:
            return Q()
    raise ConditionNotUsable


def _joined(trees: list[Any], asker: Asker, connector: str) -> Q:
    joined = Q(_connector=connector)
    for each in _members(trees):
        joined.add(_everything_or(_where(each, asker)), connector)
    return joined


def _everything_or(condition: Q) -> Q:
    """An empty `Q` would vanish from an "any" and from a "not"; everything is said outright instead."""
    return condition or Q(pk__isnull=False)


def _leaf(name: str, way: str, value: Any, asker: Asker) -> Q:
    field = FIELDS.get(name.partition(":")[0])
    asked = field.ways.get(way) if field else None
    if asked is None:
        raise ConditionNotUsable
    try:
        return asked.where(asked.read(value), asker, name.partition(":")[2])
    except (ValueError, TypeError, OverflowError) as error:
        raise ConditionNotUsable from error


def _members(trees: Any) -> list[Tree]:
    if not isinstance(trees, list) or not all(isinstance(each, dict) for each in trees):
        raise ConditionNotUsable
    return trees
