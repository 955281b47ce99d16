"""What customers does with every fact, and what of it waits to become one."""

from regulars.customers.tracking import pending, sightings
from regulars.kernel import health, tail

tail.consumer("customers.seen", batch=20_000, pause_seconds=5.0)(sightings.note)
health.BACKLOGS["tracking"] = pending.WAITING
