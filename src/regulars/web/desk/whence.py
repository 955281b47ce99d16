"""The way of looking at the inbox one comes from, kept while one is on a page beside it."""

from typing import Final
from urllib.parse import urlsplit

from django.http import QueryDict
from django.urls import Resolver404, resolve, reverse

from regulars.desk.errors import NoSuchView
from regulars.desk.selectors.views import views_of
from regulars.web.accounts import over
from regulars.web.desk.asking import asked
from regulars.web.middleware import AgentRequest

WITH_A_LIST: Final = frozenset({"desk:inbox", "desk:conversation", "desk:sides", "desk:side"})
FROM: Final = "from"


def query(request: AgentRequest) -> str:
    """The view, the filters or the search of the list one left: as the page carries it, else of the page before.

    Whatever makes no sense is passed over; a view that was deleted meanwhile keeps nothing from being done.
    """
    said = request.POST.get(FROM, request.GET.get(FROM))
    try:
        return asked(QueryDict(said if said is not None else _before(request)), views_of(request.actor)).query
    except NoSuchView:
        return ""


def address(request: AgentRequest, pk: int) -> str:
    """A conversation with that list beside it."""
    return with_query(pk, query(request))


def with_query(pk: int, asked_for: str) -> str:
    """A conversation with a list beside it."""
    there = reverse("desk:conversation", args=[pk])
    return f"{there}?{asked_for}" if asked_for else there


def _before(request: AgentRequest) -> str:
    parts = urlsplit(over.page_before(request))
    try:
        return parts.query if resolve(parts.path).view_name in WITH_A_LIST else ""
    except Resolver404:
        return ""
