"""The customer's cookie, and who holds it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from regulars.customers.portal import sessions
from regulars.customers.portal.sessions import LASTS, SignedIn
from regulars.kernel import page_settings
from regulars.kernel.errors import DomainError, NotFound

R = TypeVar("R", bound=HttpResponseBase)
View = Callable[..., HttpResponseBase]
PLAIN: Final = "regulars_portal"


class CustomerRequest(HttpRequest):
    """A request by a customer who is signed in."""

    customer: SignedIn


def cookie_name() -> str:
    """Over https browsers hold it to this host and nothing else (`__Host-`)."""
    return f"__Host-{PLAIN}" if settings.SESSION_COOKIE_SECURE else PLAIN


def signed_in(request: HttpRequest) -> SignedIn | None:
    """The customer whose browser this is; asked once a request."""
    if not hasattr(request, "_portal_customer"):
        token = token_of(request)
        request._portal_customer = sessions.of(token) if token else None  # type: ignore[attr-defined]  # ours to carry
    return request._portal_customer  # type: ignore[attr-defined]  # ours to carry


def token_of(request: HttpRequest) -> str:
    """What the cookie holds, if we wrote it."""
    try:
        return Signer(salt="regulars.portal").unsign(request.COOKIES.get(cookie_name(), ""))
    except BadSignature:
        return ""


def hold(answer: R, token: str) -> R:
    """Give the browser its session."""
    answer.set_cookie(
        cookie_name(),
        Signer(salt="regulars.portal").sign(token),
        max_age=int(LASTS.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


def drop(answer: R) -> R:
    """Take it away."""
    answer.delete_cookie(cookie_name(), samesite="Lax")
    if settings.SESSION_COOKIE_SECURE:
        answer.cookies[cookie_name()]["secure"] = True
    return answer


def for_everybody(view: View) -> View:
    """A page of the portal that needs nobody signed in; refusals are said in the portal's own words."""

    @login_not_required
    @never_cache
    @wraps(view)
    def said(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except DomainError as refusal:
            return _refused(request, refusal)

    return said


def for_customers(view: View) -> View:
    """A page for a signed-in customer; others are led to the page where they ask for a link."""

    @for_everybody
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        customer = signed_in(request)
        if customer is None:
            wanted = {"conversation": kwargs["pk"]} if "pk" in kwargs else {}
            return redirect(reverse("portal:sign_in") + (f"?{urlencode(wanted)}" if wanted else ""))
        request.customer = customer  # type: ignore[attr-defined]  # ours to carry
        return view(request, *args, **kwargs)

    return guarded


def _refused(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    is_missing = isinstance(refusal, NotFound)  # in the desk's words it may be of a team one is not in
    context = {
        "reason": _("This is not there, or it is not yours.") if is_missing else str(refusal),
        "customer": signed_in(request),
        "company": page_settings.value("company_name"),
    }
    return render(request, "portal/refusal.html", context, status=refusal.status)
