"""Handing a mail over by whichever way a channel has."""

from regulars.channels.email.out import backends, services, smtp
from regulars.channels.email.out.composing import Parcel
from regulars.channels.email.out.outcomes import Outcome
from regulars.channels.email.out.servers import Server, Way
from regulars.channels.email.out.services import Service
from regulars.channels.email.providers import PROVIDERS


def hand_over(parcel: Parcel, *, way: Way, is_last_try: bool = False) -> Outcome:
    """To a mail server, a mail service or one of Django's backends; what became of it."""
    if isinstance(way, Server):
        return smtp.carry(parcel, server=way, is_last_try=is_last_try)
    if isinstance(way, Service):
        return services.carry(parcel, service=way)
    return backends.carry(parcel, backend=way)


def name_of(way: Way) -> str:
    """What a person calls it."""
    if isinstance(way, Server):
        return f"{way.host}:{way.port}"
    return PROVIDERS[way.provider].label if isinstance(way, Service) else way.path
