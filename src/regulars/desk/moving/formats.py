"""Which formats there are, each with what reads it."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from regulars.desk.moving import chatwoot, freshdesk, helpscout, intercom, mail_files, mails, own, zendesk
from regulars.desk.moving.forms import Archive

IsOurs = Callable[[str], bool]


def _mbox(path: Path, is_ours: IsOurs) -> Archive:
    return mails.archive(mail_files.mboxes(path), is_ours=is_ours)


def _maildir(path: Path, is_ours: IsOurs) -> Archive:
    return mails.archive(mail_files.maildirs(path), is_ours=is_ours)


FORMATS: Final[dict[str, Callable[[Path, IsOurs], Archive]]] = {
    "mbox": _mbox,
    "maildir": _maildir,
    "zendesk": zendesk.archive,
    "freshdesk": freshdesk.archive,
    "intercom": intercom.archive,
    "helpscout": helpscout.archive,
    "chatwoot": chatwoot.archive,
    "regulars": own.archive,
}


def opened(kind: str, path: Path, *, is_ours: IsOurs) -> Archive:
    """Look through an archive; raises NotAnArchive where there is nothing of this format."""
    return FORMATS[kind](path, is_ours)
