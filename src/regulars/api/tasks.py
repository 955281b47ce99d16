"""The public interface's work that nobody waits for."""

from regulars.api.rest import once
from regulars.api.webhooks import sending
from regulars.api.webhooks.telling import SEND
from regulars.kernel import jobs


@jobs.task("api.forget_calls", retry=jobs.NEVER, every="41 * * * *")
def forget_calls(timestamp: int) -> None:
    """Forget calls nobody repeats any more, and what webhooks were told long ago."""
    once.forget()
    sending.forget()


@jobs.task(SEND, retry=jobs.PATIENT)
def send_notice(notice_id: int) -> None:
    """Send one notice."""
    sending.send(notice_id)


@jobs.task("api.send_notices_left_behind", retry=jobs.NEVER, every="* * * * *")
def send_notices_left_behind(timestamp: int) -> None:
    """Queue again what lost its job, or was being sent when somebody died."""
    for notice_id in sending.left_behind():
        jobs.defer_once(SEND, queueing_lock=f"{SEND}:{notice_id}", notice_id=notice_id)
