"""The morning page: what changed, what to do next."""

from django.http import HttpResponse
from django.shortcuts import render

from regulars.web.middleware import AgentRequest


def show(request: AgentRequest) -> HttpResponse:
    """The page of two minutes."""
    return render(request, "home/morning.html", {})
