"""What happened to customers, told to whoever stands above."""

from dataclasses import dataclass

from regulars.kernel.actors import Actor
from regulars.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomersMerged(DomainEvent):
    """Two customers were found to be one person."""

    kept_id: int
    merged_id: int
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeUndone(DomainEvent):
    """A merge was taken back; the two are separate again."""

    kept_id: int
    merged_id: int
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentChanged(DomainEvent):
    """A customer gave or withdrew consent for one purpose."""

    customer_id: int
    purpose: str
    is_given: bool
    actor: Actor
