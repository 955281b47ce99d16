"""Ways out that put a Message-ID of their own over ours, so that an answer names one that nobody here knows."""

from typing import Final

from regulars.channels.email.out.servers import Server, Way
from regulars.channels.email.out.services import Service
from regulars.channels.email.providers import PROVIDERS

# Amazon SES says so in its guide to header fields; the others were seen doing it.
_SERVERS: Final = (
    ".amazonaws.com", "smtp.office365.com", "smtp-mail.outlook.com", "-relay.brevo.com", "-relay.sendinblue.com",
)  # fmt: skip


def rewrites_ids(way: Way) -> bool:
    """Whether what leaves this way is known to arrive under another Message-ID."""
    if isinstance(way, Service):
        return PROVIDERS[way.provider].rewrites_ids
    return isinstance(way, Server) and way.host.lower().rstrip(".").endswith(_SERVERS)
