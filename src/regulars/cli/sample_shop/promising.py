"""When the sample shop is there, and what it promises."""

from datetime import timedelta

from regulars.cli.sample_shop import truth
from regulars.desk.actions import policies
from regulars.desk.hours import Hours, read_intervals, same_every_day
from regulars.desk.selectors.policies import in_force
from regulars.desk.targets import FIRST, NEXT, RESOLUTION, Policy, Target
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM

HOUR = 3600
# Customers write in the evening and at weekends, so the shop is there then too.
WEEK = (*same_every_day(read_intervals("07:00-22:00"))[:5], *[read_intervals("09:00-21:00")] * 2)
TARGETS = (
    Target("Urgent", "Shop", {FIRST: HOUR, NEXT: 2 * HOUR, RESOLUTION: 8 * HOUR}, priorities=frozenset({1})),
    Target("Everybody", "Shop", {FIRST: 4 * HOUR, NEXT: 8 * HOUR, RESOLUTION: 24 * HOUR}),
)


def promise() -> None:
    """Let the shop's hours and targets hold for all of its past, unless somebody has chosen already."""
    if in_force().number:
        return
    hours = Hours(truth.ZONE, WEEK, country="DE", subdivision="HH")
    with clock.frozen(clock.now() - timedelta(days=366 * truth.YEARS)):
        policies.keep(Policy({"Shop": hours}, TARGETS, "Shop"), seen=0, by=SYSTEM)
