"""Channels' work that nobody waits for."""

from regulars.channels.actions import carrying, deliveries, fetching, incoming, pruning, understanding
from regulars.channels.actions.deliveries import DELIVER
from regulars.channels.actions.fetching import FETCH
from regulars.channels.actions.incoming import UNDERSTAND
from regulars.channels.selectors import deliveries as out
from regulars.channels.selectors import incoming as stored
from regulars.channels.selectors import mailboxes
from regulars.kernel import jobs


@jobs.task(UNDERSTAND, retry=jobs.STEADY)
def understand(channel_id: int) -> None:
    """Understand and place what is stored on a channel; what is left goes to another job, so that stopping is quick."""
    if understanding.drain(channel_id) >= understanding.MOST_AT_ONCE:
        incoming.wake(channel_id)


@jobs.task("channels.understand_all", retry=jobs.NEVER, every="* * * * * */15", queueing_lock="channels.understand_all")
def understand_all(timestamp: int) -> None:
    """Take up what was stored and whose job was lost, in a crash between the two."""
    for channel_id in stored.waiting_channels():
        incoming.wake(channel_id)


@jobs.task(FETCH, retry=jobs.STEADY)
def fetch(channel_id: int) -> None:
    """Bring what is new in a channel's mailbox."""
    fetching.fetch(channel_id)


@jobs.task("channels.fetch_all", retry=jobs.NEVER, every="* * * * * */20", queueing_lock="channels.fetch_all")
def fetch_all(timestamp: int) -> None:
    """Look into every mailbox, each in a job of its own, one at a time."""
    for channel_id in mailboxes.to_look_into():
        fetching.soon(channel_id)


@jobs.task(DELIVER, retry=jobs.PATIENT)
def deliver(delivery_id: int) -> None:
    """Carry one delivery."""
    carrying.deliver(delivery_id)


@jobs.task(
    "channels.look_after_deliveries", retry=jobs.NEVER, every="* * * * * */20",
    queueing_lock="channels.look_after_deliveries",
)  # fmt: skip
def look_after_deliveries(timestamp: int) -> None:
    """Say which mails nobody came back from, and queue again what lost its job."""
    for delivery_id in out.claimed_before(carrying.CLAIM_HOLDS):
        carrying.give_up(delivery_id)
    for delivery_id in out.left_behind():
        deliveries.wake(delivery_id)


@jobs.task("channels.prune", retry=jobs.NEVER, every="41 3 * * *", queueing_lock="channels.prune")
def prune(timestamp: int) -> None:
    """Keep raw mail and deliveries no longer than the settings say."""
    pruning.prune()
