"""Who is asking: every request carries the actor it acts for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from regulars.kernel.actors import Actor


class AgentRequest(HttpRequest):
    """A request by a signed-in agent."""

    actor: Actor


class AgentMiddleware:
    """Put the signed-in agent's actor on the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            request.actor = request.user.actor  # type: ignore[attr-defined, union-attr]
        return self.get_response(request)
