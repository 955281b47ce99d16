"""Settings, Export: have everything written into one file, see how far it is, download it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages as notices
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from regulars.desk.actions import exports
from regulars.desk.selectors import exports as there
from regulars.kernel import clock, page_settings
from regulars.kernel.errors import Invalid
from regulars.web.access import freshly_proven, requires
from regulars.web.middleware import AgentRequest
from regulars.web.settings.places import pages

STATES = {
    "asked": (gettext_lazy("Waits to begin"), ""),
    "running": (gettext_lazy("Being written"), "accent"),
    "ready": (gettext_lazy("Ready"), "good"),
    "failed": (gettext_lazy("Failed"), "bad"),
    "gone": (gettext_lazy("Thrown away"), ""),
}


@require_safe
@requires("export_bulk")
def show(request: AgentRequest) -> HttpResponse:
    """The form, and the exports there are; a page that waits asks again for the list alone."""
    context = {"tabs": pages(request), "exports": [_shown(one) for one in there.exports()]}
    return render(request, "settings/export.html#list" if request.htmx else "settings/export.html", context)


@require_http_methods(["POST"])
@requires("export_bulk")
@freshly_proven
def create(request: AgentRequest) -> HttpResponseBase:
    """Have one written; whoever asks has proved who they are."""
    exports.ask(
        by=request.actor,
        form=request.POST.get("form", ""),
        since=_since(request.POST.get("since", "")),
        with_files="files" in request.POST,
    )
    notices.success(request, _("It is being written. You get a mail when it is ready; you may leave this page."))
    return redirect("settings:export")


@require_safe
@requires("export_bulk")
def file(request: AgentRequest, pk: int) -> FileResponse:
    """The zip file, while it is kept."""
    path = exports.download(pk, by=request.actor)
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=f"regulars-{clock.now():%Y-%m-%d}.zip")
    answer["Cache-Control"] = "private, no-store"
    return answer


def _since(text: str) -> datetime | None:
    if not text.strip():
        return None
    try:
        day = parse_date(text.strip())
    except ValueError:
        day = None
    if day is None:
        raise Invalid(_("That is no date. Nothing was begun; choose one from the calendar, or leave it empty."))
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(page_settings.value("time_zone")))


def _shown(one: Any) -> dict[str, Any]:
    words, tone = STATES[one.state]
    left = None
    if one.state == "running" and one.started_at and one.progress > 0.02:
        left = (clock.now() - one.started_at).total_seconds() / one.progress * (1 - one.progress)
    return {"export": one, "state": words, "tone": tone, "percent": round(one.progress * 100), "seconds_left": left}
