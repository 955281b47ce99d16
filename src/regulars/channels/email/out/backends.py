"""Handing a mail to one of Django's mail backends, such as a provider's or the log."""

from email import message_from_bytes
from email.message import Message

from django.core.mail import EmailMessage, get_connection

from regulars.channels.email.out.composing import Parcel
from regulars.channels.email.out.outcomes import Outcome, readable
from regulars.channels.email.out.servers import DjangoBackend


class Ready(EmailMessage):
    """A mail that is written already, in the shape Django's backends ask for."""

    def __init__(self, parcel: Parcel) -> None:
        super().__init__(from_email=parcel.sender, to=list(parcel.recipients))
        self.parcel = parcel

    def message(self) -> Message:  # type: ignore[override]
        return message_from_bytes(self.parcel.raw, Message)


def carry(parcel: Parcel, *, backend: DjangoBackend) -> Outcome:
    """A backend says that it took a mail, or raises; after that nobody knows."""
    try:
        get_connection(backend.path).send_messages([Ready(parcel)])
    except Exception as broken:  # whatever a backend raises, this must be shown and never tried again by itself
        return Outcome(state="unknown", words=readable(f"{type(broken).__name__}: {broken}"))
    return Outcome(state="sent")
