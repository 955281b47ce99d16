"""Reports that come by mail: who wants which page of figures, and how often.

A report is the address of a page, so that what is mailed is what the page shows. Each is due once a
period; a mail that could not leave is tried again for about a day.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from regulars.accounts import permission
from regulars.insights.errors import NoSuchReport, ReportNotUsable, TooManyReports
from regulars.insights.models import Report
from regulars.kernel import clock, jobs, page_settings
from regulars.kernel.actors import Actor

EVERY = ("day", "week", "month")
MOST_EACH = 20
LONGEST_QUESTION = 1000
AT = time(7, 0)  # in the company's zone, before the day begins
ZONES_APART = timedelta(hours=27)  # from the last zone to reach a morning back to the first, and one more
MAIL = "web.mail_report"


@transaction.atomic
def wish(page: str, question: str, *, every: str, by: Actor) -> Report:
    """Have a page mailed from now on; asking for the same again changes how often."""
    permission.require("see_numbers", by=by)
    if by.kind != "agent" or by.id is None or every not in EVERY or len(question) > LONGEST_QUESTION:
        raise ReportNotUsable
    mine = Report.objects.select_for_update().filter(agent=by.id)
    if mine.count() >= MOST_EACH:
        raise TooManyReports
    report, _ = Report.objects.update_or_create(
        agent_id=by.id,
        page=page,
        question=question,
        defaults={"every": every, "next_at": next_time(every, after=clock.now()), "created_at": clock.now()},
    )
    return report


def stop(report_id: int, *, by: Actor) -> None:
    """Have it mailed no more; only whom it goes to may say so."""
    stopped, _ = Report.objects.filter(pk=report_id, agent=by.id or 0).delete()
    if not stopped:
        raise NoSuchReport


def wished_by(agent_id: int, *, page: str) -> list[Report]:
    """Somebody's own reports of a page, the oldest first."""
    return list(Report.objects.filter(agent=agent_id, page=page).order_by("pk"))


def one(report_id: int) -> Report | None:
    """A report that is still wished for, with whom it goes to."""
    return Report.objects.select_related("agent").filter(pk=report_id).first()


@transaction.atomic
def send_due() -> int:
    """Queue a mail for every report that is due and set when it is due again; returns how many."""
    now = clock.now()
    due = list(Report.objects.select_for_update(skip_locked=True).filter(next_at__lte=now).order_by("pk"))
    for report in due:
        was_due, report.next_at = report.next_at, next_time(report.every, after=now)
        report.save(update_fields=["next_at"])
        jobs.defer(MAIL, report_id=report.pk, due=was_due.isoformat())
    return len(due)


@transaction.atomic
def keep_mornings() -> int:
    """After the company's zone was changed: each report comes on the morning there; returns how many moved.

    One whose morning there is over, or that just came on the old one, stays where it was: none comes twice, none
    is left out.
    """
    waiting = Report.objects.select_for_update().filter(next_at__gt=clock.now()).order_by("pk")
    moved = 0
    for report in waiting:
        there = next_time(report.every, after=clock.now())
        if timedelta(0) < abs(there - report.next_at) < ZONES_APART:
            moved += Report.objects.filter(pk=report.pk).update(next_at=there)
    return moved


def next_time(every: str, *, after: datetime) -> datetime:
    """The next morning, Monday morning, or morning of the first of a month, in the company's zone."""
    zone = ZoneInfo(page_settings.value("time_zone"))
    day = after.astimezone(zone).date()
    while True:
        moment = datetime.combine(day, AT, tzinfo=zone)
        is_its_day = every == "day" or (day.weekday() == 0 if every == "week" else day.day == 1)
        if is_its_day and moment > after:
            return moment
        day += timedelta(days=1)
