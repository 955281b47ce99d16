"""One answer to many: looked at as it will read, then sent, on a page of its own."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from regulars.desk import formatting, variables
from regulars.desk.actions import bulk, bulk_answers
from regulars.desk.actions.bulk_answers import MOST
from regulars.desk.errors import AnswerNotSent, TooManyToAnswer
from regulars.desk.selectors.visible import visible_to
from regulars.kernel import clock
from regulars.kernel.errors import DomainError
from regulars.web.access import requires
from regulars.web.desk import deed_words
from regulars.web.middleware import AgentRequest

SHOWN: Final = 3


def ask(request: AgentRequest, macro_id: str, ids: list[int]) -> HttpResponseBase:
    """Lead to the page that shows what would be sent, and to whom; without a macro, to where it is written."""
    if len(ids) > MOST:
        raise TooManyToAnswer
    if macro_id:
        bulk_answers.usable(macro_id, by=request.actor)
    told = urlencode({"macro": macro_id, "ids": ",".join(map(str, ids))})
    page = f"{reverse('desk:bulk_answer')}?{told}"
    return HttpResponseClientRedirect(page) if request.htmx else redirect(page)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("answer")
def show(request: AgentRequest) -> HttpResponseBase:
    """Write the answer, see how it reads in the first few, and send all of them; what was typed stays on the page."""
    said = request.POST if request.method == "POST" else request.GET
    ids = [int(one) for one in said.get("ids", "").split(",") if one.isascii() and one.isdigit() and len(one) < 19]
    macro_id, given = said.get("macro", ""), request.POST.get("text", "")
    is_changed = not macro_id and _same(given) != _same(request.POST.get("looked", ""))
    if request.method == "POST" and "look" not in request.POST and (macro_id or not is_changed):
        looked_at = request.POST.get("looked_at", "")
        sent = bulk.answer(macro_id, text=given, ids=ids, looked_at=looked_at, by=request.actor)
        return redirect("desk:bulk", sent.pk)
    macro = bulk_answers.usable(macro_id, by=request.actor) if macro_id else None
    answer = _Written(given, is_changed="looked" in request.POST and "look" not in request.POST)
    if request.method == "POST":
        answer.read()
    return _page(request, ids, macro=macro, answer=answer)


@dataclass(slots=True)
class _Written:
    """What was typed; looked at once it can be sent. Nothing is sent that was not looked at as it is."""

    text: str
    is_changed: bool = False
    is_looking: bool = False
    trouble: str = ""

    def read(self) -> None:
        try:
            self.text = bulk_answers.written(self.text)
            self.is_looking = True
        except DomainError as refusal:
            self.trouble = str(refusal)


def _same(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _page(request: AgentRequest, ids: list[int], *, macro: Any, answer: _Written) -> HttpResponse:
    rows = visible_to(request.actor).filter(pk__in=ids[:MOST], merged_into=None).select_related("customer", "channel")
    found = list(rows.order_by("pk"))
    said, is_looking = macro.text if macro else answer.text, macro is not None or answer.is_looking
    context = {
        "macro": macro,
        "text": answer.text,
        "trouble": answer.trouble,
        "is_looking": is_looking,
        "is_changed": answer.is_changed,
        "variables": variables.NAMES,
        "longest": bulk_answers.LONGEST,
        "deeds": deed_words.told(macro.deeds, names=deed_words.Names()) if macro else [],
        "found": found,
        "ids": ",".join(str(row.pk) for row in found),
        "customers": len({row.customer_id for row in found}),
        "examples": [_example(request, row, said) for row in found[:SHOWN]] if is_looking else [],
        "looked_at": clock.now().isoformat(),
    }
    return render(request, "desk/bulk_answer.html", context, status=422 if answer.trouble else 200)


def _example(request: AgentRequest, row: Any, text: str) -> dict[str, Any]:
    try:
        body = bulk_answers.text_for(row, text, by=request.actor)
    except AnswerNotSent as refusal:
        return {"row": row, "refusal": str(refusal)}
    return {"row": row, "body": formatting.as_html(body)}
