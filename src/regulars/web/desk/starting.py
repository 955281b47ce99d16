"""Writing first: choose whom, on which channel, and say it."""

from typing import Any

from django.contrib import messages as notices
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

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
from regulars.web.desk import addresses, attachments, composing, first_drafts, properties, replies, words
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
            if request.htmx:  # the page stays, and what was typed with it
                raise
            context = _form(request, request.POST) | {"refusal": str(refusal)}
            return render(request, "desk/start.html", context, status=refusal.status)
    if request.GET.get("customer") or request.GET.get("address"):
        return render(request, "desk/start.html", _form(request, request.GET))
    text = request.GET.get("q", "").strip()[:200]
    found = listed.rows_of(searching.search(text) if text else _lately(request))
    page = "desk/start_whom.html#found" if request.htmx else "desk/start_whom.html"
    begun = [] if text else first_drafts.begun(request)
    return render(request, page, {"text": text, "found": found, "begun": begun, "address": _address(text)})


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
        ends_draft=True,
    )
    notices.success(request, _("Your message leaves in ten seconds; until then you can take it back."))
    there = reverse("desk:conversation", args=[sent.conversation_id])
    return HttpResponseClientRedirect(there) if request.htmx else redirect(there)


def _form(request: AgentRequest, said: Any) -> dict[str, Any]:
    """The form as it was sent, else as it was left when it was typed in last: to whom, on which channels one can."""
    whom = first_drafts.whom(said)
    kept = first_drafts.kept(request, whom) if request.method != "POST" else {}
    family = families.family(whom.customer_id) if whom and whom.customer_id is not None else None
    address = "" if family else said.get("address", "")
    to = addresses.written(known_addresses.of(family.head.pk)) if family else address
    filled = {name: kept.get(name) or said.get(name, "") for name in ("channel", "cc", "subject", "kind", "text")}
    sent_files = attachments.of_form(request) if request.method == "POST" else []
    return {
        **filled,
        "customer": family.head if family else None,
        "customer_name": naming.name(family.members) if family else address,
        "address": address,
        "channels": [one for one in channels.channels() if one.kind == "email"],
        "kinds": words.KINDS,
        "to": kept.get("to") or said.get("to") or to,
        "key": said.get("key") or composing.key(),
        "files": kept.get("files") or attachments.hung(request, sent_files),
        "saved_at": kept.get("saved_at"),
        "name": f"draft-start-{whom.customer_id or whom.address}-{request.actor.id}" if whom else "",
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
