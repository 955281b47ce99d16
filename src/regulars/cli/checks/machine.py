"""The machine: Python, packages, room, rights, the secret key, the port."""

import importlib.metadata
import os
import re
import stat
import sys
from collections.abc import Iterator

from regulars.cli.checks.finding import Finding, bad, ok, warn
from regulars.cli.running import environment, listening
from regulars.kernel import postgres, room, settings_table, within_reach

GIGABYTE = 1024**3
OLDEST_PYTHON = (3, 11)
NAME = re.compile(r"[A-Za-z0-9._-]+")


def python() -> Iterator[Finding]:
    """Python."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST_PYTHON:
        yield bad(f"Python {version} is too old", "Install Python 3.11 or newer, then make install.")
    else:
        yield ok(f"Python {version}")


def packages() -> Iterator[Finding]:
    """Packages."""
    missing = []
    for requirement in importlib.metadata.requires("regulars") or []:
        match = NAME.match(requirement)
        if match and not _is_installed(match.group()):
            missing.append(match.group())
    if missing:
        yield bad(f"packages are missing: {', '.join(missing)}", "Run make install.")
    else:
        yield ok("every package is installed")


def data_directory() -> Iterator[Finding]:
    """The data directory."""
    data = settings_table.data_directory()
    if not data.exists():
        yield warn(f"the data directory {data} does not exist yet", "regulars up makes it; or name another: --data")
        return
    if not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        yield bad(
            f"the data directory {data} may not be written", f"Give it to this user: chown -R {os.getuid()} {data}"
        )
        return
    yield ok(f"the data directory is {data}")
    yield _room(room.free_bytes())


def secret_key() -> Iterator[Finding]:
    """The secret key."""
    path = settings_table.data_directory() / "secret.key"
    if settings_table.from_environment("secret_key"):
        yield ok("the secret key comes from REGULARS_SECRET_KEY")
    elif not path.exists():
        yield warn("there is no secret key yet", "The first regulars up makes one. After that, keep a copy elsewhere.")
    elif stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield bad("the secret key can be read by others", f"chmod 600 {path}")
    else:
        yield ok("the secret key is there and private")


def port() -> Iterator[Finding]:
    """The port."""
    host, number = settings_table.at_start("host"), settings_table.number("port")
    try:
        listening.listen(host, number).close()
    except listening.CannotListen as refusal:
        first, _, remedy = str(refusal).partition("\n")
        if _is_ours():
            yield ok(f"Regulars listens at {environment.address()}")
        else:
            yield bad(first, remedy)
        return
    yield ok(f"port {number} on {host} is free") if not _is_ours() else ok("Regulars runs on another port")


def built_in_database() -> Iterator[Finding]:
    """The built-in PostgreSQL."""
    if not postgres.is_used():
        yield ok("the database is the operator's own (REGULARS_DATABASE_URL)")
        return
    postgres.binary("postgres")
    elsewhere = settings_table.data_directory() / within_reach.DATABASE_ELSEWHERE
    if elsewhere.exists():
        yield ok(f"the built-in PostgreSQL is installed; it keeps its files in {elsewhere.read_text().strip()}")
    else:
        yield ok("the built-in PostgreSQL is installed")


def _room(free: int) -> Finding:
    said = f"{free / GIGABYTE:.1f} GB are free"
    remedy = "Make room, or move the data directory to a larger disk."
    if free < GIGABYTE // 4:
        return bad(f"only {said}", remedy)
    return warn(f"only {said}", remedy) if free < 2 * GIGABYTE else ok(said)


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _is_ours() -> bool:
    """Whether Regulars runs on this data directory."""
    from regulars.cli.running.data_lock import holder

    return holder(settings_table.data_directory()) is not None


MACHINE_CHECKS = (python, packages, data_directory, secret_key, built_in_database, port)
