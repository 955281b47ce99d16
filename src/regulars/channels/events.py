"""What happened on channels, told to whoever stands above."""

from dataclasses import dataclass

from regulars.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySettled(DomainEvent):
    """A delivery ended as sent, failed or unknown; `about` says what it carried, `trouble` what went wrong, in words.

    A delivery that was sent can have trouble too: somebody it was addressed to did not get it.
    """

    delivery_id: int
    about: str
    state: str
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPostponed(DomainEvent):
    """A delivery could not be handed over yet; it is tried again by itself at `until` (ISO 8601)."""

    delivery_id: int
    about: str
    trouble: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReturned(DomainEvent):
    """A delivery that was sent did not arrive after all, as the service that carried it tells."""

    delivery_id: int
    about: str
    trouble: str
