"""The settings, at a glance."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regulars.web.settings.places import pages


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The pages this agent may open."""
    return render(request, "settings/index.html", {"pages": pages(request)})
