"""Which formats there are, each with what reads it."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from regulars.desk.moving import chatwoot, freshdesk, helpscout, intercom, mail_files, mails, own, zendesk
from regulars.desk.moving.forms import Archive, NotAnArchive

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


# Those that count their conversations account by account, so that number 12 of one is not that of another.
OLD_DESKS: Final = frozenset({"zendesk", "freshdesk", "intercom", "helpscout", "chatwoot"})
LONGEST_ACCOUNT: Final = 100


def opened(kind: str, path: Path, *, is_ours: IsOurs, account: str = "") -> Archive:
    """Look through an archive; raises NotAnArchive where there is nothing of this format.

    `account` is what the account it is from shall be called, whatever it says of itself.
    """
    if account and kind not in OLD_DESKS:
        raise NotAnArchive(f"An account is named for exports of {', '.join(sorted(OLD_DESKS))}, not for {kind}.")
    archive = FORMATS[kind](path, is_ours)
    return replace(archive, account=_account(archive, account)) if kind in OLD_DESKS else archive


def _account(archive: Archive, given: str) -> str:
    said = sorted({name for each in archive.accounts if (name := tidy(each))})
    if given:
        if not tidy(given):
            raise NotAnArchive(f"“{given}” can be no account's name: give it letters or digits.")
        return tidy(given)
    if len(said) > 1:
        raise NotAnArchive(
            f"It holds several accounts ({', '.join(said[:5])}), which count their conversations alike. Move each from "
            "a folder of its own, or, if they are one account under several names, give it one with --account NAME."
        )
    return next(iter(said), "")


def tidy(name: str) -> str:
    """The name as it stands in keys: small, and without what parts them."""
    return re.sub(r"[^\w.-]+", "-", name.strip().lower()).strip("-.")[:LONGEST_ACCOUNT]
