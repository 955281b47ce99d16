"""Where PostgreSQL's files are when root runs us.

PostgreSQL refuses to run as root and gets an unprivileged user, who may not pass through a folder
such as /root. What that user cannot reach is kept in `OUTSIDE` instead: a copy of the programs, and
the database directory, which a file in the data directory names. Nobody's rights are widened.
"""

import os
import pwd
import shutil
import tempfile
from pathlib import Path

OUTSIDE = Path("/var/lib/regulars")
DATABASE = "postgres"
DATABASE_ELSEWHERE = "postgres.path"  # a file that names another folder


def unprivileged() -> pwd.struct_passwd | None:
    """The user that runs PostgreSQL for root, if this system has one."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


def is_reachable(path: Path) -> bool:
    """Whether whoever runs PostgreSQL may pass through every folder above a path."""
    user = unprivileged()
    if os.geteuid() or user is None:
        return True
    return all(_may_pass(folder, user) for folder in path.parents if folder.exists())


def database_directory(data: Path) -> Path:
    """The database's directory: in the data directory if it can be there, else where a file there says."""
    inside, elsewhere = data / DATABASE, data / DATABASE_ELSEWHERE
    if elsewhere.exists():
        return Path(elsewhere.read_text().strip())
    if inside.exists() or is_reachable(inside):
        return inside
    home = Path(tempfile.mkdtemp(prefix="database-", dir=_outside()))
    home.chmod(0o755)
    note(elsewhere, home / DATABASE)
    return home / DATABASE


def present_database(data: Path) -> Path:
    """Where the database's directory is, if there is one; nothing is made."""
    elsewhere = data / DATABASE_ELSEWHERE
    return Path(elsewhere.read_text().strip()) if elsewhere.exists() else data / DATABASE


def programs(package: Path) -> Path:
    """The wheel's package, or a copy of it that can be reached; made once for each version of it."""
    if is_reachable(package):
        return package
    status = (package / "pginstall" / "bin" / "postgres").stat()
    copy = OUTSIDE / f"programs-{status.st_size}-{status.st_mtime_ns}"
    if not copy.exists():
        fresh = Path(tempfile.mkdtemp(prefix="programs-new-", dir=_outside()))
        fresh.chmod(0o755)
        for folder in (package, package.with_name(f"{package.name}.libs")):
            if folder.exists():
                shutil.copytree(folder, fresh / folder.name, symlinks=True)
        try:
            fresh.rename(copy)
        except OSError:  # somebody else made it in the meantime
            shutil.rmtree(fresh)
    return copy / package.name


def note(file: Path, folder: Path) -> None:
    """Write down where something is kept, whole or not at all."""
    file.with_suffix(".new").write_text(f"{folder}\n")
    file.with_suffix(".new").rename(file)


def _outside() -> Path:
    """The folder for all of it, which may be passed through whatever mask of modes root has set."""
    OUTSIDE.mkdir(parents=True, exist_ok=True)
    if not is_reachable(OUTSIDE / DATABASE):
        OUTSIDE.chmod(0o755)
    return OUTSIDE


def _may_pass(folder: Path, user: pwd.struct_passwd) -> bool:
    status = folder.stat()
    if status.st_uid == user.pw_uid:
        return bool(status.st_mode & 0o100)
    if status.st_gid == user.pw_gid:
        return bool(status.st_mode & 0o010)
    return bool(status.st_mode & 0o001)
