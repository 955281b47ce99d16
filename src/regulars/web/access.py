"""Who may open a page: sign-in is required everywhere, capabilities are asked for here."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from regulars.accounts import roles
from regulars.kernel.errors import NotAllowed

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)
View = Callable[Concatenate[R, P], HttpResponseBase]


def requires(capability: str) -> Callable[[View[R, P]], View[R, P]]:
    """Open a view only to agents whose role has the capability; others read a kind 403 page."""
    if capability not in roles.CAPABILITIES:
        raise KeyError(f"no such capability: {capability!r}")

    def guard(view: View[R, P]) -> View[R, P]:
        @wraps(view)
        def guarded(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not may(request, capability):
                raise NotAllowed
            return view(request, *args, **kwargs)

        return guarded

    return guard


def may(request: HttpRequest, capability: str) -> bool:
    """Whether the person asking has the capability."""
    return roles.is_allowed(getattr(request.user, "role", ""), capability)
