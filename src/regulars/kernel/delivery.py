"""The one task that brings domain events to their handlers."""

from typing import Any

from regulars.kernel import events, jobs


@jobs.task(events.DELIVER, retry=jobs.PATIENT)
def deliver(handler: str, event: str, payload: dict[str, Any]) -> None:
    """Run one handler for one event."""
    events.deliver(handler, event, payload)
