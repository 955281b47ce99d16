"""The key that signs and encrypts: from the environment, else made once and kept, readable by us alone."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from regulars.kernel import settings_table


def secret_key() -> str:
    """The installation's secret; the same for every process on the same data directory."""
    return settings_table.from_environment("secret_key") or _kept(settings_table.data_directory() / "secret.key")


def _kept(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _make(path)
    return _read(path)


def _make(path: Path) -> None:
    """Whole from its first moment, and made by one of those that start at once: the others read it."""
    fresh = path.with_suffix(f".{os.getpid()}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()


def _read(path: Path) -> str:
    key = path.read_text().strip()
    if len(key) < 32:
        raise RuntimeError(f"{path} holds no usable key. Restore it from a backup, or set REGULARS_SECRET_KEY.")
    return key
