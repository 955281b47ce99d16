"""Upkeep of what the public interface keeps."""

from regulars.api.rest import once
from regulars.kernel import jobs


@jobs.task("api.forget_calls", retry=jobs.NEVER, every="41 * * * *")
def forget_calls(timestamp: int) -> None:
    """Forget calls nobody repeats any more."""
    once.forget()
