"""What channels tell /healthz of themselves."""

from regulars.channels.selectors import standing
from regulars.kernel import health

health.BACKLOGS["mail"] = standing.WAITING
health.TROUBLES["channels"] = standing.TROUBLED
