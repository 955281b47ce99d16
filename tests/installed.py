"""A database as the first start leaves it, migrated once by each process of the tests and then copied.

What is tested about a first start begins with none; other tests of a whole installation need not wait for it.
"""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from regulars.kernel import postgres


def put_into(directory: Path) -> None:
    """Copy the database's directory to a place where there is none yet."""
    directory.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", str(_migrated()), str(directory)], check=True)


@cache
def _migrated() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="regulars-installed-"))
    folder.chmod(0o755)  # the unprivileged user that runs PostgreSQL must pass through
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    cluster = postgres.Cluster(folder / "postgres", folder / "run", (("fsync", "off"),))
    postgres.create(cluster)
    server = postgres.start(cluster, stderr=subprocess.DEVNULL)
    try:
        postgres.ensure_database(cluster, "regulars")
        _migrate(folder, cluster)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)
    return cluster.directory


def _migrate(data: Path, cluster: postgres.Cluster) -> None:
    """By the product's own command, in an environment without what the test run itself has set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REGULARS_", "DJANGO_"))}
    url = f"host={cluster.sockets} user=postgres dbname=regulars"
    own = {"REGULARS_DATA": str(data), "REGULARS_DATABASE_URL": url}
    command = [sys.executable, "-m", "regulars.cli", "migrate"]
    subprocess.run(command, env=kept | own, check=True, stdout=subprocess.DEVNULL)
