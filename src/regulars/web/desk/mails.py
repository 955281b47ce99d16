"""A mail as it was sent: sanitised, in a frame that belongs to nobody, without a word to other machines."""

from collections.abc import Iterable
from urllib.parse import unquote

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from regulars.channels.email.understanding.safe_html import has_remote_pictures, safe_html
from regulars.desk.errors import NoSuchFile, NoSuchMessage
from regulars.desk.selectors import side as sides
from regulars.desk.selectors import threads
from regulars.desk.selectors.side import SideFile
from regulars.desk.selectors.threads import Attachment, Message
from regulars.kernel.actors import Actor
from regulars.web.access import requires
from regulars.web.desk import attachments
from regulars.web.desk.shown import PICTURES
from regulars.web.middleware import AgentRequest

SALT = "desk.inline"
BESIDE = "beside"  # in the proof of a file of a side conversation
AN_HOUR = 3600
PAGE = (
    '<!doctype html><html><head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><style>'
    ":root{{color-scheme:light}}body{{margin:0;padding:2px 4px;font:15px/1.55 system-ui,sans-serif;color:#222;"
    "background:#fff;overflow-wrap:anywhere}}img{{max-width:100%;height:auto}}table{{max-width:100%}}"
    "pre{{white-space:pre-wrap}}blockquote{{margin:0 0 0 8px;padding-left:10px;border-left:2px solid #ccc}}"
    "</style></head><body>{inside}</body></html>"
)


@require_safe
@requires("answer")
@xframe_options_sameorigin
def show(request: AgentRequest, pk: int) -> HttpResponse:
    """The page inside the frame. Pictures on other machines are fetched only when the agent asked for it."""
    message = threads.message(pk, by=request.actor)
    return framed(request, message.html, pictures=_pictures(request, message))


def framed(request: AgentRequest, html: str, *, pictures: dict[str, str]) -> HttpResponse:
    """A stranger's HTML as a page that may do nothing; `pictures` that came with it by content id."""
    if not html:
        raise NoSuchMessage
    shows_remote = "pictures" in request.GET
    inside = safe_html(html, pictures=pictures, shows_remote=shows_remote)
    answer = HttpResponse(PAGE.format(inside=inside))
    answer["Content-Security-Policy"] = policy(request, shows_remote=shows_remote)
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def policy(request: HttpRequest, *, shows_remote: bool) -> str:
    """Nothing runs, nothing is sent, nothing is loaded but pictures; the frame has an origin of its own."""
    ours = request.build_absolute_uri(reverse("desk:inline", args=["x"])).rpartition("x")[0]
    pictures = f"data: {ours}" + (" https: http:" if shows_remote else "")
    return (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
        f"img-src {pictures}; style-src 'unsafe-inline'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    )


@require_safe
@login_not_required
def inline(request: HttpRequest, token: str) -> FileResponse:
    """A picture inside a mail. The frame sends no cookie, so its address itself is the proof, for an hour."""
    try:
        pk, agent_id, *where = signing.loads(token, salt=SALT, max_age=AN_HOUR)
    except (signing.BadSignature, ValueError, TypeError) as bad:
        raise NoSuchFile from bad
    by = Actor("agent", agent_id)
    file = sides.file(pk, by=by) if where == [BESIDE] else threads.attachment(pk, by=by)
    if file.type not in PICTURES:
        raise NoSuchFile
    answer = attachments.given(file, is_seen=True)
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def has_remote(message: Message) -> bool:
    """Whether pictures of a mail lie on other machines."""
    return has_remote_pictures(message.html)


def _pictures(request: AgentRequest, message: Message) -> dict[str, str]:
    """The address of each picture that came with the mail, by its content id."""
    files = threads.turns([message])[0].files
    return by_content_id(request, files)


def by_content_id(request: AgentRequest, files: Iterable[Attachment | SideFile]) -> dict[str, str]:
    """The address of each of these files that the HTML can show, by its content id."""
    return {unquote(file.content_id).strip("<>"): _address(request, file) for file in files if file.content_id}


def _address(request: AgentRequest, file: Attachment | SideFile) -> str:
    beside = [BESIDE] if isinstance(file, SideFile) else []
    token = signing.dumps([file.pk, request.actor.id, *beside], salt=SALT)
    return request.build_absolute_uri(reverse("desk:inline", args=[token]))
