"""The round trip itself: what is set, does it leave, does it come back, and what do others think of it."""

import secrets
from collections.abc import Iterator
from email.utils import format_datetime

from django.utils.translation import gettext as _

from regulars.channels.actions import signing_in
from regulars.channels.email import imap
from regulars.channels.email.oauth.asking import NotGiven
from regulars.channels.email.out import addresses, handing, headers, signing
from regulars.channels.email.out.composing import Parcel
from regulars.channels.email.out.servers import way_out
from regulars.channels.email.round_trip import names, seals
from regulars.channels.email.round_trip.findings import Finding
from regulars.channels.email.round_trip.waiting import Came, Place
from regulars.channels.email.understanding.automatic import LOOP_HEADER
from regulars.channels.models import Channel
from regulars.kernel import clock
from regulars.kernel.errors import DomainError
from regulars.kernel.said import shown


def run(channel: Channel, *, wait_seconds: float, ask: names.Ask = names.texts) -> Iterator[Finding]:
    """Send a mail from the channel to itself and tell, one by one, what was found."""
    try:
        place = Place(channel, since=clock.now())
        place.look_before()
    except (imap.Trouble, NotGiven) as trouble:
        yield Finding(False, str(trouble))
        return
    token = f"test.{secrets.token_hex(12)}"
    sent = _send(channel, token)
    yield sent
    if sent.is_well:
        yield from _comes_back(place, token, wait_seconds)
    domain = addresses.ascii_domain(channel.address).rpartition("@")[2]
    signs = str(channel.settings.get("dkim_domain") or "")
    yield from names.of(domain, selector=str(channel.settings.get("dkim_selector") or ""), signs=signs, ask=ask)


def _send(channel: Channel, token: str) -> Finding:
    try:
        secret = signing_in.secrets_for(channel)
        way = way_out(channel.settings, secret)
        parcel = signing.signed(_parcel(channel, token), channel.settings, secret)
    except (DomainError, NotGiven) as refusal:
        return Finding(False, str(refusal))
    outcome = handing.hand_over(parcel, way=way)
    where = {"through": handing.name_of(way), "words": shown(outcome.words)}
    if outcome.state == "sent":
        return Finding(True, _("A mail left through %(through)s.") % where)
    if outcome.state == "unknown":
        return Finding(False, _("Nobody knows whether the mail left through %(through)s: %(words)s") % where)
    return Finding(False, _("The mail did not leave through %(through)s: %(words)s") % where)


def _parcel(channel: Channel, token: str) -> Parcel:
    own = addresses.named("", channel.address)
    mail = headers.new_message()
    mail["From"], mail["To"] = own, own
    mail["Subject"] = f"Regulars: does mail go round? ({token})"
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{token}@{own.domain}>"
    mail["Auto-Submitted"], mail[LOOP_HEADER.title()] = "auto-generated", "yes"
    mail.set_content(_("This mail was sent by `regulars mail test` and can be thrown away.") + "\n")
    needs_utf8 = addresses.needs_utf8([own.addr_spec])
    raw = mail.as_bytes(policy=headers.INTERNATIONAL if needs_utf8 else headers.PLAIN)
    return Parcel(raw=raw, sender=own.addr_spec, recipients=(own.addr_spec,), needs_utf8=needs_utf8)


def _comes_back(place: Place, token: str, seconds: float) -> Iterator[Finding]:
    began = clock.now()
    try:
        came = place.wait(token, seconds=seconds)
    except imap.Trouble as trouble:
        yield Finding(False, str(trouble))
        return
    if came is None:
        words = _("It did not come back within %(seconds)s seconds. It may be late, or lie in another folder.")
        yield Finding(False, words % {"seconds": f"{seconds:g}"})
        return
    yield _where(place, came, seconds=(clock.now() - began).total_seconds())
    if came.raw:
        yield from seals.of(came.raw)


def _where(place: Place, came: Came, *, seconds: float) -> Finding:
    said = {"seconds": f"{seconds:.0f}", "folder": came.folder}
    if place.server is not None and came.folder != place.server.folder:
        return Finding(False, _("It came back after %(seconds)s seconds, but as unwanted mail, in %(folder)s.") % said)
    return Finding(True, _("It came back after %(seconds)s seconds.") % said)
