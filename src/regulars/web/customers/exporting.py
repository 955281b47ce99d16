"""Everything that is kept about one customer, as a file they can be given."""

from django.http import StreamingHttpResponse
from django.views.decorators.http import require_POST

from regulars.customers.actions import exports
from regulars.web.access import requires
from regulars.web.middleware import AgentRequest


@require_POST
@requires("export_customer")
def create(request: AgentRequest, pk: int) -> StreamingHttpResponse:
    """A zip, sent while it is being put together."""
    export = exports.export(pk, by=request.actor)
    response = StreamingHttpResponse(export.parts, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{export.file_name}"'
    return response
