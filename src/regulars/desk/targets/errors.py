"""What cannot be promised."""

from regulars.kernel.errors import DomainError, Invalid


class TargetNotUsable(Invalid):
    """A target is at least one minute and at most a year of business time, or left empty."""


class UnknownHours(Invalid):
    """A target counts by hours that are not there. Choose others for it first."""


class PolicyChanged(DomainError):
    """Somebody changed the hours or targets a moment ago. Nothing was kept: look at theirs, then change yours again."""


class HoursInUse(DomainError):
    """A target counts by these hours, or they are the usual ones. Choose others there first."""


class NameTaken(DomainError):
    """There are hours of this name already."""
