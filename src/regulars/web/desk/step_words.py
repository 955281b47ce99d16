"""What was done in a conversation, as a quiet line between what was said."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from regulars.desk import verbs
from regulars.desk.selectors.threads import Step
from regulars.kernel.actors import Actor
from regulars.web.desk import language_words, words

TOGETHER = timedelta(minutes=5)
# Said by the messages themselves, or by the step that stands beside them.
SILENT = {verbs.RECEIVED, verbs.REPLIED, verbs.NOTED, verbs.SIDE_SENT}


@dataclass(frozen=True, slots=True)
class Names:
    """Who and what the steps speak of, by key."""

    agents: dict[int, str]
    teams: dict[int, str]

    def agent(self, key: object) -> str:
        return self.agents.get(int(str(key)), _("a former colleague")) if key else _("nobody")

    def team(self, key: object) -> str:
        return self.teams.get(int(str(key)), _("a team that is gone")) if key else _("no team")


@dataclass(slots=True)
class Steps:
    """Steps that belong together: what one actor did within minutes."""

    at: datetime
    actor: str
    sentences: list[str] = field(default_factory=list)
    merges: list[int] = field(default_factory=list)
    splits: list[int] = field(default_factory=list)


def grouped(steps: Iterable[Step], names: Names) -> list[Steps]:
    """The steps between two messages, those of one actor within minutes together."""
    groups: list[Steps] = []
    for step in steps:
        if step.verb in SILENT or (step.verb == verbs.USED_MACRO and not step.details.get("does")):
            continue
        last = groups[-1] if groups else None
        if last is None or last.actor != step.actor or step.at - last.at > TOGETHER:
            groups.append(last := Steps(step.at, step.actor))
        said = sentence(step, names)
        if said not in last.sentences:
            last.sentences.append(said)
        _offer_undo(last, step)
    return groups


def _offer_undo(group: Steps, step: Step) -> None:
    if step.verb == verbs.MERGED and step.details.get("merge_id"):
        group.merges.append(step.details["merge_id"])
    if step.verb == verbs.SPLIT and step.details.get("moved"):
        group.splits.append(step.pk)


def sentence(step: Step, names: Names) -> str:
    """One step as a sentence: "Ines gave it to Bo"."""
    who = _who(step, names)
    if step.verb == verbs.ASSIGNED:
        return _assigned(step, who, names)
    if step.verb in (verbs.WATCHED, verbs.UNWATCHED):
        return _watched(step, who, names)
    if step.verb in (verbs.PRIORITISED, verbs.CHANGED):
        return _changed(step, who)
    return (_PLAIN.get(step.verb) or _plain_other)(step, who)


def _who(step: Step, names: Names) -> str:
    actor = Actor.parse(step.actor)
    if actor.kind == "agent":
        return names.agents.get(actor.id or 0, step.actor_name or _("A former colleague"))
    return step.actor_name or str(words.ACTORS[actor.kind])


def _assigned(step: Step, who: str, names: Names) -> str:
    after = step.details.get("after")
    if step.details.get("what") == "team":
        said = _("%(who)s gave it to the team %(team)s") if after else _("%(who)s took it from its team")
        return said % {"who": who, "team": names.team(after)}
    if after and step.actor == f"agent:{after}":
        return _("%(who)s took it") % {"who": who}
    said = _("%(who)s gave it to %(agent)s") if after else _("%(who)s took it from %(before)s")
    return said % {"who": who, "agent": names.agent(after), "before": names.agent(step.details.get("before"))}


def _watched(step: Step, who: str, names: Names) -> str:
    watcher, begins = step.details.get("agent"), step.verb == verbs.WATCHED
    if step.actor == f"agent:{watcher}":
        said = _("%(who)s watches it") if begins else _("%(who)s watches it no more")
        return said % {"who": who}
    said = _("%(who)s lets %(agent)s watch it") if begins else _("%(who)s lets %(agent)s watch it no more")
    return said % {"who": who, "agent": names.agent(watcher)}


def _changed(step: Step, who: str) -> str:
    what, after = step.details.get("what"), step.details.get("after")
    if what == "priority":
        priority = str(words.PRIORITIES.get(after, after)).lower()
        return _("%(who)s made it %(priority)s") % {"who": who, "priority": priority}
    if what == "kind":
        return _("%(who)s filed it as %(kind)s") % {"who": who, "kind": str(words.KINDS.get(after, after)).lower()}
    if what == "subject":
        return _("%(who)s called it “%(subject)s”") % {"who": who, "subject": after or "–"}
    if what == "field":
        return _field(step, who)
    if what == "language":
        said = language_words.name(after or "") or "–"
        return _("%(who)s said its language: %(language)s") % {"who": who, "language": said}
    return _("%(who)s changed %(what)s") % {"who": who, "what": what}


def _field(step: Step, who: str) -> str:
    name, after = step.details.get("name"), step.details.get("after")
    if after in (None, ""):
        return _("%(who)s emptied %(field)s") % {"who": who, "field": name}
    told = str(step.details.get("told", after))
    if isinstance(after, bool):
        told = _("yes") if after else _("no")
    said = _("%(who)s set %(field)s to “%(value)s”")
    return said % {"who": who, "field": name, "value": told if len(told) <= 60 else f"{told[:59]}…"}


def _snoozed(step: Step, who: str) -> str:
    until = parse_datetime(str(step.details.get("until") or ""))
    if until is None:
        return _("%(who)s put it aside") % {"who": who}
    return _("%(who)s put it aside until %(until)s") % {"who": who, "until": moment(until)}


def moment(at: datetime) -> str:
    """A moment as a short text in the company's time."""
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT")


