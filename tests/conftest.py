"""What every test may ask for."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests import postgres_plugin, turns

# How long one example takes is the machine's business: speed is measured in `bench`.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

REPOSITORY = Path(__file__).resolve().parent.parent
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def pytest_configure(config: pytest.Config) -> None:
    """Workers of a whole run read the files from different ends: what one has compiled the others need not."""
    asked, all_of_it = [Path(each).resolve() for each in config.args], map(Path, config.getini("testpaths"))
    if turns.worker() and asked == [config.rootpath / each for each in all_of_it]:
        config.args = turns.read_by(turns.worker(), asked)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, so that workers end together; in one order, whoever read them from which end."""
    items.sort(key=lambda item: (turns.turn(item.path.as_posix()), item.path.as_posix()))


@pytest.fixture(autouse=True)
def data_directory(settings: Any, tmp_path: Path) -> Path:
    """A data directory for one test, so that no mirror, file or remembered answer of another one is read."""
    from regulars.insights import reduced
    from regulars.insights.selectors import retention

    settings.DATA = tmp_path / "data"
    reduced._memory.clear()
    retention._answers.clear()
    return settings.DATA


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Argon2 as in the product, but not made slow: guessing the tests' passwords may be easy."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    with pytest.MonkeyPatch.context() as patched:
        for name, least in (("time_cost", 1), ("memory_cost", 8), ("parallelism", 1)):
            patched.setattr(Argon2PasswordHasher, name, least)
        yield


@pytest.fixture
def shared_data() -> Path:
    """The real data sets beside the repository; tests that need them skip where they are absent."""
    folder = Path(os.environ.get("REGULARS_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the real data sets are not here ({folder.name} beside the repository, or REGULARS_SHARED_DATA)")
    return folder


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """A worker's database was copied from a migrated one, and is there."""
    return django_db_keepdb or postgres_plugin.IS_COPIED in os.environ


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Transactional tests empty every table at their end, the record of acts too, which refuses that elsewhere."""
    from django.db import connection

    from tests import emptying

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_auditentry DISABLE TRIGGER accounts_audit_never_emptied")
        emptying.install()


@pytest.fixture(autouse=True)
def standing_rows(request: pytest.FixtureRequest) -> None:
    """Rows that migrations write and that the emptying of tables after transactional tests takes away."""
    marker = request.node.get_closest_marker("django_db")
    if marker or {"db", "transactional_db"} & set(request.fixturenames):
        is_transactional = (marker and marker.kwargs.get("transaction")) or "transactional_db" in request.fixturenames
        request.getfixturevalue("transactional_db" if is_transactional else "db")
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO kernel_logepoch (id, epoch) VALUES (1, 1) ON CONFLICT DO NOTHING")
            cursor.execute(
                "INSERT INTO kernel_source (id, name, kind, created_at) VALUES (1, 'regulars', 'product', now())"
                " ON CONFLICT DO NOTHING"
            )
            cursor.execute(
                "SELECT setval('kernel_source_id_seq', greatest(2, (SELECT max(id) + 1 FROM kernel_source)))"
            )
