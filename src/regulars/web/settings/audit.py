"""Who did what: a page, and the same as a file."""

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regulars.accounts import audit_verbs, selectors
from regulars.accounts.actions import audit
from regulars.kernel import clock
from regulars.kernel.spreadsheets import harmless
from regulars.web.access import requires
from regulars.web.customers.words import ActorNames
from regulars.web.middleware import AgentRequest
from regulars.web.settings import audit_words
from regulars.web.settings.forms import AuditFilterForm
from regulars.web.settings.places import pages

SHOWN = 50
MOST_OFFERED = 500
COLUMNS = ("at", "actor", "actor_name", "verb", "subject", "details", "address")


@require_safe
@requires("see_audit")
def show(request: AgentRequest) -> HttpResponse:
    """The newest acts that fit the filter, and a way to older ones."""
    colleagues = _colleagues()
    form = _filter(request, colleagues)
    entries = list(_entries(form, before=form.cleaned_data.get("before"))[: SHOWN + 1])
    older = _older(request.GET, entries[SHOWN - 1].pk) if len(entries) > SHOWN else ""
    context = {"tabs": pages(request), "form": form, "entries": _shown(entries[:SHOWN], colleagues), "older": older}
    return render(request, "settings/audit.html#rows" if request.htmx else "settings/audit.html", context)


@require_safe
@requires("see_audit")
def export(request: AgentRequest) -> StreamingHttpResponse:
    """Everything that fits the filter, as CSV that no spreadsheet runs; exporting is recorded too."""
    form = _filter(request, _colleagues())
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    audit.note(audit_verbs.AUDIT_EXPORTED, by=request.actor, details=chosen)
    answer = StreamingHttpResponse(_lines(form), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="who-did-what-{clock.now():%Y-%m-%d}.csv"'
    return answer


def _colleagues() -> dict[str, str]:
    """How the record names each agent, and how people do."""
    return {f"agent:{agent.pk}": str(agent) for agent in selectors.agents()[:MOST_OFFERED]}


def _filter(request: AgentRequest, colleagues: dict[str, str]) -> AuditFilterForm:
    """What the address asks for; what cannot be understood in it filters nothing."""
    form = AuditFilterForm(request.GET, agents=list(colleagues.items()))
    form.is_valid()
    return form


def _entries(form: AuditFilterForm, *, before: int | None = None) -> Any:
    found = selectors.audit_entries(verb=form.cleaned_data.get("verb", ""), actor=form.cleaned_data.get("agent", ""))
    return found.filter(pk__lt=before) if before else found


def _older(asked: QueryDict, last_id: int) -> str:
    query = asked.copy()
    query["before"] = str(last_id)
    return f"?{query.urlencode()}"


def _shown(entries: list[Any], colleagues: dict[str, str]) -> list[dict[str, Any]]:
    subjects, actor_name = audit_words.Subjects([entry.subject for entry in entries], colleagues), ActorNames()
    return [
        {
            "entry": entry,
            "who": entry.actor_name or colleagues.get(entry.actor) or actor_name(entry.actor),
            "act": audit_verbs.VERBS.get(entry.verb, entry.verb),
            "about": subjects.name(entry.subject, entry.details),
            "url": subjects.url(entry.subject),
            "details": audit_words.details(entry.details),
        }
        for entry in entries
    ]


class _Echo:
    def write(self, line: str) -> str:
        return line


def _lines(form: AuditFilterForm) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    for entry in _entries(form).iterator(chunk_size=2000):
        details = json.dumps(entry.details, ensure_ascii=False)
        row = (entry.at.isoformat(), entry.actor, entry.actor_name, entry.verb, entry.subject, details, entry.address)
        yield writer.writerow([harmless(cell) for cell in row])
