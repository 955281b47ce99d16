"""What happens when a form is sent: is it a person, is it once, is it whole; then it is stored."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.channels.actions import submitting
from regulars.channels.errors import FormChanged
from regulars.channels.selectors.forms import Door
from regulars.channels.webform import tokens, work
from regulars.channels.webform.submissions import SentFile, Submission
from regulars.channels.webform.tokens import Token
from regulars.desk.actions.files import give_up
from regulars.kernel import clock, files
from regulars.kernel.errors import DomainError, NoRoom, saying_no_room
from regulars.web.desk.attachments import tidy_name
from regulars.web.forms import limits
from regulars.web.forms.asking import HONEYPOT, Asked

LONGEST_TYPE: Final = 100


class Refused(Exception):
    """A form that was not taken, and why, as its sender reads it. What was typed is shown again."""

    def __init__(self, words: str, *, status: int = 422, keeps_token: bool = False) -> None:
        super().__init__(words)
        self.words, self.status, self.keeps_token = words, status, keeps_token


def send(request: HttpRequest, door: Door, asked: Asked) -> None:
    """Store what was sent, or say why not (`Refused`); the very same sent twice is stored once."""
    token = tokens.read(request.POST.get("token", ""), channel_id=door.id)
    if request.POST.get(HONEYPOT):
        raise Refused(
            _("A field people do not see was filled in, by your browser perhaps. It is empty now: send it once more.")
        )
    if token is None:
        raise Refused(_("This page did not carry what it should. Nothing was lost; send it once more."))
    if not asked.is_valid():
        raise Refused(_("Something is missing or cannot be used; it is marked below."), keeps_token=True)
    has_work = work.is_done(token.nonce, request.POST.get("work", ""))
    _insist_on_time(token, has_work=has_work)
    _insist_on_patience(request, email=asked.cleaned_data["email"], has_work=has_work)
    try:
        with saying_no_room():
            _store(door, asked, token)
    except NoRoom as full:
        raise Refused(no_room(), status=full.status, keeps_token=True) from full
    except DomainError as refusal:  # it was switched off just now
        raise Refused(str(refusal), status=refusal.status, keeps_token=True) from refusal


def no_room() -> str:
    """What somebody reads when the disk is full, who cannot make room on it."""
    return _("There is no room on our side just now, so nothing was sent. Try again later, or without files.")


def _insist_on_time(token: Token, *, has_work: bool) -> None:
    judged = tokens.judge(token, has_work=has_work, at=clock.now())
    if judged == tokens.TOO_QUICK:
        raise Refused(
            _("That was quicker than people type. Wait a few seconds, then send it once more."), keeps_token=True
        )
    if judged == tokens.TOO_OLD:
        raise Refused(_("This page was open for more than a day. Look over what you wrote, then send it once more."))


def _insist_on_patience(request: HttpRequest, *, email: str, has_work: bool) -> None:
    is_too_often = limits.is_too_often(request, "form", key=email)
    if is_too_often or (not has_work and limits.is_too_often(request, "form_without_work")):
        raise Refused(
            _("There was much sent from here in a short time. Wait ten minutes, then send it once more."),
            status=429,
            keeps_token=True,
        )


def _store(door: Door, asked: Asked, token: Token) -> None:
    said = asked.cleaned_data
    with given_up_when_refused() as taken:
        sent = tuple(taken(each) for each in said.get("uploads", ()))
        _submit(door, asked, token, sent)


def _submit(door: Door, asked: Asked, token: Token, sent: tuple[SentFile, ...]) -> None:
    said = asked.cleaned_data
    submission = Submission(
        email=said["email"],
        name=said.get("name", ""),
        subject=said.get("subject", ""),
        message=said["message"],
        language=get_language() or "",
        answers=asked.answers(),
        files=sent,
    )
    try:
        submitting.submit(door.id, submission, token=token)
    except FormChanged as changed:
        raise Refused(
            _("You sent this form before, with other words; that arrived. To send this too, send it once more."),
            status=409,
        ) from changed


@contextmanager
def given_up_when_refused() -> Iterator[Callable[[UploadedFile], SentFile]]:
    """Keeps files on the disk; those of a form that is refused after all are swept away later."""
    taken: list[SentFile] = []

    def take(upload: UploadedFile) -> SentFile:
        taken.append(_kept(upload))
        return taken[-1]

    try:
        yield take
    except (Refused, DomainError):
        with suppress(DatabaseError):  # a full disk takes no job either: the monthly sweep finds them
            give_up(file.digest for file in taken)
        raise


def _kept(upload: UploadedFile) -> SentFile:
    """A file on the disk, named and typed harmlessly."""
    content = upload.read()
    kind = (upload.content_type or "").partition(";")[0].strip().lower()
    is_plain = kind.count("/") == 1 and kind.isascii() and kind.isprintable() and len(kind) <= LONGEST_TYPE
    return SentFile(
        files.store(content),
        tidy_name(upload.name or ""),
        kind if is_plain else "application/octet-stream",
        len(content),
    )
