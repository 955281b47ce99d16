"""What mail services bring and tell: stored before they hear yes, each mail once."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models.functions import Coalesce, Now

from regulars.channels.actions import incoming, mail_doors, setting_up, suppression
from regulars.channels.actions.incoming import Came
from regulars.channels.email.providers import PROVIDERS, doors, reading
from regulars.channels.email.providers.reading import Told
from regulars.channels.errors import MailIsElsewhere, NoSuchChannel, NotSettledYet, NotTheirCall
from regulars.channels.events import DeliveryReturned
from regulars.channels.models import Channel, Delivery
from regulars.customers import normalise
from regulars.kernel.events import publish
from regulars.kernel.said import phrase as gettext
from regulars.kernel.said import plain

BRINGS, TELLS = "in_provider", "out_provider"  # the settings that name the service


def let_in(token: str, provider: str, setting: str) -> Channel:
    """The channel an address names; whoever has not the whole of it learns nothing, not even that it is there."""
    number = doors.channel_named(token)
    channel = Channel.objects.filter(pk=number, archived_at=None, kind=Channel.EMAIL).first() if number else None
    if channel is None or not doors.is_right(token, channel_id=channel.pk, channel=channel.settings):
        raise NoSuchChannel
    known = PROVIDERS.get(provider)
    if known is None or not (
        known.tells_of(channel.settings) if setting == TELLS else channel.settings.get(setting) == provider
    ):
        raise NoSuchChannel
    return channel


def bring(token: str, provider: str, request: Any) -> int:
    """Store the mails of a call and return how many are new; when this returns they are kept."""
    channel = let_in(token, provider, BRINGS)
    try:
        brought = reading.mails(request, provider=provider, secret=setting_up.secrets_of(channel))
    except reading.views.NotTheirs as refusal:
        _say(channel, gettext("A call to this mailbox's address was not signed with the key that is set here."))
        raise NotTheirCall from refusal
    except reading.NotHere as elsewhere:
        _say(channel, elsewhere.words)
        raise MailIsElsewhere from elsewhere
    came = [
        Came(
            channel_id=channel.pk,
            raw=one.raw,
            source_key=f"{provider}:{one.number}",
            envelope={"from": one.sender, "to": one.recipients, "by": provider},
        )
        for one in brought
    ]
    stored = incoming.store_all(came) if came else []
    mail_doors.worked([channel.pk])
    return len(stored)


def hear(token: str, provider: str, request: Any) -> int:
    """Put down what a service tells of mail it carried for a channel; returns how much of it was news."""
    channel = let_in(token, provider, TELLS)
    try:
        told = reading.news(request, provider=provider, secret=setting_up.secrets_of(channel))
    except reading.views.NotTheirs as refusal:
        raise NotTheirCall from refusal
    return came_back(channel, told)


@transaction.atomic
def came_back(channel: Channel, told: Sequence[Told]) -> int:
    """Mail that was sent did not arrive: each delivery failed, once, and its dead address gets nothing more."""
    return sum(_returned(channel, one) for one in told)


def _returned(channel: Channel, one: Told) -> bool:
    address = normalise.email(one.recipient) or one.recipient.strip().lower()
    delivery = _delivery(channel, one)
    if delivery is None or address not in _written_to(delivery):
        return False
    if delivery.state == Delivery.CLAIMED:
        raise NotSettledYet
    words = plain(f"{one.recipient}: {one.words}")
    if one.is_permanent:
        suppression.suppress(address, reason=words, about=delivery.about)
    if delivery.state not in (Delivery.SENT, Delivery.UNKNOWN):
        return False
    delivery.state, delivery.trouble = Delivery.FAILED, words
    delivery.save(update_fields=["state", "trouble"])
    publish(DeliveryReturned(delivery_id=delivery.pk, about=delivery.about, trouble=words))
    return True


def _delivery(channel: Channel, one: Told) -> Delivery | None:
    """By the name we gave it, else by its Message-ID."""
    names = [name for name in (one.about, one.message_id) if name]
    rows = Delivery.objects.select_for_update().filter(channel=channel, external_id__in=names)
    return rows.exclude(external_id="").order_by("-pk").first()


def _written_to(delivery: Delivery) -> set[str]:
    letter = delivery.letter
    said = [one["address"] for role in ("to", "cc", "bcc") for one in letter.get(role) or []]
    return {normalise.email(address) or address.strip().lower() for address in said}


def _say(channel: Channel, words: str) -> None:
    Channel.objects.filter(pk=channel.pk).update(trouble=words, trouble_at=Coalesce("trouble_at", Now()))
