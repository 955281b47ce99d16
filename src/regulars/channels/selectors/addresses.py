"""Which addresses are ours."""

from regulars.channels.email import marks
from regulars.channels.models import Channel


def own() -> dict[str, int]:
    """Every address customers write or wrote to, in lower case, with its channel; the present one's first."""
    rows = Channel.objects.exclude(address="").order_by("-archived_at", "-pk").values_list("address", "pk")
    return {address.lower(): channel_id for address, channel_id in rows}


def plain(address: str) -> str:
    """An address as it is compared: in lower case, without a mark of ours or any other tag after a plus sign."""
    local, at, domain = marks.bare_address(address).lower().rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}" if local else address.lower()


def is_own(address: str, own: dict[str, int]) -> bool:
    """Whether mail from or to this address is from or to ourselves."""
    return address.lower() in own or plain(address) in own


def mailboxes() -> dict[str, int | None]:
    """The addresses mail is accepted for, in lower case, with the channel of each; none while it is paused."""
    rows = Channel.objects.filter(archived_at=None).exclude(address="")
    there = rows.values_list("address", "pk", "paused_at")
    return {address.lower(): None if paused_at else channel_id for address, channel_id, paused_at in there}
