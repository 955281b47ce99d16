"""What is written first, kept as it is typed, and what was begun and not sent."""

from typing import Any

from django.contrib import messages as notices
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.customers import normalise
from regulars.customers.selectors import listed
from regulars.desk.actions import first_drafts
from regulars.desk.selectors import first_drafts as reading
from regulars.desk.selectors import threads
from regulars.desk.selectors.first_drafts import FirstDraft, Whom
from regulars.kernel.errors import Invalid
from regulars.web.access import requires
from regulars.web.desk import attachments, replies
from regulars.web.middleware import AgentRequest

BEGINNING = 90  # letters of a text, to know it again


@require_POST
@requires("answer")
def save(request: AgentRequest) -> HttpResponse:
    """Keep the form; one that was sent meanwhile is not brought back."""
    first_drafts.save(
        _whom_of_form(request),
        by=request.actor,
        text=request.POST.get("text", "").replace("\r\n", "\n"),
        said={name: request.POST.get(name, "") for name in first_drafts.KEPT},
        attachments=[attachments.as_json(file) for file in attachments.of_form(request)],
        is_sent=lambda: threads.is_written(replies.key_of(request)),
    )
    return HttpResponse(status=204)


@require_POST
@requires("answer")
def discard(request: AgentRequest) -> HttpResponseBase:
    """Throw away what was begun."""
    first_drafts.discard(_whom_of_form(request), by=request.actor)
    notices.success(request, _("Your draft was thrown away."))
    return redirect("desk:start")


def whom(said: Any) -> Whom | None:
    """To whom the form is, by their number or by an address nobody has yet; none when it says neither."""
    number = said.get("customer", "")
    if number.isascii() and number.isdigit() and len(number) < 19:
        return Whom(int(number))
    address = normalise.identity("email", said.get("address", ""))
    return Whom(None, address) if address else None


def kept(request: AgentRequest, to: Whom | None) -> dict[str, Any]:
    """What was typed to them until now, as the form takes it; nothing where nothing was."""
    draft = reading.draft(to, by=request.actor) if to else None
    if draft is None:
        return {}
    files = attachments.hung(request, draft.attachments)
    return {**draft.said, "text": draft.text, "files": files, "saved_at": draft.changed_at}


def begun(request: AgentRequest) -> list[dict[str, Any]]:
    """What was begun and not sent, each with to whom and how it begins."""
    drafts = reading.begun(by=request.actor)
    heads = {draft.pk: _head_id(draft) for draft in drafts}
    names = {row.id: row.name for row in listed.rows_of([each for each in heads.values() if each])}
    return [_line(draft, heads[draft.pk], names) for draft in drafts]


def _line(draft: FirstDraft, head_id: int | None, names: dict[int, str]) -> dict[str, Any]:
    to = {"customer": head_id} if head_id else {"address": draft.address}
    text = " ".join(draft.text.split())[:BEGINNING]
    return {
        "query": urlencode(to),
        "name": names.get(head_id, "") if head_id else draft.address,
        "words": draft.said.get("subject", "").strip() or text or _("Files only"),
        "at": draft.changed_at,
    }


def _head_id(draft: FirstDraft) -> int | None:
    customer = draft.customer
    return (customer.merged_into_id or customer.pk) if customer else None


def _whom_of_form(request: AgentRequest) -> Whom:
    found = whom(request.POST)
    if found is None:
        raise Invalid(_("Choose to whom you write. Nothing was sent; your text is still here."))
    return found
