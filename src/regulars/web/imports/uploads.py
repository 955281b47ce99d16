"""Choosing a file: it goes to its place on disk as it arrives, and is never held in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from regulars.customers.importing import fields, imports, places, selectors
from regulars.kernel import files
from regulars.kernel.errors import DomainError, NoRoom
from regulars.web.access import requires
from regulars.web.imports.showing import KIND_WORDS, seen
from regulars.web.middleware import AgentRequest


class Arrived(UploadedFile):
    """A file in its place: only its digest and size are known here."""

    def __init__(self, name: str, digest: str, size: int) -> None:
        super().__init__(None, name, None, size)
        self.digest = digest


class ToItsPlace(FileUploadHandler):
    """Writes each piece of an upload on as it comes."""

    _arriving: places.Arriving | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._arriving = places.Arriving()
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self._arriving:
            with self._given_up_when_full(self._arriving):
                self._arriving.write(raw_data)

    def file_complete(self, file_size: int) -> Arrived | None:
        if self._arriving is None:
            return None
        with self._given_up_when_full(self._arriving):
            digest, size = self._arriving.keep()
        self._arriving = None
        return Arrived(self.file_name or "file", digest, size)

    @contextmanager
    def _given_up_when_full(self, arriving: places.Arriving) -> Iterator[None]:
        """Half a file would keep the disk full."""
        try:
            yield
        except OSError as fault:
            arriving.give_up()
            if files.is_full(fault):
                raise NoRoom from fault
            raise

    def upload_interrupted(self) -> None:
        if self._arriving:
            self._arriving.give_up()


# The token is checked by the inner view: checking reads the body, and the handler must be in place before.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@requires("import_files")
def index(request: AgentRequest) -> HttpResponseBase:
    """What was imported so far, and the form for another file."""
    if request.method == "POST":
        request.upload_handlers = [ToItsPlace(request)]
    return _index(request)


@csrf_protect
def _index(request: AgentRequest) -> HttpResponseBase:
    if request.method != "POST":
        return _page(request)
    kind = request.POST.get("kind", "")
    arrived = request.FILES.get("file")
    if not isinstance(arrived, Arrived) or kind not in fields.KINDS or not arrived.size:
        return _page(request, problem=_("Choose a file with something in it, and say what it holds."), status=422)
    imported = imports.begin(arrived.digest, size=arrived.size, name=arrived.name or "", kind=kind, by=request.actor)
    try:
        imports.look(imported)
    except DomainError as refusal:
        imports.discard(imported)
        return _page(request, problem=str(refusal), status=refusal.status)
    return redirect("imports:show", imported.pk)


def _page(request: AgentRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    history = [seen(imported) for imported in selectors.history()]
    kinds = [(kind, KIND_WORDS[kind]) for kind in fields.KINDS]
    context = {"history": history, "kinds": kinds, "chosen": request.POST.get("kind", "orders"), "problem": problem}
    return render(request, "imports/list.html", context, status=status)
