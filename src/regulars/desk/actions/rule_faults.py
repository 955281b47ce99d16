"""Why a rule cannot be obeyed: it was written by another version, or names what is no more.

A condition on a label that is gone would meet nothing, and its opposite everything: nobody meant either. So such a
rule does not run at all, and says so; a colleague who left is another matter, for the rest of the deeds is still meant.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final

from regulars.accounts import colleagues
from regulars.desk.actions import deeds
from regulars.desk.errors import ConditionNotUsable, TooManyConditions
from regulars.desk.models import FieldDefinition, Label, Rule
from regulars.desk.selectors import conditions

NOTE: Final = "note"
_REMEMBERED: Final = 5_000
CONDITIONS, TRIGGER, DEED, LABEL, TEAM, FIELD = "conditions", "trigger", "deed", "label", "team", "field"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing about a rule that cannot be read: what it is, and what the rule calls it where that says anything."""

    what: str
    name: str = ""


class Known:
    """What there is for rules to name, asked for once where any names it."""

    @cached_property
    def labels(self) -> set[int]:
        return set(Label.objects.values_list("pk", flat=True))

    @cached_property
    def fields(self) -> dict[str, FieldDefinition]:
        return {row.key: row for row in FieldDefinition.objects.all()}

    @cached_property
    def teams(self) -> dict[int, colleagues.Crew]:
        return colleagues.teams().by_id


def of(rule: Rule, *, triggers: Collection[str], known: Known | None = None) -> list[Fault]:
    """Everything that keeps a rule from being obeyed, each once; mostly nothing, and then little is asked."""
    there = known or Known()
    found = [*_of_triggers(rule, triggers), *_of_conditions(rule.conditions, there), *_of_deeds(rule.deeds, there)]
    return list(dict.fromkeys(found))


def _of_triggers(rule: Rule, triggers: Collection[str]) -> Iterator[Fault]:
    yield from (Fault(TRIGGER, each) for each in rule.triggers if each not in triggers)


def _of_conditions(tree: conditions.Tree, known: Known) -> Iterator[Fault]:
    if not _is_readable(json.dumps(tree)):
        yield Fault(CONDITIONS)
        return
    leaves = list(conditions.leaves(tree))
    for field, what in (("label", LABEL), ("team", TEAM)):
        ids = {value for value in _named(leaves, field) if isinstance(value, int)}
        if ids and ids.difference(known.labels if what == LABEL else known.teams):
            yield Fault(what)


@lru_cache(_REMEMBERED)
def _is_readable(tree: str) -> bool:
    """Whether this version can read conditions, which is so for as long as it runs."""
    try:
        conditions.check(json.loads(tree))
    except (ConditionNotUsable, TooManyConditions):
        return False
    return True


def _named(leaves: list[conditions.Tree], field: str) -> Iterator[Any]:
    for leaf in leaves:
        if leaf["field"] == field:
            value = leaf.get("value")
            yield from value if isinstance(value, list) else [value]


def _of_deeds(done: Any, known: Known) -> Iterator[Fault]:
    if not isinstance(done, list) or not all(isinstance(each, dict) for each in done):
        yield Fault(DEED)
        return
    for each in done:
        name, value = str(each.get("deed", "")), str(each.get("value", ""))
        if name != NOTE and name not in deeds.DEEDS:
            yield Fault(DEED, name)
        elif name in _GONE and value and (gone := _GONE[name](value, known)):
            yield gone


def _gone_label(value: str, known: Known) -> Fault | None:
    return None if value.isdecimal() and int(value) in known.labels else Fault(LABEL)


def _gone_team(value: str, known: Known) -> Fault | None:
    """One that was put away is given nothing new."""
    team = known.teams.get(int(value)) if value.isdecimal() else None
    if team is not None and not team.is_archived:
        return None
    return Fault(TEAM, team.name if team else "")


def _gone_field(value: str, known: Known) -> Fault | None:
    """One that was retired is filled in by nobody any more."""
    key = value.partition("=")[0]
    row = known.fields.get(key)
    return None if row is not None and row.retired_at is None else Fault(FIELD, row.label if row else key)


_GONE: Final[Mapping[str, Callable[[str, Known], Fault | None]]] = {
    "unlabel": _gone_label,
    "team": _gone_team,
    "field": _gone_field,
}
