"""What arrived, handed up in batches to whoever places it, inside the transaction that settles it.

A job for each mail would be slower than the mail: whoever stands above registers one function, and
it says for each mail what became of it. Its effects and the state of what came in commit together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from regulars.channels.email.understanding import Mail
from regulars.channels.webform.submissions import Submission

PLACED, DROPPED, DEAD = "placed", "dropped", "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """One mail that came in and was understood."""

    incoming_id: int
    channel_id: int
    channel_address: str
    channel_settings: dict[str, Any]
    source_key: str
    digest: bytes
    received_at: datetime
    is_history: bool
    envelope: dict[str, Any]
    mail: Mail = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """One form that was filled in and understood."""

    incoming_id: int
    channel_id: int
    channel_settings: dict[str, Any]
    source_key: str
    received_at: datetime
    submission: Submission = field(repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mail, and why if it was not placed. What is dropped is kept nowhere any more."""

    incoming_id: int
    state: str
    why: str = ""


Placer = Callable[[Sequence[Arrived]], list[Outcome]]

FormPlacer = Callable[[Sequence[Submitted]], list[Outcome]]

_placers: list[Placer] = []
_form_placers: list[FormPlacer] = []


class NobodyPlaces(RuntimeError):
    """Nobody said where mail belongs; it stays stored."""


def placer(place: Placer) -> Placer:
    """Register who places what arrives; there is one."""
    _placers[:] = [place]
    return place


def place(arrived: Sequence[Arrived]) -> list[Outcome]:
    """Hand a batch up, in the present transaction, in the order in which it arrived."""
    if not _placers:
        raise NobodyPlaces
    return _placers[0](arrived)


def form_placer(place: FormPlacer) -> FormPlacer:
    """Register who places what is sent through forms; there is one."""
    _form_placers[:] = [place]
    return place


def place_forms(submitted: Sequence[Submitted]) -> list[Outcome]:
    """Hand up what was sent through one form, in the present transaction, in the order in which it came."""
    if not _form_placers:
        raise NobodyPlaces
    return _form_placers[0](submitted)
