"""The cast: Olga owns, Mia manages, Ines and Bo are agents, Ann is an analyst."""

from collections.abc import Callable, Iterator
from functools import cache

import pytest
from django.contrib.auth.hashers import make_password
from django.core.cache import cache as shared_cache
from django.test import Client

from regulars.accounts.actions import agents
from regulars.accounts.models import Agent
from regulars.kernel.actors import SYSTEM

PASSWORD = "seven quiet herons wade"
CAST = {"olga": "owner", "mia": "manager", "ines": "agent", "bo": "agent", "ann": "analyst"}


@pytest.fixture
def cast(db: None) -> dict[str, Agent]:
    added = {
        name: agents.add(f"{name}@shop.example", role=role, name=name.title(), by=SYSTEM) for name, role in CAST.items()
    }
    for agent in added.values():
        agent.password = _hashed_once()
        agent.save(update_fields=["password"])
    return added


@cache
def _hashed_once() -> str:
    """Argon2 is slow on purpose; the cast shares one password."""
    return make_password(PASSWORD)


@pytest.fixture
def signed_in(cast: dict[str, Agent]) -> Callable[[str], Client]:
    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(cast[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture(autouse=True)
def nothing_counted(request: pytest.FixtureRequest) -> Iterator[None]:
    """Throttling counts in the cache, which no rollback of another test's may leave full."""
    yield
    if "transactional_db" in request.fixturenames:
        shared_cache.clear()
