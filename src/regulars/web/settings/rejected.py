"""What programs sent that could not be used, so that somebody can mend the program."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regulars.accounts import selectors
from regulars.customers.tracking import rejected
from regulars.web.access import requires
from regulars.web.middleware import AgentRequest
from regulars.web.settings.forms import RejectedFilterForm
from regulars.web.settings.places import pages

MOST_READ = 1_000
MOST_SHOWN = 100
MOST_KEYS = 500


@dataclass(slots=True)
class Fault:
    """One thing that is wrong with what one program sends: how often of late, and the newest of its messages."""

    key_name: str
    reason: str
    call: str
    event: str
    last_at: datetime
    message_id: str
    count: int = 0


@require_safe
@requires("manage_keys")
def show(request: AgentRequest) -> HttpResponse:
    """Alike rejections as one line, the newest first; of one key where the address says so."""
    names = {key.source.pk: key.source.name for key in selectors.keys()[:MOST_KEYS]}
    form = RejectedFilterForm(request.GET, keys=list(names.items()))
    form.is_valid()
    source_id = form.cleaned_data.get("key")
    rows = list(rejected.latest(source_id=source_id, limit=MOST_READ))
    context = {
        "tabs": pages(request),
        "form": form,
        "faults": _faults(rows, names)[:MOST_SHOWN],
        "n": len(rows),
        "is_all": len(rows) < MOST_READ,
        "days": rejected.KEPT_FOR.days,
        "is_filtered": source_id is not None,
    }
    return render(request, "settings/rejected.html", context)


def _faults(rows: Iterable[Any], names: dict[int, str]) -> list[Fault]:
    """One broken program makes thousands of rejections and one fault; the rows come newest first."""
    found: dict[tuple[object, ...], Fault] = {}
    for row in rows:
        alike = (row.source_id, row.code, row.reason, row.kind, row.event)
        name = names.get(row.source_id, str(row.source_id))
        fault = found.setdefault(alike, Fault(name, row.reason, row.kind, row.event, row.at, row.message_id))
        fault.count += 1
    return list(found.values())
