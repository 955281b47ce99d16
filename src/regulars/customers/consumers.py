"""What customers does with every fact."""

from regulars.customers.tracking import sightings
from regulars.kernel import tail

tail.consumer("customers.seen", batch=20_000, pause_seconds=5.0)(sightings.note)
