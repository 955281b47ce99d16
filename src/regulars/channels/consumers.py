"""What channels tell /healthz of themselves, and what a worker keeps up for them."""

from regulars.channels.selectors import deliveries, standing
from regulars.channels.watching import Watcher
from regulars.kernel import following, health

health.BACKLOGS["mail"] = standing.WAITING
health.BACKLOGS["mail out"] = deliveries.WAITING
health.TROUBLES["channels"] = standing.TROUBLED
health.TROUBLES["sending"] = deliveries.TROUBLED
following.LOOPS["watch mailboxes"] = Watcher().turn
