"""One import: its columns, what it would do, how far it is, its report."""

from zoneinfo import available_timezones

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from regulars.customers.importing import imports, places, selectors
from regulars.customers.importing.errors import CannotMap, NoSuchImport, NotWaiting
from regulars.kernel import page_settings
from regulars.kernel.currencies import CURRENCIES
from regulars.kernel.errors import Invalid
from regulars.web.access import requires
from regulars.web.imports import showing
from regulars.web.middleware import AgentRequest

LONGEST_FACT_NAME = 200


@never_cache
@require_safe
@requires("import_files")
def show(request: AgentRequest, pk: int) -> HttpResponse:
    """Whatever the import needs now."""
    return _page(request, pk)


@never_cache
@require_safe
@requires("import_files")
def progress(request: AgentRequest, pk: int) -> HttpResponse:
    """The bar alone, asked for every second; the whole page once there is something else to see."""
    seen = showing.seen(selectors.imported(pk))
    if not seen.is_moving or request.GET.get("state") != seen.imported.state:
        return HttpResponseClientRefresh()
    return render(request, "imports/show.html#bar", {"seen": seen})


@require_POST
@requires("import_files")
def check(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Have the file read as said, to see what importing it would do."""
    imported = selectors.imported(pk)
    names = [column[0] for column in imported.found.get("guess", {}).get("columns", [])]
    columns = {name: request.POST.get(f"column-{place}", "") for place, name in enumerate(names)}
    try:
        imports.check_later(
            imported,
            columns,
            zone=_zone(request),
            currency=_currency(request),
            date_order=_one_of(request, "date_order", ("ymd", "dmy", "mdy")),
            decimal_mark=_one_of(request, "decimal_mark", ("point", "comma")),
            fact_name=request.POST.get("fact_name", "").strip()[:LONGEST_FACT_NAME],
        )
    except (CannotMap, Invalid) as refusal:
        return _page(request, pk, problem=str(refusal), columns=columns, status=422)
    except NotWaiting:
        messages.info(request, _("This import has been started already."))
    return redirect("imports:show", pk)


@require_POST
@requires("import_files")
def run(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Start, or go on after a failure or a stop; a second click finds it started."""
    try:
        imports.start_later(selectors.imported(pk), by=request.actor)
    except NotWaiting:
        messages.info(request, _("This import has been started already."))
    return redirect("imports:show", pk)


@require_POST
@requires("import_files")
def cancel(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Stop at once; what stands stays, and the page says what that is."""
    try:
        stopped = imports.cancel(pk, by=request.actor)
    except NotWaiting:
        messages.info(request, _("It had ended before it could be stopped."))
        return redirect("imports:show", pk)
    if stopped.started_at is None:
        messages.success(request, _("Given up. Nothing was imported."))
    return redirect("imports:show", pk)


@never_cache
@require_safe
@requires("import_files")
def rejected(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Every row that was not imported, as a file."""
    path = places.report_of(selectors.imported(pk).pk)
    if not path.exists():
        raise NoSuchImport(_("The report is not here any more: reports are kept for thirty days."))
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"import-{pk}-rejected.csv")


def _page(
    request: AgentRequest, pk: int, *, problem: str = "", columns: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    imported = selectors.imported(pk)
    if columns:
        imported.plan = {**imported.plan, "columns": columns}
    is_asking = imported.state == "waiting" or (imported.state == "ready" and "columns" in request.GET)
    company = page_settings.values("time_zone", "currency")
    context = {
        "seen": showing.seen(imported),
        "is_asking": is_asking,
        "columns": showing.columns(imported) if is_asking else [],
        "targets": showing.targets(imported.kind) if is_asking else [],
        "question": imported.found.get("question", {}).get("option", ""),
        "zone": imported.plan.get("zone") or company["time_zone"],
        "currency": imported.plan.get("currency") or company["currency"],
        "zones": sorted(available_timezones()) if is_asking else [],
        "currencies": sorted(CURRENCIES) if is_asking else [],
        "span": showing.span(imported),
        "totals": showing.totals(imported),
        "problem": problem or imported.problem,
        "unread": imported.found.get("guess", {}).get("unread", []),
        "others": selectors.of_the_same_file(imported) if is_asking or imported.state == "ready" else [],
    }
    return render(request, "imports/show.html", context, status=status)


def _zone(request: AgentRequest) -> str:
    zone = request.POST.get("zone", "").strip()
    if zone not in available_timezones():
        raise Invalid(_("“%(zone)s” is not a time zone. Write one such as Europe/Berlin.") % {"zone": zone[:60]})
    return zone


def _currency(request: AgentRequest) -> str:
    code = request.POST.get("currency", "").strip().upper()
    if code not in CURRENCIES:
        raise Invalid(_("“%(code)s” is not a currency. Write its three letters, such as EUR.") % {"code": code[:20]})
    return code


def _one_of(request: AgentRequest, name: str, choices: tuple[str, ...]) -> str:
    said = request.POST.get(name, "")
    return said if said in choices else ""
