"""What pages send when nobody is looking.

Every process of the product reads the list of tasks, and most never do one: what a task needs is imported by it.
"""

from regulars.insights.reporting import MAIL
from regulars.kernel import jobs


@jobs.task(MAIL, retry=jobs.PATIENT)
def mail_report(report_id: int, due: str = "") -> None:
    """Mail one report of figures to whoever wants it, once for each time it is due."""
    from regulars.web.numbers import reports

    reports.mail(report_id, due=due)


@jobs.task("web.tell_of_trouble", retry=jobs.NEVER, every="*/5 * * * *", queueing_lock="web.tell_of_trouble")
def tell_of_trouble(timestamp: int) -> None:
    """Mail those who look after the desk that a channel does not work, or works again."""
    from regulars.web.settings import alerts

    alerts.tell()
