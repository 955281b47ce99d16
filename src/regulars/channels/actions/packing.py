"""Packing a delivery: its letter becomes a mail ready to be carried, or it is said why it cannot."""

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from pathlib import Path

import structlog
from django.conf import settings

from regulars.channels.actions import setting_up, signing_in
from regulars.channels.email.oauth.asking import NotGiven
from regulars.channels.email.out import composing, signing
from regulars.channels.email.out.composing import Parcel
from regulars.channels.email.out.outcomes import Outcome
from regulars.channels.email.out.rewriting import rewrites_ids
from regulars.channels.email.out.servers import Way, way_out
from regulars.channels.email.out.wishes import Wishes
from regulars.channels.letters import Letter
from regulars.channels.models import Channel
from regulars.channels.selectors import suppressed
from regulars.kernel import files
from regulars.kernel.errors import DomainError, may_pass
from regulars.kernel.said import phrase as gettext
from regulars.kernel.said import refusal_of

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A mail, the way it goes, and who of those it was written to gets nothing, and why."""

    parcel: Parcel
    way: Way
    left_out: str


def pack(letter: Letter, channel: Channel, *, company: str, at: datetime) -> Packed | Outcome:
    """Write the mail, or say what became of it instead; nothing is raised, and nothing has left.

    Trouble of the house passes (`later`); what is wrong with the mail or its channel is a person's to mend (`failed`).
    """
    try:
        return _packed(letter, channel, company=company, at=at)
    except NotGiven as refusal:
        return Outcome(state="later", words=refusal.words, is_channels=True)
    except Exception as fault:
        return Outcome(state="later" if may_pass(fault) else "failed", words=why_not(fault, letter=letter))


def why_not(fault: Exception, *, letter: Letter | None = None) -> str:
    """Why a mail could not be written: what happened, what was kept, what to do. A fault of ours is logged."""
    if isinstance(fault, DomainError):
        return refusal_of(fault)
    if isinstance(fault, FileNotFoundError):
        words = gettext(
            "The attached file “%(file)s” is missing on the server. Your text is kept here: write a new answer with "
            "the file attached, or have the file brought back from a backup and try again."
        )
        return words % {"file": _name_of(fault, letter)}
    if may_pass(fault):
        words = gettext("Something on the server kept this mail from being written (%(fault)s)")
        return words % {"fault": getattr(fault, "strerror", None) or type(fault).__name__}
    log.error("a mail could not be written", exc_info=fault)
    words = gettext(
        "This mail could not be written (%(fault)s). Your text is kept here: try again, or send it as a new answer. "
        "If that fails too, please report it."
    )
    return words % {"fault": type(fault).__name__}


def wishes_of(channel: Channel, company: str) -> Wishes:
    """What a channel without an address of its own sends goes out under the installation's, and answers go there."""
    wishes = Wishes.of(channel.settings, address=channel.address or settings.DEFAULT_FROM_EMAIL, company=company)
    if channel.address:
        return wishes
    return replace(wishes, has_plus_addresses=False, marks_texts=False, numbers_subjects=False)


def _packed(letter: Letter, channel: Channel, *, company: str, at: datetime) -> Packed | Outcome:
    wanted, left_out = _without_suppressed(letter)
    if wanted is None:
        return Outcome(state="failed", words=left_out)
    wishes, secret = wishes_of(channel, company), _secrets(channel)
    way = way_out(channel.settings, secret)
    if channel.address and rewrites_ids(way):
        wishes = replace(wishes, marks_texts=True)
    parcel = composing.compose(wanted, wishes, at=at, read=files.read)
    return Packed(parcel=signing.signed(parcel, channel.settings, secret), way=way, left_out=left_out)


def _secrets(channel: Channel) -> dict[str, str]:
    """With tokens that hold, where the channel signs in to a mail server by them."""
    is_signed_in_to = channel.settings.get("smtp_host") and not channel.settings.get("out_provider")
    return signing_in.secrets_for(channel) if is_signed_in_to else setting_up.secrets_of(channel)


def _without_suppressed(letter: Letter) -> tuple[Letter | None, str]:
    """The letter for those who may get it, None when that is nobody; and who gets nothing, and why."""
    everybody = [one["address"] for one in chain(letter.to, letter.cc, letter.bcc)]
    reasons = suppressed.reasons(everybody)
    if not reasons:
        return letter, ""
    words = gettext("%(address)s refused mail before, so nothing was sent there: %(reason)s")
    said = "; ".join(words % {"address": one, "reason": reason} for one, reason in reasons.items())
    to, cc, bcc = (
        [one for one in line if one["address"] not in reasons] for line in (letter.to, letter.cc, letter.bcc)
    )
    return (replace(letter, to=to, cc=cc, bcc=bcc) if to or cc or bcc else None), said


def _name_of(fault: FileNotFoundError, letter: Letter | None) -> str:
    """What its sender called the file whose bytes are not there."""
    digest = Path(str(fault.filename or "")).name
    return next((one.name for one in letter.enclosures if one.digest == digest), "?") if letter else "?"
