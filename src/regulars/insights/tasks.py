"""Upkeep of what insights keeps.

Every process of the product reads the list of tasks, and most never do one: what a task needs is imported by it,
and only when there is something to do.
"""

from regulars.insights import occasions
from regulars.kernel import jobs


@jobs.task("insights.compact_mirror", retry=jobs.NEVER, every="*/5 * * * *")
def compact_mirror(timestamp: int) -> None:
    """Join small files of the mirror and sweep what a crash left behind."""
    from regulars.insights.mirror import compaction, derived

    compaction.compact()
    compaction.sweep()
    derived.forget()


@jobs.task("insights.keep_ready", retry=jobs.NEVER, every="* * * * * */10", queueing_lock="insights.keep_ready")
def keep_ready(timestamp: int) -> None:
    """Reduce what came in, so that nobody waits for it on a page."""
    if occasions.is_asked_about():
        from regulars.insights import keeping_ready

        keeping_ready.keep_ready()


@jobs.task("insights.learn_scores", retry=jobs.NEVER, every="17 3 * * *", queueing_lock="insights.learn_scores")
def learn_scores(timestamp: int) -> None:
    """Learn anew from everybody what customers are worth and who is leaving."""
    if occasions.is_to_learn():
        from regulars.insights.scoring import running

        running.learn()


@jobs.task("insights.score_changed", retry=jobs.NEVER, every="* * * * *", queueing_lock="insights.score_changed")
def score_changed(timestamp: int) -> None:
    """Score those with new facts; the very first time, learn."""
    if occasions.is_to_score():
        from regulars.insights.scoring import running

        running.score_changed()


@jobs.task("insights.send_reports", retry=jobs.NEVER, every="*/5 * * * *", queueing_lock="insights.send_reports")
def send_reports(timestamp: int) -> None:
    """Queue the reports by mail that are due."""
    from regulars.insights import reporting

    reporting.send_due()
