"""Waiting for what was answered to be in the log, as a program in a hurry would have to."""

import time

from regulars.customers.tracking.models import PendingCall

PATIENCE_SECONDS = 60.0


def wait_until_settled() -> None:
    """Return once no call waits, but those that were set aside."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while PendingCall.objects.filter(fault="").exists():
        assert time.monotonic() < deadline, f"calls were still waiting after {PATIENCE_SECONDS:.0f} s"
        time.sleep(0.002)
