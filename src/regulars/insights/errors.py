"""What insights refuses, and why."""

from regulars.kernel.errors import DomainError, Invalid, NotFound


class NotACondition(Invalid):
    """This is not a condition: a property, how it is compared, and a value."""


class NothingYet(Invalid):
    """There are no such facts yet. Import a file or track a few, and ask again."""

    status = 404


class NotAQuestion(Invalid):
    """This cannot be asked; check the choices."""


class ReportNotUsable(Invalid):
    """This cannot be mailed as a report. Open the page, choose again, and ask for it there."""


class TooManyReports(DomainError):
    """You have as many reports by mail as anybody may. Stop one, then ask for this one again."""


class NoSuchReport(NotFound):
    """There is no such report, or it goes to somebody else."""
