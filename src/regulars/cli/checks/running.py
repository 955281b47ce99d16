"""What should be going on: a worker alive, the log followed, no job failed, files served."""

from collections.abc import Iterator

from regulars.cli.checks.finding import Finding, bad, ok, warn


def parts() -> Iterator[Finding]:
    """The worker and the log."""
    import asyncio

    from regulars.kernel.health import Examiner, Health

    async def look() -> Health:
        examiner = Examiner()
        try:
            return await examiner.examine()
        finally:
            await examiner.close()

    health = asyncio.run(look())
    if "worker" in health.unwell:
        yield bad(f"the worker: {health.unwell['worker']}", "Start it: regulars up, or regulars worker on its own.")
    else:
        yield ok("a worker is alive")
    for name, count in health.lag.items():
        yield _lag(name, count, health.unwell.get(name))
    for name in health.waiting.keys() & health.unwell.keys():
        remedy = "Start it: regulars up, or regulars web on its own. Its reason stands in the web processes' log."
        yield bad(f"{name}: {health.unwell[name]}", remedy)
    yield _failed(sum(states.get("failed", 0) for states in health.jobs.values()))


def static_files() -> Iterator[Finding]:
    """Static files."""
    from django.conf import settings

    from regulars.cli import django_side

    stamp = settings.STATIC_ROOT / ".collected"
    if stamp.exists() and stamp.read_text() == django_side.static_files_digest():
        yield ok("the static files are those of this version")
    else:
        yield warn("the static files are not those of this version", "Start again: regulars up collects them.")


def owner() -> Iterator[Finding]:
    """The owner."""
    from regulars.accounts import selectors

    if selectors.has_owner():
        yield ok("there is an owner")
    else:
        yield warn("nobody owns this installation yet", "Open the link that regulars link prints.")


def _lag(name: str, count: int, unwell: str | None) -> Finding:
    if unwell:
        return bad(f"{name} {unwell}", "Its reason stands in the worker's log; restart the worker when it is mended.")
    return warn(f"{name} is {count} facts behind", "It is catching up.") if count > 1000 else ok(f"{name} keeps up")


def _failed(count: int) -> Finding:
    if count:
        return warn(f"{count} jobs have failed for good", "Their reasons stand in the worker's log.")
    return ok("no job has failed")


RUNNING_CHECKS = (parts, static_files, owner)
