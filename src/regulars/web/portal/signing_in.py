"""Signing in by a mailed link: asking for one, opening it, leaving.

Whoever asks reads the same answer whether the address is known or not, and the same is done for both.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.channels.selectors import forms as doors
from regulars.customers import normalise
from regulars.customers.errors import PortalLinkOver
from regulars.customers.portal import links, sessions
from regulars.desk.actions import portal_links
from regulars.web.forms import limits
from regulars.web.forms.pages import company
from regulars.web.portal.sessions import CustomerRequest, drop, for_customers, for_everybody, hold, signed_in, token_of


@for_everybody
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a link; who is signed in goes on to their conversations."""
    wanted = _wanted(request)
    if request.method != "POST":
        if signed_in(request):
            return _onward(wanted)
        return _asking(request, wanted)
    email = request.POST.get("email", "")
    address = normalise.email(email)
    if portal_links.mailbox() is None:
        return _asking(request, wanted)
    if not address:
        return _asking(request, wanted, email=email, is_wrong=True, status=422)
    if limits.is_too_often(request, "portal_link", key=address):
        return limits.slowed(_asking(request, wanted, email=email, is_often=True, status=429))
    portal_links.ask(address, language=get_language() or "", conversation_id=wanted)
    return redirect("portal:sent")


@for_everybody
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What everybody reads who asked."""
    return render(request, "portal/sent.html", {"company": company()})


@for_everybody
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """A button on GET, because mail scanners open links too; on POST the link is used up."""
    wanted = _wanted(request)
    if request.method == "POST":
        return hold(_onward(wanted), links.redeem(token))
    if not links.is_usable(token):
        raise PortalLinkOver
    return render(request, "portal/link.html", {"company": company(), "conversation": wanted})


@require_POST
@for_everybody
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out here."""
    sessions.end(token_of(request))
    return drop(_left(request, is_everywhere=False))


@require_POST
@for_customers
def leave_everywhere(request: CustomerRequest) -> HttpResponse:
    """Sign out in every browser, and let no link that is under way open another."""
    sessions.end_all(request.customer.customer_id)
    return drop(_left(request, is_everywhere=True))


def _left(request: HttpRequest, *, is_everywhere: bool) -> HttpResponse:
    return render(request, "portal/left.html", {"company": company(), "is_everywhere": is_everywhere})


def _asking(
    request: HttpRequest, wanted: int | None, *, email: str = "", is_wrong: bool = False, is_often: bool = False,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        "company": company(),
        "email": email,
        "conversation": wanted,
        "is_wrong": is_wrong,
        "is_often": is_often,
        "has_mail": portal_links.mailbox() is not None,
        "doors": doors.open_doors(),
    }
    return render(request, "portal/sign_in.html", context, status=status)


def _wanted(request: HttpRequest) -> int | None:
    """The conversation somebody was on the way to; a number, so that it leads nowhere else."""
    text = request.POST.get("conversation") or request.GET.get("conversation", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _onward(wanted: int | None) -> HttpResponse:
    return redirect("portal:conversation", pk=wanted) if wanted else redirect("portal:conversations")
