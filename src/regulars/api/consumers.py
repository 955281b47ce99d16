"""What the public interface does with every fact: it tells webhooks of the desk's."""

from regulars.api.webhooks import telling
from regulars.kernel import tail

tail.consumer("api.webhooks", read=telling.read, batch=2_000, pause_seconds=0.5)(telling.tell)
