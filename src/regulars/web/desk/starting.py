"""Writing first: choose whom, on which channel, and say it."""

from typing import Any

from django.contrib import messages as notices
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regulars.channels import selectors as channels
from regulars.customers import normalise
from regulars.customers.actions import recognition
from regulars.customers.selectors import addresses as known_addresses
from regulars.customers.selectors import families, listed, naming, searching
from regulars.desk import formatting
from regulars.desk.actions import beginning
from regulars.desk.actions.messages import Written
from regulars.desk.selectors import lately
from regulars.kernel import clock
from regulars.kernel.errors import DomainError, Invalid
from regulars.web.access import requires
from regulars.web.desk import addresses, attachments, composing, properties, replies, words
from regulars.web.middleware import AgentRequest

PRODUCT = 1  # the source of what is done here


@require_http_methods(["GET", "HEAD", "POST"])
@requires("answer")
def show(request: AgentRequest) -> HttpResponseBase:
    """Find the customer, then write; what could not be sent stands in the form with the reason."""
    if request.method == "POST":
        try:
            return _begin(request)
        except DomainError as refusal:
            context = _form(request, request.POST) | {"refusal": str(refusal)}
            return render(request, "desk/start.html", context, status=refusal.status)
    if request.GET.get("customer") or request.GET.get("address"):
        return render(request, "desk/start.html", _form(request, request.GET))
    text = request.GET.get("q", "").strip()[:200]
    found = listed.rows_of(searching.search(text) if text else _lately(request))
    page = "desk/start_whom.html#found" if request.htmx else "desk/start_whom.html"
    return render(request, page, {"text": text, "found": found, "address": _address(text)})


def _lately(request: AgentRequest) -> list[int]:
    """Before anything is typed: whoever was lately talked with, as the person they are now."""
    ids = lately.customers(by=request.actor)
    heads = families.heads(ids)
    return list(dict.fromkeys(heads[each] for each in ids if each in heads))


def _begin(request: AgentRequest) -> HttpResponseBase:
    said = request.POST
    text = said.get("text", "").replace("\r\n", "\n")
    people = composing.recipients(request)
    if not people.get("to"):
        raise Invalid(_("Say to which address it goes. Nothing was sent; your text is still here."))
    written = Written(
        text=text,
        html=formatting.as_html(text) if text.strip() else "",
        recipients=people,
        files=attachments.of_form(request),
        key=replies.key_of(request),
    )
    sent = beginning.write_first(
        properties.number(request, "customer") or _made(said.get("address", "")),
        written,
        channel_id=properties.number(request, "channel") or 0,
        subject=said.get("subject", ""),
        kind=said.get("kind") or "issue",
        by=request.actor,
    )
    notices.success(request, _("Your message leaves in ten seconds; until then you can take it back."))
    return redirect("desk:conversation", sent.conversation_id)


def _form(request: AgentRequest, said: Any) -> dict[str, Any]:
    """The form as it stands: to whom, on which channels one can write."""
    text = said.get("customer", "")
    customer_id = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
    family = families.family(customer_id) if customer_id else None
    to = said.get("to") or (
        addresses.written(known_addresses.of(family.head.pk)) if family else said.get("address", "")
    )
    return {
        "customer": family.head if family else None,
        "customer_name": naming.name(family.members) if family else said.get("address", ""),
        "address": "" if family else said.get("address", ""),
        "channels": [one for one in channels.channels() if one.kind == "email"],
        "channel": said.get("channel", ""),
        "kinds": words.KINDS,
        "to": to,
        "cc": said.get("cc", ""),
        "subject": said.get("subject", ""),
        "text": said.get("text", ""),
        "key": said.get("key") or composing.key(),
        "files": attachments.hung(request, attachments.of_form(request)) if request.method == "POST" else [],
    }


def _address(text: str) -> str:
    """What was searched for, when it is an address nobody has yet."""
    return text if normalise.identity("email", text) and "@" in text else ""


def _made(address: str) -> int:
    """The customer with a new address; one that was erased is not brought back."""
    wanted = normalise.identity("email", address)
    if not wanted:
        raise Invalid(_("Choose to whom you write. Nothing was sent; your text is still here."))
    way = ("email", wanted)
    found = recognition.recognise([way], source_id=PRODUCT, at=clock.now(), is_known=True, is_verified=False)
    if way not in found:
        raise Invalid(_("Whoever had this address asked to be forgotten. Nothing was sent."))
    return found[way]
