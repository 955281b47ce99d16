"""Turn REGULARS_DATABASE_URL, or the built-in server's socket, into Django's database settings."""

import os
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from regulars.kernel import settings_table

SOCKET_FOLDER = "run"  # inside the data directory
SOCKET_ELSEWHERE = "run.path"  # a file that names another folder, where the path above is too long or out of reach
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_LIMIT = 107  # bytes in the path of a Unix socket
NAMES = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}


def django_database() -> dict[str, Any]:
    """Django's `DATABASES["default"]`: persistent connections, health-checked before use."""
    given = conninfo_to_dict(connection_string())
    options = {key: value for key, value in given.items() if key not in NAMES}
    options.setdefault("application_name", f"regulars {os.environ.get('REGULARS_PROCESS', '')}".strip())
    settings = {name: str(given[key]) for key, name in NAMES.items() if given.get(key) is not None}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **settings,
        "OPTIONS": options,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


def connection_string() -> str:
    """The server to use: the operator's own, else the built-in one in the data directory."""
    return settings_table.from_environment("database_url") or built_in(settings_table.data_directory())


def built_in(data: Path) -> str:
    """How to reach the built-in server of a data directory, over its Unix socket."""
    return make_conninfo(host=str(socket_folder(data)), user="postgres", dbname="regulars")


def socket_folder(data: Path) -> Path:
    """Where the built-in server's socket is: in the data directory, or where a file there says."""
    elsewhere = data / SOCKET_ELSEWHERE
    return Path(elsewhere.read_text().strip()) if elsewhere.exists() else data / SOCKET_FOLDER


def is_short_enough(folder: Path) -> bool:
    """Whether a socket in this folder has a path the system can hold."""
    return len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_LIMIT