def _came_back_beside() -> str:
    return _("It came back: an answer came to a side conversation")


def _plain_other(step: Step, who: str) -> str:
    return _("%(who)s: %(what)s") % {"who": who, "what": step.verb}


_PLAIN = {
    verbs.STARTED: lambda step, who: _("%(who)s began the conversation") % {"who": who},
    verbs.OPENED: lambda step, who: (
        _came_back_beside() if step.details.get("side") else _("%(who)s opened it") % {"who": who}
    ),
    verbs.WAITED: lambda step, who: _("%(who)s left it with the customer") % {"who": who},
    verbs.SNOOZED: _snoozed,
    verbs.WOKE: lambda step, who: _came_back_beside() if step.details.get("side") else _("It came back, as wished"),
    verbs.RESOLVED: lambda step, who: _("%(who)s resolved it") % {"who": who},
    verbs.REOPENED: lambda step, who: _("%(who)s reopened it") % {"who": who},
    verbs.LABELLED: lambda step, who: (
        _("%(who)s labelled it %(label)s") % {"who": who, "label": step.details.get("label")}
    ),
    verbs.UNLABELLED: lambda step, who: (
        _("%(who)s took the label %(label)s off") % {"who": who, "label": step.details.get("label")}
    ),
    verbs.USED_MACRO: lambda step, who: (
        _("%(who)s used the macro “%(name)s”") % {"who": who, "name": step.details.get("name")}
    ),
    verbs.MARKED_SPAM: lambda step, who: _("%(who)s marked it as spam") % {"who": who},
    verbs.UNMARKED_SPAM: lambda step, who: _("%(who)s said it is no spam") % {"who": who},
    verbs.MERGED: lambda step, who: (
        _("%(who)s joined #%(number)s to it") % {"who": who, "number": step.details.get("merged")}
    ),
    verbs.UNMERGED: lambda step, who: (
        _("%(who)s took #%(number)s apart from it again") % {"who": who, "number": step.details.get("merged")}
    ),
    verbs.SPLIT: lambda step, who: (
        _("%(who)s began it with messages of #%(number)s") % {"who": who, "number": step.details.get("split_from")}
    ),
    verbs.LINKED: lambda step, who: (
        _("%(who)s linked it to #%(number)s") % {"who": who, "number": step.details.get("linked")}
    ),
    verbs.UNLINKED: lambda step, who: (
        _("%(who)s took the link to #%(number)s away") % {"who": who, "number": step.details.get("linked")}
    ),
    verbs.TARGET_WARNED: lambda step, who: _("A promise comes due soon"),
    verbs.TARGET_BREACHED: lambda step, who: _("A promise was not kept in time"),
    verbs.SIDE_BEGUN: lambda step, who: _("%(who)s asked somebody else") % {"who": who},
    verbs.SIDE_RECEIVED: lambda step, who: _("An answer came to a side conversation"),
    verbs.SIDE_NOT_DELIVERED: lambda step, who: _("Mail of a side conversation did not arrive"),
    verbs.SIDE_DONE: lambda step, who: _("%(who)s closed a side conversation") % {"who": who},
    verbs.SIDE_REOPENED: lambda step, who: _("A side conversation goes on"),
}
