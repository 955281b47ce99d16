"""A customer goes on with a conversation, or says that it is solved."""

from contextlib import suppress

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from regulars.desk.actions import messages, states
from regulars.desk.actions.messages import LONGEST, File, Written
from regulars.desk.errors import AlreadyResolved
from regulars.desk.selectors import portal
from regulars.desk.selectors.threads import Conversation
from regulars.kernel.errors import NoRoom, saying_no_room
from regulars.web.forms import limits, sending
from regulars.web.forms.asking import LARGEST_ALL, LARGEST_FILE, MOST_FILES
from regulars.web.forms.pages import bounded
from regulars.web.portal import conversations
from regulars.web.portal.sessions import CustomerRequest, for_customers

LONGEST_KEY = 100


@require_POST
@for_customers
@bounded
@csrf_protect
def create(request: CustomerRequest, pk: int) -> HttpResponse:
    """Add what the customer wrote; the same form sent twice says it once."""
    found = portal.conversation(pk, customer_id=request.customer.customer_id)
    text, key = request.POST.get("text", ""), request.POST.get("key", "")[:LONGEST_KEY]
    uploads = [each for each in request.FILES.getlist("files") if each.name]
    if trouble := _why_not(text, uploads):
        return conversations.page(request, found, text=text, key=key, trouble=trouble, status=422)
    if limits.is_too_often(request, "portal_message", key=str(request.customer.customer_id)):
        words = _("You wrote very often in a short time. Wait ten minutes, then send it once more.")
        return limits.slowed(conversations.page(request, found, text=text, key=key, trouble=words, status=429))
    try:
        with saying_no_room():
            _receive(request, found, text=text, key=key, uploads=uploads)
    except NoRoom as full:
        return conversations.page(request, found, text=text, key=key, trouble=sending.no_room(), status=full.status)
    return redirect(reverse("portal:conversation", args=[found.pk]) + "?sent#reply")


@require_POST
@for_customers
def solve(request: CustomerRequest, pk: int) -> HttpResponse:
    """Mark it as solved; doing so again changes nothing, and writing opens it again."""
    customer = request.customer
    found = portal.conversation(pk, customer_id=customer.customer_id)
    with suppress(AlreadyResolved):
        states.resolve(found.pk, by=customer.actor)
    return redirect("portal:conversation", pk=found.pk)


def _receive(
    request: CustomerRequest, found: Conversation, *, text: str, key: str, uploads: list[UploadedFile]
) -> None:  # fmt: skip
    """Through the verb mail comes in by; the key is the customer's own, so that nobody meets another's message."""
    customer = request.customer
    with sending.given_up_when_refused() as taken:
        kept = [taken(each) for each in uploads]
        written = Written(
            text=text.replace("\r\n", "\n"),
            recipients={"from": [{"name": customer.name, "address": customer.address}]},
            files=[File(file.digest, file.name, file.type, file.size) for file in kept],
            key=f"portal:{customer.customer_id}:{found.pk}:{key}" if key else None,
        )
        messages.receive(found.pk, written, by=customer.actor)


def _why_not(text: str, uploads: list[UploadedFile]) -> str:
    sizes = [each.size or 0 for each in uploads]
    if not text.strip() and not uploads:
        return _("Write something first.")
    if len(text) > LONGEST:
        return _("This is too long to send. Shorten it, or attach it as a file.")
    if len(sizes) > MOST_FILES or any(size > LARGEST_FILE for size in sizes) or sum(sizes) > LARGEST_ALL:
        return _("These files are too many or too large. Choose them again: at most 5, together at most 20 MB.")
    return ""
