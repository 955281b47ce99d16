"""Files and mails of a customer's own conversations, given out so that nothing in them runs."""

from urllib.parse import unquote

from django.core import signing
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from regulars.channels.email.understanding.safe_html import safe_html
from regulars.desk.errors import NoSuchFile, NoSuchMessage
from regulars.desk.selectors import portal, threads
from regulars.web.desk import attachments, mails
from regulars.web.desk.shown import PICTURES
from regulars.web.portal.sessions import CustomerRequest, for_customers, for_everybody

SALT = "portal.inline"
AN_HOUR = 3600


@for_customers
@require_safe
def show(request: CustomerRequest, file_id: int) -> HttpResponseBase:
    """A file: to be saved, or, when it is a picture and asked for so, to be seen."""
    return attachments.answer(request, portal.file(file_id, customer_id=request.customer.customer_id))


@xframe_options_sameorigin
@for_customers
@require_safe
def mail(request: CustomerRequest, message_id: int) -> HttpResponse:
    """A mail as it was sent, in the sandbox in which agents see it; no other machine is asked for pictures."""
    found = portal.message(message_id, customer_id=request.customer.customer_id)
    if not found.html:
        raise NoSuchMessage
    files = threads.turns([found])[0].files
    pictures = {
        unquote(file.content_id).strip("<>"): _address(request, file.pk) for file in files if file.content_id
    }  # fmt: skip
    answer = HttpResponse(mails.PAGE.format(inside=safe_html(found.html, pictures=pictures, shows_remote=False)))
    ours = request.build_absolute_uri(reverse("portal:inline", args=["x"])).rpartition("x")[0]
    answer["Content-Security-Policy"] = (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
        f"img-src data: {ours}; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    )
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@for_everybody
@require_safe
def inline(request: HttpRequest, token: str) -> FileResponse:
    """A picture inside a mail. The frame sends no cookie, so its address itself is the proof, for an hour."""
    try:
        file_id, customer_id = signing.loads(token, salt=SALT, max_age=AN_HOUR)
    except (signing.BadSignature, ValueError, TypeError) as bad:
        raise NoSuchFile from bad
    file = portal.file(file_id, customer_id=customer_id)
    if file.type not in PICTURES:
        raise NoSuchFile
    answer = attachments.given(file, is_seen=True)
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _address(request: CustomerRequest, file_id: int) -> str:
    token = signing.dumps([file_id, request.customer.customer_id], salt=SALT)
    return request.build_absolute_uri(reverse("portal:inline", args=[token]))
