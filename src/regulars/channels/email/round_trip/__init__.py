"""A mail from a channel to itself, there and back, and what could be seen on the way."""

from regulars.channels.email.round_trip.findings import Finding
from regulars.channels.email.round_trip.trying import run

__all__ = ["Finding", "run"]
