"""The addresses below `/api/v1/`. Ninja is imported with them and nowhere else."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI

from regulars.api.rest import conversations, directory, doors, messages, problems, standing, webhooks

api = NinjaAPI(
    title="Regulars",
    version="1",
    description="The desk for programs. Make a key in Settings, Keys, and send it as `Authorization: Bearer KEY`.",
    docs_url=None,
    urls_namespace="api-1",
)
problems.answer_them(api)


for _place, _router in (
    ("/conversations", conversations.router),
    ("/conversations", standing.router),
    ("/webhooks", webhooks.router),
    ("", messages.router),
    ("", directory.router),
):
    api.add_router(_place, _router, auth=doors.door)


@csrf_exempt
@login_not_required
def nothing(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Whatever else is asked for below this address."""
    return problems.problem(404, "not-found", "There is nothing here. /api/v1/openapi.json says what there is.")


def _without_sign_in(patterns: Sequence[Any]) -> Sequence[Any]:
    """Programs do not sign in: they have keys, which `doors.door` asks for."""
    for pattern in patterns:
        login_not_required(pattern.callback)
    return patterns


_patterns, _app, _namespace = api.urls
urlpatterns = [path("", (_without_sign_in(_patterns), _app, _namespace)), re_path(r"^(?P<rest>.*)$", nothing)]
