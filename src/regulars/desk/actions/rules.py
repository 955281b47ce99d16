"""Rules: written by people, obeyed by the desk, every firing on record.

What a rule does never makes a rule fire, so that no two rules chase each other. A rule fires once for
one event, however often its handler runs; the deeds and the record commit together.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

import structlog
from django.db import transaction
from django.db.models import Exists, Func, OuterRef, TextField, Value
from django.db.models.functions import Cast, Concat

from regulars.accounts import permission
from regulars.desk.actions import deeds, holding, messages, rule_asking, rule_faults
from regulars.desk.actions.conversations import one_line
from regulars.desk.actions.messages import Written
from regulars.desk.actions.rule_faults import NOTE, Fault
from regulars.desk.errors import NoSuchConversation, NoSuchRule, RuleNotUsable
from regulars.desk.models import Conversation, Firing, Rule
from regulars.desk.selectors import conditions
from regulars.kernel import clock, one_by_one
from regulars.kernel.actors import Actor
from regulars.kernel.errors import DomainError

log = structlog.get_logger(__name__)

STARTED, RECEIVED, REPLIED, RESOLVED, REOPENED, ASSIGNED, CHANGED, WARNED, BREACHED, NOT_DELIVERED, TIME = TRIGGERS = (
    "started", "received", "replied", "resolved", "reopened", "assigned", "changed",
    "warned", "breached", "not delivered", "time",
)  # fmt: skip
AT_ONCE: Final = 1000
FORBIDDEN: Final = frozenset({"read", "snooze", "watch"})  # mean an agent, or a moment that will be over
LONGEST_NAME, MOST_DEEDS, LONGEST_NOTE = 100, 20, 5_000


@transaction.atomic
def write(
    name: str,
    *,
    triggers: Sequence[str],
    tree: conditions.Tree,
    done: Sequence[dict[str, str]],
    by: Actor,
    is_last: bool = False,
    rule_id: int | None = None,
) -> Rule:
    """Write a rule, or change one; what cannot be obeyed is refused before it is kept."""
    permission.require("manage_desk", by=by)
    rule = _held(rule_id) if rule_id else Rule(position=Rule.objects.count())
    rule.name, rule.triggers = one_line(name), [trigger for trigger in TRIGGERS if trigger in triggers]
    if not 1 <= len(rule.name) <= LONGEST_NAME or not rule.triggers or not 1 <= len(done) <= MOST_DEEDS:
        raise RuleNotUsable
    conditions.check(tree)
    rule.conditions, rule.deeds, rule.is_last = tree, [_deed(each) for each in done], is_last
    rule.changed_at, rule.changed_by = clock.now(), str(by)
    rule.save()
    return rule


@transaction.atomic
def pause(rule_id: int, *, is_paused: bool, by: Actor) -> Rule:
    """Let a rule rest, or wake it."""
    permission.require("manage_desk", by=by)
    rule = _held(rule_id)
    rule.paused_at = clock.now() if is_paused else None
    rule.save(update_fields=["paused_at"])
    return rule


@transaction.atomic
def move(rule_id: int, *, up: bool, by: Actor) -> None:
    """Let a rule be asked earlier or later; at the end nothing changes."""
    permission.require("manage_desk", by=by)
    ids = list(Rule.objects.select_for_update().order_by("position", "pk").values_list("pk", flat=True))
    if rule_id not in ids:
        raise NoSuchRule
    put_at(rule_id, max(0, ids.index(rule_id) + (-1 if up else 1)), by=by)


@transaction.atomic
def put_at(rule_id: int, place: int, *, by: Actor) -> None:
    """Let a rule be asked at this place, counted from 0; past the end it is the last."""
    permission.require("manage_desk", by=by)
    rules = list(Rule.objects.select_for_update().order_by("position", "pk"))
    moved = next((rule for rule in rules if rule.pk == rule_id), None)
    if moved is None:
        raise NoSuchRule
    rules.remove(moved)
    rules.insert(place, moved)
    for position, rule in enumerate(rules):
        Rule.objects.filter(pk=rule.pk).update(position=position)


@transaction.atomic
def throw_away(rule_id: int, *, by: Actor) -> None:
    """Throw a rule away; what it did stays on record."""
    permission.require("manage_desk", by=by)
    _held(rule_id).delete()


def faults(written: Iterable[Rule]) -> dict[int, list[Fault]]:
    """Why which of these rules cannot be obeyed; those that can are left out."""
    known = rule_faults.Known()
    found = {rule.pk: rule_faults.of(rule, triggers=TRIGGERS, known=known) for rule in written}
    return {pk: those for pk, those in found.items() if those}


@transaction.atomic
def obey(trigger: str, conversation_id: int, *, because: str, actor: Actor, is_automatic: bool = False) -> int:
    """Ask every rule about something that happened; returns how many fired."""
    if actor.kind == "rule" or is_automatic:
        return 0
    awake = list(Rule.objects.filter(paused_at=None, triggers__contains=[trigger]).order_by("position", "pk"))
    if not awake:
        return 0
    held = holding.hold(conversation_id, by=Actor("rule", awake[0].pk, awake[0].name))
    fired = 0
    for rule in _met_in_turn(awake, held):
        if fire(rule, trigger, held.pk, because=because) is not None:
            fired += 1
            if rule.is_last:
                break
    return fired


def _met_in_turn(awake: Sequence[Rule], held: Conversation) -> Iterator[Rule]:
    """Those the conversation meets, in their order; whether a later one is met is asked anew after each.

    What one does may be what another asks for, or may take that away.
    """
    for block in rule_asking.blocks(awake):
        begin = 0
        while begin < len(block):
            met = rule_asking.met(block, held.pk)
            place = next((at for at in range(begin, len(block)) if block[at].pk in met), None)
            if place is None:
                break
            begin = place + 1
            yield block[place]


@transaction.atomic
def fire(rule: Rule, trigger: str, conversation_id: int, *, because: str) -> Firing | None:
    """Do a rule's deeds in a conversation that meets it; None when it does not, or has fired for this already.

    A deed that is refused (a colleague who left) stops nothing else, and is said; a rule that cannot be read, or names
    what is no more, does nothing at all.
    """
    by = Actor("rule", rule.pk, rule.name)
    held = holding.hold(conversation_id, by=by)
    if held.is_spam or not meets(rule.conditions, held) or not _can_be_obeyed(rule):
        return None
    if Firing.objects.filter(rule=rule, because=because).exists():
        return None
    did, trouble = [], []
    for each in rule.deeds:
        try:
            with transaction.atomic():
                _do(held, each, by=by, because=because)
            did.append(each)
        except DomainError as refusal:
            trouble.append(f"{each['deed']}: {refusal}")
        held.refresh_from_db()
    return Firing.objects.create(
        rule=rule, rule_name=rule.name, conversation=held, because=because, trigger=trigger, at=clock.now(),
        did=did, trouble="\n".join(trouble),
    )  # fmt: skip


def meets(tree: conditions.Tree, held: Conversation) -> bool:
    """Whether a conversation meets a tree of conditions at this moment."""
    where = conditions.where(tree, by=Actor("system"), now=clock.now())
    return Conversation.objects.filter(where, pk=held.pk).exists()


def obey_time() -> int:
    """Ask the rules that look at the time about whatever meets them now; each fires once for one standing.

    A standing ends when something is said: the same silence makes a rule fire once.
    """
    fired = 0
    for rule in Rule.objects.filter(paused_at=None, triggers__contains=[TIME]).order_by("position", "pk"):
        if not _can_be_obeyed(rule):
            continue
        because = dict(_in_time_for(rule))
        fired += one_by_one.each(partial(_fire_in_time, rule, because), because, what="a rule of time")
    return fired


def _can_be_obeyed(rule: Rule) -> bool:
    """Whoever looks after the desk reads on the page of rules why one cannot."""
    found = rule_faults.of(rule, triggers=TRIGGERS)
    if found:
        log.warning("a rule cannot be read any more", rule=rule.pk, what=[each.what for each in found])
    return not found


def _in_time_for(rule: Rule) -> Iterator[tuple[int, str]]:
    """Conversations that meet a rule of time and why it fires there, where it has not for that yet."""
    where = conditions.where(rule.conditions, by=Actor("system"), now=clock.now())
    rows = Conversation.objects.filter(where, spam_at=None, merged_into=None, is_history=False)
    text = TextField()
    standing = Iso("last_at", output_field=text)
    because = Concat(Value("time:"), Cast("pk", text), Value(":"), standing, output_field=text)
    fired = Firing.objects.filter(rule=rule, because=OuterRef("because"))
    waiting = rows.annotate(because=because).filter(~Exists(fired)).order_by("-last_at")
    return iter(waiting.values_list("pk", "because")[:AT_ONCE])


def _fire_in_time(rule: Rule, because: Mapping[int, str], conversation_id: int) -> bool:
    try:
        return fire(rule, TIME, conversation_id, because=because[conversation_id]) is not None
    except NoSuchConversation:
        return False  # erased meanwhile


class Iso(Func):
    """A moment as Python writes it in UTC: without its fraction of a second where that is nothing."""

    template = (
        "to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS')"
        " || coalesce(nullif(to_char(%(expressions)s, '.US'), '.000000'), '') || '+00:00'"
    )


def _do(held: Conversation, each: dict[str, Any], *, by: Actor, because: str) -> None:
    if each["deed"] == NOTE:
        messages.note(held.pk, Written(text=each["value"], key=f"rule:{by.id}:{because}"), by=by)
        return
    value, _ = deeds.read(each["deed"], each["value"])
    deeds.DEEDS[each["deed"]].does(held, value, by, "")


def _deed(each: dict[str, str]) -> dict[str, str]:
    """One deed as it is kept; it is read again whenever it is done, because colleagues and teams go."""
    name, value = each.get("deed", ""), each.get("value", "")
    if name in FORBIDDEN or (name, value) == ("assign", deeds.ME):
        raise RuleNotUsable
    if name == NOTE and not 1 <= len(value.strip()) <= LONGEST_NOTE:
        raise RuleNotUsable
    if name != NOTE:
        deeds.read(name, value)
    return {"deed": name, "value": value}


def _held(rule_id: int) -> Rule:
    rule = Rule.objects.select_for_update().filter(pk=rule_id).first()
    if rule is None:
        raise NoSuchRule
    return rule
