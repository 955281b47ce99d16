"""What insights does with every fact."""

from regulars.insights.mirror.columns import read_arrow
from regulars.insights.mirror.following import BATCH, CONSUMER, follow
from regulars.kernel import tail

tail.consumer(CONSUMER, read=read_arrow, batch=BATCH, pause_seconds=2.0)(follow)
