"""Two conversations that are one matter: find the other, look at both, join them, take them apart."""

from typing import Any

from django.contrib import messages as notices
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from regulars.desk.actions import links, merging
from regulars.desk.errors import CannotLinkWithItself, CannotMergeWithItself
from regulars.desk.selectors import finding, threads
from regulars.desk.selectors.threads import Conversation
from regulars.web.access import requires
from regulars.web.desk import properties, thread, whence, words
from regulars.web.middleware import AgentRequest

LAST = 3


@require_http_methods(["GET", "HEAD", "POST"])
@requires("answer")
def show(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Find the other one, look at both, confirm."""
    kept = threads.shown(pk, by=request.actor)
    if request.method == "POST":
        merging.merge(kept.pk, properties.number(request, "with") or 0, by=request.actor)
        notices.success(request, _("The two are one now. You can take them apart again in the thread."))
        return redirect(whence.address(request, kept.pk))
    other = _other(request)
    if other is None:
        return render(request, "desk/merge.html", _found(request, kept))
    if other.pk == kept.pk:
        raise CannotMergeWithItself
    sides = [_side(request, one) for one in (kept, other)]
    return render(
        request, "desk/merge_confirm.html", {"kept": kept, "other": other, "sides": sides, **_back(request, kept)}
    )


@require_POST
@requires("answer")
def undo(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Take them apart."""
    row = merging.undo(pk, by=request.actor)
    notices.success(request, _("They are two again. This is the one that was joined."))
    return redirect(whence.address(request, row.merged_id))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("answer")
def link(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Say that another conversation belongs to this one."""
    one = threads.shown(pk, by=request.actor)
    if request.method != "POST":
        return render(request, "desk/link.html", _found(request, one))
    other_id = properties.number(request, "with") or 0
    if other_id == one.pk:
        raise CannotLinkWithItself
    links.put(one.pk, other_id, by=request.actor)
    notices.success(request, _("They are linked: each shows the other beside it."))
    return redirect(whence.address(request, one.pk))


@require_POST
@requires("answer")
def link_removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Say that they do not belong together."""
    links.take_away(pk, properties.number(request, "link") or 0, by=request.actor)
    return redirect(whence.address(request, pk))


def _other(request: AgentRequest) -> Conversation | None:
    text = request.GET.get("with", "").strip()
    is_number = text.isascii() and text.isdigit() and len(text) < 19
    return threads.shown(int(text), by=request.actor) if is_number else None


def _found(request: AgentRequest, one: Conversation) -> dict[str, Any]:
    """Candidates: what was searched for, else the customer's other conversations."""
    text = request.GET.get("q", "").strip()[:200]
    rows = finding.candidates(one, text=text, by=request.actor)
    found = [(row, words.STATUSES[row.status]) for row in rows]
    return {"kept": one, "text": text, "found": found, **_back(request, one)}


def _back(request: AgentRequest, one: Conversation) -> dict[str, str]:
    """Where one came from: the list beside stays what it was."""
    query = whence.query(request)
    return {"from_query": query, "back": whence.with_query(one.pk, query)}


def _side(request: AgentRequest, one: Conversation) -> dict[str, Any]:
    """One of the two as the preview shows it: who, how it stands, what was said last."""
    said = threads.thread(one)
    names = thread.names()
    last = [
        line for line in thread.lines(said, one, reader=request.actor, names=names) if isinstance(line, thread.Said)
    ]
    return {"of": one, "status": words.STATUSES[one.status], "lines": last[-LAST:], "count": one.message_count}
