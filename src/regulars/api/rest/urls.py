"""The addresses below `/api/v1/`. Ninja is imported with them and nowhere else."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from regulars.api.rest import (
    bulks,
    conversations,
    customer_ends,
    customers,
    directory,
    drafts,
    files,
    forms,
    joining,
    labels,
    leaving,
    mailboxes,
    messages,
    numbers,
    organising,
    posts,
    problems,
    setting_up,  # noqa: F401 - puts its calls on the routers of others
    setup,
    sides,
    standing,
    views,
    webhooks,
)
from regulars.api.rest.description import Api
from regulars.api.rest.doors import Door

api = Api(
    title="Regulars",
    version="1",
    description="The desk for programs. Make a key in Settings, Keys, and send it as `Authorization: Bearer KEY`.",
    docs_url=None,
    urls_namespace="api-1",
)
problems.answer_them(api)

ANSWER, SEE_CUSTOMERS = Door("answer"), Door("see_customers")
for _place, _router, _door in (
    ("/conversations", conversations.router, ANSWER),
    ("/conversations", standing.router, ANSWER),
    ("", joining.router, ANSWER),
    ("", messages.router, ANSWER),
    ("", files.router, ANSWER),
    ("", sides.router, ANSWER),
    ("", views.router, ANSWER),
    ("/customers", customers.router, SEE_CUSTOMERS),
    ("", customer_ends.router, SEE_CUSTOMERS),
    ("", directory.router, ANSWER),
    ("", setup.router, ANSWER),
    ("", bulks.router, ANSWER),
    ("", drafts.router, ANSWER),
    ("", drafts.sides, ANSWER),
    ("", organising.router, ANSWER),
    ("", posts.router, ANSWER),
    ("/labels", labels.router, setup.SET_UP),
    ("/forms", forms.router, setup.SET_UP),
    ("", forms.portal, forms.COMPANY),
    ("/mailboxes", mailboxes.router, setup.SET_UP),
    ("", leaving.router, leaving.ALL),
    ("", numbers.router, Door("see_numbers")),
    ("", leaving.reports, Door("see_numbers")),
    ("/webhooks", webhooks.router, Door("manage_keys", ("read", "write"))),
):
    api.add_router(_place, _router, auth=_door)


@csrf_exempt
@login_not_required
def nothing(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """Whatever else is asked for below this address."""
    return problems.problem(404, "not-found", "There is nothing here. /api/v1/openapi.json says what there is.")


def _without_sign_in(patterns: Sequence[Any]) -> Sequence[Any]:
    """Programs do not sign in: they have keys, which a `Door` asks for."""
    for pattern in patterns:
        login_not_required(pattern.callback)
    return patterns


_patterns, _app, _namespace = api.urls
urlpatterns = [path("", (_without_sign_in(_patterns), _app, _namespace)), re_path(r"^(?P<rest>.*)$", nothing)]
