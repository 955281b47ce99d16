"""What is set up for the desk to do by itself: routes, seats, rules, and what these did."""

from collections.abc import Mapping

from django.db.models import Count, Max, QuerySet

from regulars.desk.errors import NoSuchRule
from regulars.desk.models import Conversation, Firing, Route, Rule, Seat


def routes() -> Mapping[int | None, Route]:
    """How each team's conversations find an agent, by the team's key; None is for those of no team."""
    return {route.team_id: route for route in Route.objects.order_by("pk")}


def seats() -> Mapping[int, Seat]:
    """Agents' seats by agent; who has none has the usual."""
    return {seat.agent_id: seat for seat in Seat.objects.order_by("agent")}


def is_away(agent_id: int) -> bool:
    """Whether an agent takes no new conversations."""
    return Seat.objects.filter(agent=agent_id, away_at__isnull=False).exists()


def open_by_agent() -> Mapping[int, int]:
    """How many open conversations each agent has."""
    rows = Conversation.objects.filter(status=Conversation.OPEN, spam_at=None, merged_into=None, assignee__isnull=False)
    counted = rows.order_by().values("assignee").annotate(count=Count("pk"))
    return dict(counted.values_list("assignee", "count"))


def rules() -> QuerySet[Rule]:
    """Every rule in the order in which they are asked, with how often and when last each fired."""
    return Rule.objects.annotate(fired=Count("firings"), last_fired=Max("firings__at")).order_by("position", "pk")


def rule(rule_id: int) -> Rule:
    """One rule."""
    found = rules().filter(pk=rule_id).first()
    if found is None:
        raise NoSuchRule
    return found


def firings(rule_id: int, *, limit: int = 50) -> list[Firing]:
    """The last times a rule fired, the latest first."""
    rows = Firing.objects.filter(rule=rule_id).select_related("conversation").order_by("-pk")
    return list(rows[:limit])
