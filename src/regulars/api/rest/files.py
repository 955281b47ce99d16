"""Files: taken in before the message they belong to, given out to whoever may see its conversation."""

from typing import Annotated, Any

from django.core import signing
from django.http import FileResponse, HttpResponse
from ninja import Router
from pydantic import Field

from regulars.api.rest import answers
from regulars.api.rest.doors import CallingRequest
from regulars.api.rest.shapes import Id
from regulars.api.rest.shapes.conversations import Upload
from regulars.desk import uploads
from regulars.desk.actions.messages import File
from regulars.desk.errors import NoSuchFile
from regulars.desk.selectors import threads
from regulars.kernel import files
from regulars.kernel.errors import DomainError, Invalid

router = Router(tags=["files"])
SALT = "api.upload"
USABLE_SECONDS = 24 * 3600
Name = Annotated[str, Field(min_length=1, max_length=500, description="What the file is called.")]

ANY_BYTES = {"*/*": {"schema": {"type": "string", "format": "binary"}}}


class FileTooBig(DomainError):
    """A file can be at most 25 MB. Nothing was kept."""

    status = 413


class NothingInIt(Invalid):
    """The file is empty: send its bytes as the body. Nothing was kept."""


class NotTakenIn(Invalid):
    """One of these files was not taken in with this key, or over a day ago. Upload it again; nothing was sent."""


@router.post(
    "/files", response={201: Upload}, operation_id="files.upload",
    openapi_extra={"requestBody": {"required": True, "content": ANY_BYTES}},
)  # fmt: skip
def upload(request: CallingRequest, name: Name) -> HttpResponse:
    """Take in a file: its bytes are the body, its type the Content-Type; at most 25 MB.

    The same bytes again are the same file, so repeating this call is harmless.
    """
    content = request.read(uploads.LARGEST + 1)
    if len(content) > uploads.LARGEST:
        raise FileTooBig
    if not content:
        raise NothingInIt
    kept = uploads.keep(content, name=name.replace("\x00", ""), said_type=request.content_type or "")
    shown = Upload(id=_sealed(request, kept), name=kept.name, type=kept.type, size=kept.size)
    return answers.one(request, shown, status=201)


@router.get(
    "/files/{file_id}", operation_id="files.download",
    openapi_extra={"responses": {200: {"description": "The bytes of the file.", "content": ANY_BYTES}}},
)  # fmt: skip
def download(request: CallingRequest, file_id: Id) -> FileResponse:
    """The bytes of a file of a message, always to be saved and never to be shown in place."""
    return given_out(threads.attachment(file_id, by=request.actor))


def given_out(file: Any) -> FileResponse:
    """The bytes, so that nothing makes more of them than they are."""
    try:
        content = files.path(file.digest).open("rb")
    except (FileNotFoundError, ValueError) as missing:
        raise NoSuchFile from missing
    kind = uploads.plain_type(file.type)
    answer = FileResponse(content, as_attachment=True, filename=uploads.tidy_name(file.name), content_type=kind)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = uploads.POLICY
    answer["Cache-Control"] = "private, max-age=86400"
    return answer


def taken_in(request: CallingRequest, upload_ids: list[str]) -> list[File]:
    """The files behind the ids this key was given."""
    return [_unsealed(request, one) for one in upload_ids]


def _sealed(request: CallingRequest, file: File) -> str:
    return signing.dumps([request.key.id, file.digest, file.name, file.type, file.size], salt=SALT, compress=True)


def _unsealed(request: CallingRequest, upload_id: str) -> File:
    try:
        key_id, *kept = signing.loads(upload_id, salt=SALT, max_age=USABLE_SECONDS)
    except signing.BadSignature as bad:
        raise NotTakenIn from bad
    if key_id != request.key.id or not files.path(kept[0]).exists():
        raise NotTakenIn
    return File(*kept)
