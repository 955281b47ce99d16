"""One answer to many: looked at as it will read, then sent, on a page of its own."""

from typing import Any, Final

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from regulars.desk import formatting
from regulars.desk.actions import bulk, bulk_answers
from regulars.desk.actions.bulk_answers import MOST
from regulars.desk.errors import AnswerNotSent, TooManyToAnswer
from regulars.desk.selectors.visible import visible_to
from regulars.kernel import clock
from regulars.web.access import requires
from regulars.web.desk import deed_words
from regulars.web.middleware import AgentRequest

SHOWN: Final = 3


def ask(request: AgentRequest, macro_id: str, ids: list[int]) -> HttpResponseBase:
    """Lead to the page that shows what would be sent, and to whom."""
    if len(ids) > MOST:
        raise TooManyToAnswer
    bulk_answers.usable(macro_id, by=request.actor)
    told = urlencode({"macro": macro_id, "ids": ",".join(map(str, ids))})
    page = f"{reverse('desk:bulk_answer')}?{told}"
    return HttpResponseClientRedirect(page) if request.htmx else redirect(page)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("answer")
def show(request: AgentRequest) -> HttpResponseBase:
    """How the answer reads in the first few, and the button that sends all of them."""
    said = request.POST if request.method == "POST" else request.GET
    ids = [int(one) for one in said.get("ids", "").split(",") if one.isascii() and one.isdigit() and len(one) < 19]
    if request.method == "POST":
        looked_at = request.POST.get("looked_at", "")
        sent = bulk.answer(said.get("macro", ""), ids=ids, looked_at=looked_at, by=request.actor)
        return redirect("desk:bulk", sent.pk)
    return _page(request, said.get("macro", ""), ids)


def _page(request: AgentRequest, macro_id: str, ids: list[int]) -> HttpResponse:
    macro = bulk_answers.usable(macro_id, by=request.actor)
    rows = visible_to(request.actor).filter(pk__in=ids[:MOST], merged_into=None).select_related("customer", "channel")
    found = list(rows.order_by("pk"))
    context = {
        "macro": macro,
        "deeds": deed_words.told(macro.deeds, names=deed_words.Names()),
        "found": found,
        "ids": ",".join(str(row.pk) for row in found),
        "customers": len({row.customer_id for row in found}),
        "examples": [_example(request, row, macro.text) for row in found[:SHOWN]],
        "looked_at": clock.now().isoformat(),
    }
    return render(request, "desk/bulk_answer.html", context)


def _example(request: AgentRequest, row: Any, text: str) -> dict[str, Any]:
    try:
        body = bulk_answers.text_for(row, text, by=request.actor)
    except AnswerNotSent as refusal:
        return {"row": row, "refusal": str(refusal)}
    return {"row": row, "body": formatting.as_html(body)}
