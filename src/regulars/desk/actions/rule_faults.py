"""Why a rule cannot be obeyed: it was written by another version, or names what is no more.

A condition on a label that is gone would meet nothing, and its opposite everything: nobody meant either. So such a
rule does not run at all, and says so; a colleague who left is another matter, for the rest of the deeds is still meant.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from regulars.accounts import colleagues
from regulars.desk.actions import deeds
from regulars.desk.errors import ConditionNotUsable, TooManyConditions
from regulars.desk.models import FieldDefinition, Label, Rule
from regulars.desk.selectors import conditions

NOTE: Final = "note"
CONDITIONS, TRIGGER, DEED, LABEL, TEAM, FIELD = "conditions", "trigger", "deed", "label", "team", "field"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing about a rule that cannot be read: what it is, and what the rule calls it where that says anything."""

    what: str
    name: str = ""


def of(rule: Rule, *, triggers: Collection[str]) -> list[Fault]:
    """Everything that keeps a rule from being obeyed, each once; mostly nothing, and then little is asked."""
    found = [*_of_triggers(rule, triggers), *_of_conditions(rule.conditions), *_of_deeds(rule.deeds)]
    return list(dict.fromkeys(found))


def _of_triggers(rule: Rule, triggers: Collection[str]) -> Iterator[Fault]:
    yield from (Fault(TRIGGER, each) for each in rule.triggers if each not in triggers)


def _of_conditions(tree: conditions.Tree) -> Iterator[Fault]:
    try:
        conditions.check(tree)
    except (ConditionNotUsable, TooManyConditions):
        yield Fault(CONDITIONS)
        return
    leaves = list(conditions.leaves(tree))
    if _gone_labels({value for value in _named(leaves, "label") if isinstance(value, int)}):
        yield Fault(LABEL)
    teams = {value for value in _named(leaves, "team") if isinstance(value, int)}
    if teams and teams.difference(colleagues.teams().by_id):
        yield Fault(TEAM)


def _named(leaves: list[conditions.Tree], field: str) -> Iterator[Any]:
    for leaf in leaves:
        if leaf["field"] == field:
            value = leaf.get("value")
            yield from value if isinstance(value, list) else [value]


def _of_deeds(done: Any) -> Iterator[Fault]:
    if not isinstance(done, list) or not all(isinstance(each, dict) for each in done):
        yield Fault(DEED)
        return
    for each in done:
        name, value = str(each.get("deed", "")), str(each.get("value", ""))
        if name != NOTE and name not in deeds.DEEDS:
            yield Fault(DEED, name)
        elif name in _GONE and value and (gone := _GONE[name](value)):
            yield gone


def _gone_labels(ids: Collection[int]) -> set[int]:
    return set(ids).difference(Label.objects.filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()


def _gone_label(value: str) -> Fault | None:
    return Fault(LABEL) if not value.isdecimal() or _gone_labels([int(value)]) else None


def _gone_team(value: str) -> Fault | None:
    """One that was put away is given nothing new."""
    team = colleagues.teams().by_id.get(int(value)) if value.isdecimal() else None
    if team is not None and team in colleagues.teams().present:
        return None
    return Fault(TEAM, team.name if team else "")


def _gone_field(value: str) -> Fault | None:
    """One that was retired is filled in by nobody any more."""
    key = value.partition("=")[0]
    row = FieldDefinition.objects.filter(key=key).first()
    return None if row is not None and row.retired_at is None else Fault(FIELD, row.label if row else key)


_GONE: Final[Mapping[str, Callable[[str], Fault | None]]] = {
    "unlabel": _gone_label,
    "team": _gone_team,
    "field": _gone_field,
}
