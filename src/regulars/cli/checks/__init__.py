"""What the doctor looks at. Each check yields findings and never raises: a check that fails is a finding."""

from collections.abc import Callable, Iterator

from regulars.cli.checks.database import DATABASE_CHECKS
from regulars.cli.checks.finding import Finding, bad
from regulars.cli.checks.machine import MACHINE_CHECKS
from regulars.cli.checks.running import RUNNING_CHECKS

Show = Callable[[str, str, str], None]


def every_finding(show: Show) -> Iterator[Finding]:
    """Run the checks in order, showing each finding as it is made.

    What needs the database is asked only when the database answers.
    """
    has_database = True
    for group in (MACHINE_CHECKS, DATABASE_CHECKS, RUNNING_CHECKS):
        for check in group if has_database or group is MACHINE_CHECKS else ():
            for finding in _made(check):
                show(finding.mark, finding.what, finding.remedy)
                yield finding
                if finding.mark == "bad" and finding.stops_here:
                    has_database = False
            if not has_database:
                break


def _made(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from check()
    except Exception as fault:
        reason = str(fault).splitlines()[0] if str(fault) else type(fault).__name__
        yield bad(f"{(check.__doc__ or check.__name__).rstrip('.')}: {reason}", "This check itself failed; see above.")
