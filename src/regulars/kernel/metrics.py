"""What is counted. Each process keeps its own file; /metrics adds them up.

Import this module only after PROMETHEUS_MULTIPROC_DIR is set (`cli.running.environment.set_up`);
without it, as in tests, the counters live in this process alone.
"""

import os

from prometheus_client import REGISTRY as OWN
from prometheus_client import CollectorRegistry, Counter, Histogram, multiprocess

requests = Counter("regulars_requests", "Requests answered.", ["door", "status"])
seconds = Histogram(
    "regulars_request_seconds",
    "How long an answer took.",
    ["door"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
facts_received = Counter("regulars_facts_received", "Facts that came in and were kept.", ["source_kind"])
facts_repeated = Counter("regulars_facts_repeated", "Facts that came in again and changed nothing.", ["source_kind"])
calls_refused = Counter("regulars_tracking_calls_refused", "Tracking calls that were refused.", ["reason"])
facts_followed = Counter("regulars_facts_followed", "Facts a consumer of the log has dealt with.", ["consumer"])
consumer_failures = Counter("regulars_consumer_failures", "Batches that failed and will be tried again.", ["consumer"])


def registry() -> CollectorRegistry:
    """The counters of every process of this installation, added up."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return OWN
    together = CollectorRegistry()
    multiprocess.MultiProcessCollector(together)
    return together
