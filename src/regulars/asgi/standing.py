"""How this installation is: /healthz for whoever watches it, /metrics for whoever draws it."""

import json
import secrets

from prometheus_client import CONTENT_TYPE_LATEST, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily

from regulars.asgi import Receive, Scope, Send
from regulars.kernel import metrics, settings_table
from regulars.kernel.health import Examiner, Health

LOOPBACK = ("127.0.0.1", "::1")


class Standing:
    """Both endpoints, over one examiner."""

    def __init__(self) -> None:
        self.examiner = Examiner()

    async def healthz(self, scope: Scope, receive: Receive, send: Send) -> None:
        """200 while this installation does its work, else 503; what is unwell is said with either.

        A mailbox that cannot be read is unwell, and another web process would not read it better. Only the
        watcher's machine reads the details.
        """
        health = await self.examiner.examine()
        body = (
            health.as_json() if _may_read(scope) else {"status": health.as_json()["status"], "unwell": [*health.unwell]}
        )
        await answer(send, 200 if health.can_serve else 503, json.dumps(body).encode(), "application/json")

    async def metrics(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Prometheus' text form; for this machine, or with the token."""
        if not _may_read(scope):
            await answer(send, 403, b"Only this machine, or the token of REGULARS_METRICS_TOKEN, may read this.\n")
            return
        health = await self.examiner.examine()
        text = generate_latest(metrics.registry()) + generate_latest(Gauges(health))
        await answer(send, 200, text, CONTENT_TYPE_LATEST)

    async def close(self) -> None:
        """Give back what is held."""
        await self.examiner.close()


class Gauges:
    """What is so at this moment, in the form Prometheus collects."""

    def __init__(self, health: Health) -> None:
        self.health = health

    def collect(self) -> list[Metric]:
        """Queue sizes, consumers' lag, connections, disk, signs of life."""
        health = self.health
        jobs = GaugeMetricFamily("regulars_jobs", "Jobs by state.", labels=["queue", "state"])
        for queue, states in health.jobs.items():
            for state, count in states.items():
                jobs.add_metric([queue, state], count)
        lag = GaugeMetricFamily("regulars_consumer_lag", "Facts not dealt with yet.", labels=["consumer"])
        for name, count in health.lag.items():
            lag.add_metric([name], count)
        waiting = GaugeMetricFamily("regulars_waiting", "What was taken in and waits for its effect.", labels=["what"])
        oldest = GaugeMetricFamily("regulars_waiting_seconds", "Since when the oldest of it waits.", labels=["what"])
        for name, count in health.waiting.items():
            waiting.add_metric([name], count)
            oldest.add_metric([name], health.waiting_seconds[name])
        plain = {
            "regulars_up": ("Whether every part is well.", int(health.is_well)),
            "regulars_database_connections": ("Connections to the database.", health.connections),
            "regulars_free_bytes": ("Room left where the data is.", health.free_bytes),
            "regulars_worker_heartbeat_seconds": ("Since the worker's last sign of life.", health.worker_seconds),
        }
        known = [
            GaugeMetricFamily(name, text, value=value) for name, (text, value) in plain.items() if value is not None
        ]
        return [jobs, lag, waiting, oldest, *known]


async def answer(
    send: Send, status: int, body: bytes, kind: str = "text/plain; charset=utf-8", *, wait_seconds: int = 0
) -> None:
    """A short answer, and how long to wait before asking again."""
    headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    if wait_seconds:
        headers.append((b"retry-after", str(wait_seconds).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _may_read(scope: Scope) -> bool:
    """From this machine while no token is set; else with the token.

    Behind a proxy on this machine the client is whom the proxy names (X-Forwarded-For).
    """
    token = settings_table.at_start("metrics_token")
    if not token:
        client = scope.get("client")
        return client is None or client[0] in LOOPBACK
    given = dict(scope["headers"]).get(b"authorization", b"")
    return secrets.compare_digest(given, f"Bearer {token}".encode())
