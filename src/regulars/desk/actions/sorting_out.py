"""What the desk does by itself when something happened: the rules first, then the routes."""

import json
from collections.abc import Iterable
from typing import Final

import structlog
from django.db import transaction

from regulars.desk.actions import routing, rules
from regulars.desk.actions.steps import HISTORY
from regulars.desk.errors import NoSuchConversation
from regulars.desk.models import Route, Rule
from regulars.kernel import fact_names
from regulars.kernel.actors import Actor
from regulars.kernel.errors import passes
from regulars.kernel.tail import LoggedFact

log = structlog.get_logger(__name__)

CONSUMER: Final = "desk.sort_out"
TRIGGERS: Final = {
    fact_names.CONVERSATION_STARTED: rules.STARTED,
    fact_names.MESSAGE_RECEIVED: rules.RECEIVED,
    fact_names.REPLY_SENT: rules.REPLIED,
    fact_names.CONVERSATION_RESOLVED: rules.RESOLVED,
    fact_names.CONVERSATION_REOPENED: rules.REOPENED,
    fact_names.CONVERSATION_ASSIGNED: rules.ASSIGNED,
    fact_names.PRIORITY_CHANGED: rules.CHANGED,
    fact_names.CONVERSATION_CHANGED: rules.CHANGED,
    fact_names.CONVERSATION_LABELLED: rules.CHANGED,
    fact_names.CONVERSATION_UNLABELLED: rules.CHANGED,
    fact_names.TARGET_WARNED: rules.WARNED,
    fact_names.TARGET_BREACHED: rules.BREACHED,
    fact_names.MESSAGE_NOT_DELIVERED: rules.NOT_DELIVERED,
}


def sort_out(facts: Iterable[LoggedFact]) -> None:
    """Deal with some facts of the desk; nothing is asked where there are neither rules nor routes."""
    has_rules = Rule.objects.filter(paused_at=None).exists()
    has_routes = Route.objects.exclude(method=Route.BY_HAND).exists()
    if not has_rules and not has_routes:
        return
    for fact in facts:
        if fact.name in TRIGGERS and not fact.message_id.startswith(HISTORY):
            _deal_with(fact)


def _deal_with(fact: LoggedFact) -> None:
    """One fact; what goes wrong with it is said, and stops no other."""
    said = json.loads(fact.properties)
    try:
        with transaction.atomic():
            rules.obey(
                TRIGGERS[fact.name], said["conversation_id"], because=fact.message_id, actor=Actor.parse(said["by"]),
                is_automatic=bool(said.get("automatic")),
            )  # fmt: skip
            routing.route(said["conversation_id"])
    except NoSuchConversation:
        return  # erased meanwhile
    except Exception as fault:
        if passes(fault):  # the whole batch is read again, and what has fired does not fire twice
            raise
        log.exception("a fact could not be sorted out", name=fact.name, conversation=said.get("conversation_id"))
