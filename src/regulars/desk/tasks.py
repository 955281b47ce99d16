"""The desk's work that nobody waits for."""

from regulars.desk.actions import (
    bulk,
    fetching_files,
    files,
    label_joining,
    letting_go,
    portal_links,
    presence,
    renaming,
    routing,
    rules,
    states,
    watching,
)
from regulars.desk.actions.days_of_numbers import keep_ready
from regulars.desk.actions.exports import MOVE_OUT, throw_away_expired
from regulars.desk.actions.exports import run as write_export
from regulars.desk.actions.files import SWEEP, SWEEP_REFUSED
from regulars.desk.actions.messages import LET_GO
from regulars.desk.actions.side import LET_GO as LET_GO_SIDE
from regulars.desk.actions.side_mail import let_go as let_go_beside
from regulars.desk.selectors import due
from regulars.desk.selectors import side as sides
from regulars.kernel import jobs, one_by_one
from regulars.kernel.actors import Actor


@jobs.task(LET_GO, retry=jobs.PATIENT)
def let_go(message_id: int) -> None:
    """Send a reply on its way when the time to take it back is over."""
    letting_go.let_go(message_id)


@jobs.task("desk.let_go_all_due", retry=jobs.NEVER, every="* * * * *")
def let_go_all_due(timestamp: int) -> None:
    """Send whatever is due and was left behind, by a lost job or a crash."""
    one_by_one.each(letting_go.let_go, due.messages_to_let_go(), what="let go")
    one_by_one.each(let_go_beside, sides.to_let_go(), what="let go beside")


@jobs.task(LET_GO_SIDE, retry=jobs.PATIENT)
def let_go_side(message_id: int) -> None:
    """Send a message of a side conversation on its way when the time to take it back is over."""
    let_go_beside(message_id)


@jobs.task(MOVE_OUT, retry=jobs.PATIENT)
def move_out(export_id: int) -> None:
    """Write an export that was asked for on the page."""
    write_export(export_id)


@jobs.task(fetching_files.FETCH, retry=jobs.PATIENT)
def fetch_far_files(origin_id: int) -> None:
    """Fetch files of messages that moved in, a while at a time."""
    done = fetching_files.fetch(origin_id, stretch=fetching_files.AT_A_STRETCH)
    if done.waiting and not done.gave_up:
        fetching_files.later(origin_id)


@jobs.task("desk.throw_exports_away", retry=jobs.NEVER, every="23 * * * *")
def throw_exports_away(timestamp: int) -> None:
    """Exports are kept for three days."""
    throw_away_expired()


@jobs.task("desk.wake", retry=jobs.NEVER, every="* * * * *")
def wake(timestamp: int) -> None:
    """Bring back what was put aside until now."""
    one_by_one.each(states.wake, due.conversations_to_wake(), what="wake")


@jobs.task("desk.forget_presence", retry=jobs.NEVER, every="* * * * *")
def forget_presence(timestamp: int) -> None:
    """Whoever shut the page is shown as being there no longer."""
    presence.forget()


@jobs.task(SWEEP, retry=jobs.PATIENT)
def sweep_files(digests: list[str]) -> None:
    """Remove files that an erasure left without an owner."""
    files.sweep(digests)


@jobs.task("desk.keep_days_of_numbers", retry=jobs.NEVER, every="*/3 * * * *")
def keep_days_of_numbers(timestamp: int) -> None:
    """Read the days anew that the figures have changed in."""
    keep_ready()


@jobs.task(SWEEP_REFUSED, retry=jobs.PATIENT)
def sweep_refused_files(digests: list[str]) -> None:
    """Remove files that came with a form that was refused."""
    files.sweep_refused(digests)


@jobs.task("desk.sweep_nobodys_files", retry=jobs.NEVER, every="41 3 * * *")
def sweep_nobodys_files(timestamp: int) -> None:
    """Remove files that nothing has named for a month."""
    files.sweep_nobodys()


@jobs.task("desk.watch_targets", retry=jobs.NEVER, every="* * * * * */15")
def watch_targets(timestamp: int) -> None:
    """Warn of promises about to be broken, and say which were."""
    one_by_one.each(watching.watch, due.conversations_with_due_clocks(), what="watch")


@jobs.task(bulk.RUN, retry=jobs.PATIENT)
def run_bulk(bulk_id: int, agent_id: int, name: str) -> None:
    """Do a bulk action, or take it back, as the agent who asked for it."""
    bulk.run(bulk_id, by=Actor("agent", agent_id, name))


@jobs.task(portal_links.MAIL, retry=jobs.PATIENT)
def mail_portal_link(customer_id: int, identity_id: int, request: str, language: str, conversation_id: int) -> None:
    """Mail the link to whoever asked for it, if they are known."""
    if customer_id:
        portal_links.mail(identity_id, request=request, language=language, conversation_id=conversation_id)


@jobs.task(renaming.WRITE, retry=jobs.PATIENT)
def write_words_anew(conversation_ids: list[int]) -> None:
    """Let the search find conversations by what their customer is called now."""
    renaming.write(conversation_ids)


@jobs.task(label_joining.RUN, retry=jobs.PATIENT)
def join_labels(label_id: int) -> None:
    """Let the conversations of a joined label bear the one it was joined into."""
    label_joining.move(label_id)


@jobs.task("desk.look_at_the_time", retry=jobs.NEVER, every="*/2 * * * *")
def look_at_the_time(timestamp: int) -> None:
    """Ask the rules that look at the time, and route what waited until somebody came."""
    rules.obey_time()
    routing.route_waiting()
