"""What a step of another installation says, with the numbers of here: what stands in it, what it changed, its fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from regulars.desk import verbs
from regulars.desk.models import Conversation
from regulars.desk.moving.moments import coming
from regulars.desk.moving.records import record, words
from regulars.desk.selectors import label_list
from regulars.kernel.actors import Actor

if TYPE_CHECKING:
    from regulars.desk.actions.histories import Done
    from regulars.desk.actions.moving_past import Reading

Details = dict[str, Any]
# They name conversations that may not be here yet: their details and their facts follow once all are.
TIES: Final = (verbs.MERGED, verbs.UNMERGED, verbs.SPLIT, verbs.LINKED, verbs.UNLINKED)
THERE: Final = "there"
_STATUS: Final = {
    verbs.OPENED: Conversation.OPEN, verbs.REOPENED: Conversation.OPEN, verbs.WOKE: Conversation.OPEN,
    verbs.WAITED: Conversation.WAITING,
}  # fmt: skip
_SIDE: Final = (
    verbs.SIDE_BEGUN, verbs.SIDE_SENT, verbs.SIDE_RECEIVED, verbs.SIDE_NOT_DELIVERED, verbs.SIDE_DONE,
    verbs.SIDE_REOPENED,
)  # fmt: skip


def details(verb: str, said: object, reading: Reading) -> Details:
    """What stands in the step."""
    given, here = record(said), reading.move.here
    if verb in TIES:
        messages = {old: reading.messages[old] for old in record(given.get("moved")) if old in reading.messages}
        return {THERE: {**given, "messages": messages}}
    if verb == verbs.ASSIGNED:
        kind = "teams" if given.get("what") == "team" else "agents"
        return {**given, "what": kind[:-1], **{when: here.maybe(kind, given.get(when)) for when in ("before", "after")}}
    if verb in (verbs.WATCHED, verbs.UNWATCHED):
        return {"agent": here.maybe("agents", given.get("agent"))}
    if verb in (verbs.LABELLED, verbs.UNLABELLED):
        label = words(given.get("label"))
        known = label_list.named(label)
        return {"label_id": known.pk if known else 0, "label": label}
    if verb == verbs.SNOOZED:
        until = coming(given.get("until"))
        return {**given, "until": until.isoformat() if until else None}
    if verb == verbs.USED_MACRO:
        return {**given, "macro": here.maybe("macros", given.get("macro"))}
    return _renamed(verb, given, reading)


def _renamed(verb: str, given: Details, reading: Reading) -> Details:
    """A message and a side conversation under their numbers here; one that did not come is not named."""
    turned = {name: value for name, value in given.items() if name not in ("message", "side")}
    message = None if verb in _SIDE else reading.messages.get(words(given.get("message")))
    side = reading.move.sides.get((reading.move.key(reading.matter), words(given.get("side"))))
    return turned | ({"message": message} if message else {}) | ({"side": side} if side else {})


def sets(verb: str, said: Details, *, at: datetime, by: Actor) -> Details:
    """The columns of the conversation as they stood after the step."""
    turned = {"snoozed_until": None, "snoozed_by": "", "resolved_at": None, "resolved_by": ""}
    after = said.get("after")
    if verb in _STATUS:
        return {**turned, "status": _STATUS[verb]}
    if verb == verbs.SNOOZED:
        return {**turned, "status": Conversation.SNOOZED, "snoozed_by": str(by)}
    if verb == verbs.RESOLVED:
        return {**turned, "status": Conversation.RESOLVED, "resolved_at": at, "resolved_by": str(by)}
    if verb == verbs.ASSIGNED:
        return {"team_id" if said["what"] == "team" else "assignee_id": after}
    if verb == verbs.PRIORITISED and after in Conversation.PRIORITIES:
        return {"priority": after}
    if verb == verbs.CHANGED and said.get("what") == "kind" and after in Conversation.KINDS:
        return {"kind": after}
    return {}


def begins(steps: Sequence[Done], stands: Mapping[str, Any]) -> Details:
    """How it stood at first: as it stands in the end, unless a step says what was before it."""
    start = {name: stands[name] for name in ("kind", "priority", "team_id", "assignee_id")}
    for step in reversed(steps):
        before = step.details.get("before")
        for column in step.sets.keys() & start.keys():
            start[column] = before
    usual = {"priority": Conversation.NORMAL, "kind": Conversation.ISSUE}
    allowed = {"priority": Conversation.PRIORITIES, "kind": Conversation.KINDS}
    return {
        column: value if column not in usual or value in allowed[column] else usual[column]
        for column, value in start.items()
    }


def properties(verb: str, said: Details) -> Details:
    """What its fact says beside how the conversation stood."""
    match verb:
        case verbs.LABELLED | verbs.UNLABELLED:
            return {"label": said["label"]} | ({"label_id": said["label_id"]} if said["label_id"] else {})
        case verbs.WATCHED | verbs.UNWATCHED:
            return {"watcher": said["agent"]} if said["agent"] else {}
        case verbs.ASSIGNED:
            return _named(said, "routed", "among", "probability")
        case verbs.SNOOZED:
            return {"until": said["until"]} if said["until"] else {}
        case verbs.CHANGED if said.get("what") == "field":
            return {"what": f"field {words(said.get('name'))}", "field": words(said.get("key"))}
        case verbs.CHANGED:
            return {"what": words(said.get("what"))}
        case verbs.USED_MACRO:
            return {"called": words(said.get("name"))} | ({"macro": said["macro"]} if said["macro"] else {})
        case verbs.NOT_DELIVERED:
            return _named(said, "message") | {"outcome": words(said.get("state"))}
        case verbs.TARGET_WARNED | verbs.TARGET_BREACHED:
            return _named(said, "clock", "target", "due_at")
        case verbs.SENT_AGAIN:
            return _named(said, "message")
        case _ if verb in _SIDE:
            return _named(said, "side")
    return {}


def _named(said: Details, *names: str) -> Details:
    return {name: said[name] for name in names if said.get(name) is not None}
