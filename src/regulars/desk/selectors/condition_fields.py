"""The fields a condition may ask for, the ways to ask, and what each means on `Conversation`.

Nothing here joins a table with many rows for a conversation: labels, watchers and mentions are asked
with EXISTS, so that "not" means what it says and no conversation is found twice.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q

from regulars.accounts import selectors as accounts
from regulars.customers.selectors import meeting
from regulars.desk.languages import UNKNOWN
from regulars.desk.models import Conversation, Mention, Watch
from regulars.desk.selectors import field_conditions
from regulars.desk.selectors.condition_readers import READERS, Reader, many
from regulars.kernel.actors import Actor


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and when: "me", "my teams" and "older than" depend on it."""

    by: Actor
    now: datetime
    is_walked: bool = False  # of one conversation after the other, so what is asked of customers is asked of each

    @property
    def agent_id(self) -> int:
        """Zero where no agent asks: nobody has that key, so "me" meets nothing."""
        return (self.by.id or 0) if self.by.kind == "agent" else 0


Meaning = Callable[[Any, Asker, str], Q]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to ask: what kind of value it takes, one or several, and what it means."""

    kind: str
    where: Meaning
    is_many: bool = False

    @property
    def read(self) -> Reader:
        return many(self.kind) if self.is_many else READERS[self.kind]


@dataclass(frozen=True, slots=True)
class Field:
    """Something about a conversation that can be asked for; after a colon may stand what exactly."""

    name: str
    ways: Mapping[str, Way]


def _among(kind: str, meaning: Meaning) -> dict[str, Way]:
    return {
        "in": Way(kind, meaning, is_many=True),
        "not in": Way(kind, lambda value, asker, what: ~meaning(value, asker, what), is_many=True),
    }


def _among_few(name: str, every: Sequence[Any]) -> dict[str, Way]:
    """A column of few values: "not in" names the others, which an index can begin at, where it cannot at NOT."""

    def others(values: list[Any], asker: Asker, what: str) -> Q:
        return Q(**{f"{name}__in": [value for value in every if value not in values]})

    ways = _among(name, lambda values, asker, what: Q(**{f"{name}__in": values}))
    return ways | {"not in": Way(name, others, is_many=True)}


def _column(name: str, kind: str) -> Field:
    lookup = f"{name}__in"
    return Field(name, _among(kind, lambda values, asker, what: Q(**{lookup: values})))


def _moments(name: str, column: str) -> Field:
    """A time: before or after a moment, or so many hours ago. Without the time, none of them holds."""
    return Field(
        name,
        {
            "older than": Way("hours", lambda hours, asker, what: Q(**{f"{column}__lt": _ago(asker, hours)})),
            "newer than": Way("hours", lambda hours, asker, what: Q(**{f"{column}__gte": _ago(asker, hours)})),
            "before": Way("moment", lambda at, asker, what: Q(**{f"{column}__lt": at})),
            "after": Way("moment", lambda at, asker, what: Q(**{f"{column}__gte": at})),
        },
    )


def _ago(asker: Asker, hours: float) -> datetime:
    return asker.now - timedelta(hours=hours)


def _flag(name: str, meaning: Meaning) -> Field:
    def where(is_so: bool, asker: Asker, what: str) -> Q:
        return meaning(is_so, asker, what) if is_so else ~meaning(is_so, asker, what)

    return Field(name, {"is": Way("yes", where)})


def _assignee(values: list[Any], asker: Asker, what: str) -> Q:
    ids = [asker.agent_id if value == "me" else value for value in values if value != "nobody"]
    return Q(assignee__in=ids) | Q(assignee__isnull=True) if "nobody" in values else Q(assignee__in=ids)


def _team(values: list[Any], asker: Asker, what: str) -> Q:
    where = Q(team__in=[value for value in values if isinstance(value, int)])
    if "none" in values:
        where |= Q(team__isnull=True)
    if "mine" in values:
        where |= Q(team__in=accounts.teams().filter(agents=asker.agent_id).order_by().values("pk"))
    return where


def _language(codes: list[str], asker: Asker, what: str) -> Q:
    return Q(language__in=["" if code == UNKNOWN else code for code in codes])


def _label(values: list[int], asker: Asker, what: str) -> Q:
    worn = Conversation.labels.through.objects.filter(conversation=OuterRef("pk"), label__in=values)
    return Q(Exists(worn))


def _watching(is_so: bool, asker: Asker, what: str) -> Q:
    return Q(Exists(Watch.objects.filter(conversation=OuterRef("pk"), agent=asker.agent_id)))


def _mentioned(is_so: bool, asker: Asker, what: str) -> Q:
    return Q(Exists(Mention.objects.filter(message__conversation=OuterRef("pk"), agent=asker.agent_id)))


def _following(is_so: bool, asker: Asker, what: str) -> Q:
    """Watched, mentioned, or one's own with an answer from outside that nobody has read.

    From the few rows that are the agent's: an OR of EXISTS would walk every conversation.
    """
    watched = Watch.objects.filter(agent=asker.agent_id).values("conversation")
    mentioned = Mention.objects.filter(agent=asker.agent_id).values("message__conversation")
    answered = Conversation.objects.filter(assignee=asker.agent_id, side_unread__gt=0).values("pk")
    return Q(pk__in=watched.union(mentioned, answered))


def _number(asker: Asker, name: str, **range_: float) -> Q:
    if asker.is_walked:
        return meeting.has_trait(name, **range_)
    return Q(customer__in=meeting.with_trait(name, **range_))


def _customer_label(ids: list[int], asker: Asker, what: str) -> Q:
    return meeting.wears(ids) if asker.is_walked else Q(customer__in=meeting.with_label(ids))


def _company(ids: list[int], asker: Asker, what: str) -> Q:
    return meeting.belongs_to(ids) if asker.is_walked else Q(customer__in=meeting.of_company(ids))


def _trait(name: str) -> Field:
    return Field(
        f"customer {name}",
        {
            "at least": Way("number", lambda least, asker, what: _number(asker, name, least=least)),
            "at most": Way("number", lambda most, asker, what: _number(asker, name, most=most)),
        },
    )


# Of a field of the company's own, after its key: every way of every kind, because a tree says no kind.
_CUSTOM: Final[Mapping[str, Way]] = {
    "is": Way("plain", lambda value, asker, what: field_conditions.holds(what, value)),
    "is not": Way("plain", lambda value, asker, what: ~field_conditions.holds(what, value)),
    "contains": Way("text", lambda words, asker, what: field_conditions.says(what, words)),
    "does not contain": Way("text", lambda words, asker, what: ~field_conditions.says(what, words)),
    "in": Way("choice", lambda keys, asker, what: field_conditions.one_of(what, keys), is_many=True),
    "not in": Way("choice", lambda keys, asker, what: ~field_conditions.one_of(what, keys), is_many=True),
    "is so": Way("yes", lambda is_so, asker, what: field_conditions.holds(what, is_so)),
    "equals": Way("number", lambda value, asker, what: field_conditions.number(what, "==", value)),
    "at least": Way("number", lambda least, asker, what: field_conditions.number(what, ">=", least)),
    "at most": Way("number", lambda most, asker, what: field_conditions.number(what, "<=", most)),
    "costs at least": Way("money", lambda least, asker, what: field_conditions.money(what, ">=", least)),
    "costs at most": Way("money", lambda most, asker, what: field_conditions.money(what, "<=", most)),
    "on": Way("day", lambda day, asker, what: field_conditions.holds(what, day)),
    "before": Way("day", lambda day, asker, what: field_conditions.day(what, "<", day)),
    "after": Way("day", lambda day, asker, what: field_conditions.day(what, ">", day)),
    "filled": Way("nothing", lambda value, asker, what: field_conditions.filled(what)),
    "empty": Way("nothing", lambda value, asker, what: ~field_conditions.filled(what)),
}


FIELDS: Final[Mapping[str, Field]] = {
    field.name: field
    for field in (
        Field("status", _among_few("status", Conversation.STATUSES)),
        Field("kind", _among_few("kind", Conversation.KINDS)),
        Field("priority", _among_few("priority", Conversation.PRIORITIES)),
        _column("channel", "channel"),
        Field("language", _among("language", _language)),
        _column("customer", "customer"),
        Field("assignee", _among("agent", _assignee)),
        Field("team", _among("team", _team)),
        Field("label", _among("label", _label)),
        Field(
            "subject",
            {
                "contains": Way("text", lambda words, asker, what: Q(subject__icontains=words)),
                "does not contain": Way("text", lambda words, asker, what: ~Q(subject__icontains=words)),
            },
        ),
        Field("customer label", _among("customer_label", _customer_label)),
        Field("company", _among("company", _company)),
        _trait("value"),
        _trait("risk"),
        _trait("stake"),
        _moments("created", "created_at"),
        _moments("last", "last_at"),
        _moments("waiting", "waiting_since"),
        Field(
            "due",
            {
                "within": Way("hours", lambda hours, asker, what: Q(due_at__lte=_ago(asker, -hours))),
                "over": Way("nothing", lambda value, asker, what: Q(due_at__lt=asker.now)),
                "set": Way("nothing", lambda value, asker, what: Q(due_at__isnull=False)),
            },
        ),
        _flag("attachments", lambda is_so, asker, what: Q(has_attachments=True)),
        _flag("watching", _watching),
        _flag("mentioned", _mentioned),
        _flag("following", _following),
        Field("custom", _CUSTOM),
    )
}
