"""Where labels are: how many conversations bear each, and what else of the desk names one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, QuerySet

from regulars.channels.selectors import forms
from regulars.desk.errors import NoSuchLabel
from regulars.desk.models import Conversation, Label, Macro, Rule, Seat, View
from regulars.desk.selectors import policies
from regulars.kernel.actors import Actor

RULE, VIEW, MACRO, FORM, TARGETS, SEAT = "rule", "view", "macro", "form", "targets", "seat"
MAKERS: Final = frozenset({RULE, FORM})  # they put it on by themselves, and would make it again


@dataclass(frozen=True, slots=True)
class Use:
    """Something that names a label; without a name where it is a colleague's own."""

    kind: str
    name: str
    id: int | None = None
    puts_on: bool = False

    @property
    def would_make_it(self) -> bool:
        """Whether the label would be back the next time, without anybody meaning it."""
        return self.puts_on and self.kind in MAKERS


def label(label_id: int) -> Label:
    """One label; the number of one that was joined into another gives the one it is now."""
    found = Label.objects.select_related("joined_into").filter(pk=label_id).first()
    if found is None:
        raise NoSuchLabel
    return found.joined_into or found


def bearers(*label_ids: int) -> QuerySet[Any]:
    """Which conversations bear any of these labels, once for each."""
    return Conversation.labels.through.objects.filter(label_id__in=label_ids)


def borne() -> Mapping[int, int]:
    """How many conversations bear each label that any bears."""
    rows = Conversation.labels.through.objects.order_by().values("label_id").annotate(count=Count("pk"))
    counts = {row["label_id"]: row["count"] for row in rows}
    joined = Label.objects.filter(pk__in=counts, joined_into__isnull=False).values_list("pk", "joined_into_id")
    for under_way, head in list(joined):
        del counts[under_way]
        counts[head] = borne_by(head)
    return counts


def borne_by(label_id: int) -> int:
    """How many conversations bear it, those counted that are still being moved here from a joined one."""
    under_way = Label.objects.filter(joined_into=label_id).values_list("pk", flat=True)
    return borne_by_any(label_id, *under_way) if under_way else bearers(label_id).count()


def borne_by_any(*label_ids: int) -> int:
    """How many conversations bear one or several of these."""
    return bearers(*label_ids).aggregate(count=Count("conversation", distinct=True))["count"]


def other_names(label_id: int) -> list[str]:
    """What else it is called: the names of those that were joined into it, by name."""
    return list(Label.objects.filter(joined_into=label_id).order_by("name", "pk").values_list("name", flat=True))


def uses(known: Label, *, by: Actor) -> list[Use]:
    """Whatever names a label, beside conversations."""
    return [*_rules(known), *_views(known, by), *_macros(known, by), *_others(known)]


def names_it(tree: Any, label_id: int) -> bool:
    """Whether conditions ask for a label."""
    if isinstance(tree, list):
        return any(names_it(each, label_id) for each in tree)
    if not isinstance(tree, dict):
        return False
    if tree.get("field") == "label":
        value = tree.get("value")
        return label_id in (value if isinstance(value, list) else [value])
    return any(names_it(each, label_id) for each in tree.values())


def puts_on(deeds: Any, known: Label) -> bool:
    """Whether it is put on, by its name."""
    return any(one["deed"] == "label" and same(one.get("value"), known.name) for one in deeds)


def same(word: object, name: str) -> bool:
    """Whether a word is this name, whatever its case."""
    return isinstance(word, str) and " ".join(word.split()).casefold() == name.casefold()


def is_taken_off(deed: Any, known: Label) -> bool:
    """Whether it is taken off, by its number."""
    return bool(deed["deed"] == "unlabel" and str(deed.get("value")) == str(known.pk))


def _takes_off(deeds: Any, known: Label) -> bool:
    return any(is_taken_off(one, known) for one in deeds)


def _rules(known: Label) -> Iterator[Use]:
    for rule in Rule.objects.all():
        is_put_on = puts_on(rule.deeds, known)
        if is_put_on or _takes_off(rule.deeds, known) or names_it(rule.conditions, known.pk):
            yield Use(RULE, rule.name, rule.pk, is_put_on)


def _views(known: Label, by: Actor) -> Iterator[Use]:
    for view in View.objects.order_by("name", "pk"):
        if names_it(view.conditions, known.pk):
            yield Use(VIEW, view.name, view.pk) if _is_theirs(view.agent_id, by) else Use(VIEW, "")


def _macros(known: Label, by: Actor) -> Iterator[Use]:
    for macro in Macro.objects.filter(retired_at=None).order_by("name", "pk"):
        is_put_on = puts_on(macro.deeds, known)
        if is_put_on or _takes_off(macro.deeds, known):
            yield Use(MACRO, macro.name, macro.pk, is_put_on) if _is_theirs(macro.agent_id, by) else Use(MACRO, "")


def _others(known: Label) -> Iterator[Use]:
    for door in forms.doors():
        if same(door.form.label, known.name):
            yield Use(FORM, door.form.title, door.id, puts_on=True)
    for target in policies.in_force().policy.targets:
        if any(same(word, known.name) for word in target.labels):
            yield Use(TARGETS, target.name)
    for seat in Seat.objects.order_by("agent_id"):
        if any(same(word, known.name) for word in seat.skills):
            yield Use(SEAT, "", seat.agent_id)


def _is_theirs(agent_id: int | None, by: Actor) -> bool:
    return agent_id is None or agent_id == by.id
