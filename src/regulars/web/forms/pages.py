"""The pages of one form: on an address of our own, and in a frame on somebody's site."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from regulars.channels.errors import NoSuchForm
from regulars.channels.selectors import forms
from regulars.channels.selectors.forms import Door
from regulars.channels.webform import tokens, work
from regulars.kernel import clock, page_settings
from regulars.web.forms import limits, sending
from regulars.web.forms.asking import Asked
from regulars.web.forms.sending import Refused
from regulars.web.portal import sessions

MOST_BYTES = 25 * 1024**2
View = Callable[..., HttpResponse]


def bounded(view: View) -> View:
    """Refuse what is too large before a byte of it is read; the protection against forged posts comes after."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > MOST_BYTES:
            return render(request, "visitors/too_large.html", {"company": company()}, status=413)
        return view(request, *args, **kwargs)

    return guarded


def for_visitors(view: View) -> View:
    """Open to everybody; what is not there is said without leading strangers to the agents' door."""

    @login_not_required
    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NoSuchForm:
            return render(request, "visitors/missing.html", {"company": company()}, status=404)

    return opened


@for_visitors
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@bounded
@csrf_protect
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """The form on a page of its own."""
    return _answer(request, _door(slug), is_frame=False)


@for_visitors
@never_cache
@xframe_options_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@bounded
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """The form in a frame of the sites that may show it.

    Browsers send no cookie of ours in there, so no token can be compared with one. None is needed: who
    is signed in here is never looked at, so a forged post could do no more than anybody can.
    """
    door = _door(slug)
    return framed(_answer(request, door, is_frame=True), door)


@for_visitors
@never_cache
@require_safe
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """It arrived."""
    return _thanks(request, _door(slug), is_frame=False)


@for_visitors
@xframe_options_exempt
@require_safe
def embed_thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """It arrived, said in the frame."""
    door = _door(slug)
    return framed(_thanks(request, door, is_frame=True), door)


def framed(answer: HttpResponse, door: Door) -> HttpResponse:
    """Let only the form's sites show it; the rest of the policy stays as it is."""
    answer._csp_replace = {"frame-ancestors": ["'self'", *door.form.sites]}  # type: ignore[attr-defined]  # read by django-csp
    return answer


def company() -> str:
    """What the company is called, if it said so."""
    return page_settings.value("company_name")


def _door(slug: str) -> Door:
    found = forms.door_of(slug)
    if found is None:
        raise NoSuchForm
    return found


def _answer(request: HttpRequest, door: Door, *, is_frame: bool) -> HttpResponse:
    if door.is_off:
        return _off(request, is_frame=is_frame)
    if request.method != "POST":
        return _page(request, door, Asked(door.form, initial=_known(request, is_frame=is_frame)), is_frame=is_frame)
    asked = Asked(door.form, request.POST, request.FILES)
    try:
        sending.send(request, door, asked)
    except Refused as refusal:
        page = _page(request, door, asked, is_frame=is_frame, refusal=refusal)
        return limits.slowed(page) if refusal.status == 429 else page
    return redirect("forms:embed_thanks" if is_frame else "forms:thanks", slug=door.form.slug)


def _page(
    request: HttpRequest, door: Door, asked: Asked, *, is_frame: bool, refusal: Refused | None = None
) -> HttpResponse:
    """The form, with what was typed; a token that is still good stays, so that its age counts."""
    kept = request.POST.get("token", "") if refusal and refusal.keeps_token else ""
    token = kept or tokens.issue(door.id, at=clock.now())
    read = tokens.read(token, channel_id=door.id)
    context = {
        "form": door.form,
        "asked": asked,
        "token": token,
        "nonce": read.nonce if read else "",
        "bits": work.BITS,
        "company": company(),
        "is_frame": is_frame,
        "refusal": refusal,
        "lost_files": refusal is not None and bool(request.FILES),
    }
    return render(request, "visitors/form.html", context, status=refusal.status if refusal else 200)


def _known(request: HttpRequest, *, is_frame: bool) -> dict[str, str]:
    """Who is signed in as a customer need not type who they are; a frame knows nobody."""
    customer = None if is_frame else sessions.signed_in(request)
    return {"name": customer.name, "email": customer.address} if customer else {}


def _thanks(request: HttpRequest, door: Door, *, is_frame: bool) -> HttpResponse:
    context = {
        "form": door.form,
        "company": company(),
        "is_frame": is_frame,
        "has_mail": forms.mailbox(door.form.mailbox_id) is not None,
        "is_signed_in": not is_frame and sessions.signed_in(request) is not None,
    }
    return render(request, "visitors/thanks.html", context)


def _off(request: HttpRequest, *, is_frame: bool) -> HttpResponse:
    return render(request, "visitors/off.html", {"company": company(), "is_frame": is_frame}, status=410)
