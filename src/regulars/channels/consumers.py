"""What channels tell /healthz of themselves."""

from regulars.channels.selectors import deliveries, standing
from regulars.kernel import health

health.BACKLOGS["mail"] = standing.WAITING
health.BACKLOGS["mail out"] = deliveries.WAITING
health.TROUBLES["channels"] = standing.TROUBLED
health.TROUBLES["sending"] = deliveries.TROUBLED
