"""Files of messages: taken in while one writes, and given out to whoever may see the conversation."""

import json
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from regulars.desk import uploads
from regulars.desk.actions.messages import File
from regulars.desk.errors import NoSuchFile
from regulars.desk.selectors import threads
from regulars.desk.selectors.side import SideFile
from regulars.desk.uploads import LARGEST, MOST, POLICY, tidy_name
from regulars.kernel import files
from regulars.kernel.errors import Invalid
from regulars.kernel.pictures import small
from regulars.web.access import requires
from regulars.web.desk.shown import PICTURES
from regulars.web.middleware import AgentRequest

SALT = "desk.attachment"


@require_POST
@requires("answer")
def create(request: AgentRequest, pk: int) -> HttpResponse:
    """Keep what was dropped, pasted or chosen, and answer with a line for each to hang on the message."""
    threads.shown(pk, by=request.actor)
    return begin(request)


@require_POST
@requires("answer")
def begin(request: AgentRequest) -> HttpResponse:
    """The same where there is no conversation yet."""
    return render(request, "desk/files.html", {"files": hung(request, take_in(request))})


@require_safe
@requires("answer")
def show(request: AgentRequest, pk: int) -> FileResponse:
    """Give a file out: to be saved, or, when it is a picture and asked for so, to be seen, whole or small."""
    return answer(request, threads.attachment(pk, by=request.actor))


def answer(request: HttpRequest, file: threads.Attachment | SideFile) -> FileResponse:
    """A file that was fetched through permission, as it is asked for."""
    is_picture = file.type in PICTURES
    if is_picture and "small" in request.GET and (place := small.of(file.digest)):
        return _safe(FileResponse(place.open("rb"), content_type=small.TYPE))
    return given(file, is_seen=is_picture and ("seen" in request.GET or "small" in request.GET))


def given(file: threads.Attachment | SideFile, *, is_seen: bool) -> FileResponse:
    """The bytes, so that no browser makes more of them than they are."""
    try:
        content = files.path(file.digest).open("rb")
    except (FileNotFoundError, ValueError) as missing:
        raise NoSuchFile from missing
    kind = file.type if file.type in PICTURES else "application/octet-stream"
    return _safe(FileResponse(content, as_attachment=not is_seen, filename=tidy_name(file.name), content_type=kind))


def _safe(answer: FileResponse) -> FileResponse:
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = POLICY
    answer["Cache-Control"] = "private, max-age=86400"
    return answer


def take_in(request: AgentRequest, field: str = "upload") -> list[File]:
    """Store the files that came with a form; too large ones are refused before anything is kept."""
    handed = [each for each in request.FILES.getlist(field) if each.name]
    if any((each.size or 0) > LARGEST for each in handed) or len(handed) > MOST:
        raise Invalid(_("A file can be at most 25 MB, and %(most)d at once. Nothing was attached.") % {"most": MOST})
    return [_stored(each) for each in handed]


def of_form(request: AgentRequest) -> list[File]:
    """What hangs on the message that is sent: what was taken in while it was written, and what came with it."""
    hung_already = [_unsealed(token, agent_id=request.actor.id) for token in request.POST.getlist("file")]
    return [*hung_already, *take_in(request)]


def hung(request: AgentRequest, given_files: list[File] | list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Files as the form shows them, each with a seal: nobody can hang a file they do not hold on a message."""
    plain = [one if isinstance(one, dict) else as_json(one) for one in given_files]
    return [{**one, "seal": signing.dumps([request.actor.id, json.dumps(one)], salt=SALT)} for one in plain]


def as_json(file: File) -> dict[str, Any]:
    """A file as a draft keeps it."""
    return {"digest": file.digest, "name": file.name, "type": file.type, "size": file.size}


def _stored(upload: UploadedFile) -> File:
    return uploads.keep(upload.read(), name=upload.name or "", said_type=upload.content_type or "")


def _unsealed(token: str, *, agent_id: int | None) -> File:
    try:
        owner, stored = signing.loads(token, salt=SALT, max_age=30 * 24 * 3600)
    except signing.BadSignature as bad:
        raise Invalid(_("One of the files cannot be attached any more: take it off and attach it again.")) from bad
    if owner != agent_id:
        raise Invalid(_("One of the files cannot be attached any more: take it off and attach it again."))
    return File(**json.loads(stored))
