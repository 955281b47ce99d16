"""A database as the first start leaves it, migrated once by a run of the tests and then copied.

Each worker of a run begins with a copy, and so does a test of a whole installation: what is tested about a first start
begins with none, others need not wait for it.
"""

import atexit
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from regulars.kernel import postgres

# Where the workers of a run find each other's.
PLACE = "REGULARS_TESTING_INSTALLED"


def put_into(directory: Path) -> None:
    """Copy the database's directory to a place where there is none yet."""
    directory.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", str(_migrated()), str(directory)], check=True)


def _migrated() -> Path:
    """Whoever asks first makes it; others wait."""
    folder = _folder()
    with _alone(folder):
        cluster = postgres.Cluster(folder / "postgres", folder / "run", (("fsync", "off"),))
        is_made = folder / "made"
        if not is_made.exists():
            _make(cluster, folder)
            is_made.touch()
    return cluster.directory


@cache
def _folder() -> Path:
    """The run's; of a process that belongs to no run of several, its own."""
    if named := os.environ.get(PLACE):
        return Path(named)
    folder = Path(tempfile.mkdtemp(prefix="regulars-installed-"))
    folder.chmod(0o755)  # the unprivileged user that runs PostgreSQL must pass through
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(cluster: postgres.Cluster, data: Path) -> None:
    postgres.create(cluster)
    server = postgres.start(cluster, stderr=subprocess.DEVNULL)
    try:
        postgres.ensure_database(cluster, "regulars")
        _migrate(data, cluster)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


def _migrate(data: Path, cluster: postgres.Cluster) -> None:
    """By the product's own command, in an environment without what the test run itself has set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REGULARS_", "DJANGO_"))}
    url = f"host={cluster.sockets} user=postgres dbname=regulars"
    own = {"REGULARS_DATA": str(data), "REGULARS_DATABASE_URL": url}
    command = [sys.executable, "-m", "regulars.cli", "migrate"]
    subprocess.run(command, env=kept | own, check=True, stdout=subprocess.DEVNULL)
