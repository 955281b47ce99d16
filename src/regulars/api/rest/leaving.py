"""Everything taken out into one file, and figures that come by mail."""

from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpResponse
from ninja import Router

from regulars.accounts.actions.keys import EXPORT
from regulars.api.rest import answers
from regulars.api.rest.answers import Cursor, Limit, Page
from regulars.api.rest.doors import CallingRequest, Door, insist_on_an_agent
from regulars.api.rest.numbers import NotAsked
from regulars.api.rest.once import once
from regulars.api.rest.shapes import Id
from regulars.api.rest.shapes import bulks as shapes
from regulars.api.rest.shapes.conversations import PRIORITIES
from regulars.desk.actions import exports
from regulars.desk.errors import NoSuchExport
from regulars.desk.selectors import exports as there
from regulars.desk.selectors.numbers import BY
from regulars.insights import reporting

router = Router(tags=["exports"])
reports = Router(tags=["numbers"])
ALL = Door("export_bulk", (EXPORT,))
PAGE = "numbers"


@router.get("/exports", response=Page[shapes.Export], auth=ALL, operation_id="exports.list")
def index(request: CallingRequest, limit: Limit = 50, cursor: Cursor = "") -> HttpResponse:
    """Exports that were asked for, the newest first; the last 20."""
    return answers.one(request, answers.listed(there.exports(), _export, limit=limit, after=cursor))


@router.post("/exports", response={202: shapes.Export}, auth=ALL, operation_id="exports.ask")
def ask(request: CallingRequest, new: shapes.NewExport) -> HttpResponse:
    """Have everything written into one file, which is kept for three days; one at a time. It is on record.

    It needs a key that stands for an agent who may export everything.
    """
    insist_on_an_agent(request)
    pk = once(request, lambda: exports.ask(
        by=request.actor, form=new.form, since=new.since, with_files=new.has_files
    ).pk)  # fmt: skip
    return answers.one(request, _export(_held(pk)), status=202, location=f"/api/v1/exports/{pk}")


@router.get("/exports/{export_id}", response=shapes.Export, auth=ALL, operation_id="exports.read")
def read(request: CallingRequest, export_id: Id) -> HttpResponse:
    """How far one is."""
    return answers.one(request, _export(_held(export_id)))


@router.get(
    "/exports/{export_id}/file", auth=ALL, operation_id="exports.download",
    openapi_extra={
        "responses": {
            200: {
                "description": "The zip file; see move-out.md.",
                "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)  # fmt: skip
def download(request: CallingRequest, export_id: Id) -> FileResponse:
    """The zip file, while it is kept. That it was taken is on record."""
    insist_on_an_agent(request)
    path = exports.download(export_id, by=request.actor)
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=f"regulars-{export_id}.zip")
    answer["Cache-Control"] = "private, no-store"
    return answer


@reports.get("/reports", response=Page[shapes.Report], operation_id="reports.list")
def wished(request: CallingRequest, limit: Limit = 50, cursor: Cursor = "") -> HttpResponse:
    """The figures that go to the key's agent by mail, the oldest wish first."""
    rows = reporting.wished_by(_agent_id(request), page=PAGE)
    return answers.one(request, answers.listed(rows, shapes.Report.of, limit=limit, after=cursor))


@reports.post("/reports", response={201: shapes.Report}, operation_id="reports.create")
def wish(request: CallingRequest, new: shapes.NewReport) -> HttpResponse:
    """Have figures mailed to the key's agent: every morning, on Mondays, or on the first of a month."""
    insist_on_an_agent(request)
    pk = once(request, lambda: reporting.wish(PAGE, _question(new), every=new.every, by=request.actor).pk)
    row = next(row for row in reporting.wished_by(_agent_id(request), page=PAGE) if row.pk == pk)
    return answers.one(request, shapes.Report.of(row), status=201, location="/api/v1/reports")


@reports.delete("/reports/{report_id}", response={204: None}, operation_id="reports.stop")
def stop(request: CallingRequest, report_id: Id) -> HttpResponse:
    """Have them mailed no more; only whom they go to may say so."""
    insist_on_an_agent(request)
    reporting.stop(report_id, by=request.actor)
    return HttpResponse(status=204)


def _question(new: shapes.NewReport) -> str:
    """The address of the page behind the question mark."""
    if (new.by and new.by not in BY) or (new.last is None and new.since is None):
        raise NotAsked
    said = {
        "last": "own" if new.last is None else new.last, "since": new.since if new.last is None else None,
        "by": new.by or None, "step": new.step or None, "time": new.time, "agent": new.agent_id, "team": new.team_id,
        "channel": new.channel_id, "priority": PRIORITIES[new.priority] if new.priority else None,
        "label": new.label, "customer_label": new.customer_label,
    }  # fmt: skip
    return urlencode({name: value for name, value in said.items() if value is not None})


def _agent_id(request: CallingRequest) -> int:
    return (request.actor.id or 0) if request.actor.kind == "agent" else 0


def _held(pk: int) -> Any:
    found = there.export(pk)
    if found is None:
        raise NoSuchExport
    return found


def _export(row: Any) -> shapes.Export:
    return shapes.Export(
        id=row.pk, state=row.state, progress=row.progress, form=row.form, since=row.since, has_files=row.with_files,
        asked_at=row.asked_at, ended_at=row.ended_at, expires_at=row.expires_at, size=row.size, trouble=row.trouble,
    )  # fmt: skip
