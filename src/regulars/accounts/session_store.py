"""Sessions as Django keeps them in the database; asking for one costs little, as every request does."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.db.models import DateTimeField, TextField
from django.db.models.expressions import RawSQL

from regulars.accounts.models import Agent, knowing
from regulars.kernel import clock, looking
from regulars.kernel.prepared import Compiled, Given

_WHOSE: Final = """(SELECT row_to_json(agent)::text FROM usersessions_usersession AS whose
    JOIN accounts_agent AS agent ON agent.id = whose.user_id WHERE whose.session_key = django_session.session_key)"""
_OF_KEY: Final = Compiled(
    lambda: Session.objects.filter(session_key=Given("key"), expire_date__gt=Given("now")).annotate(
        agent=RawSQL(_WHOSE, [], output_field=TextField())
    )
)
_COLUMNS: Final = {field.column: field.attname for field in Agent._meta.concrete_fields}
_MOMENTS: Final = [field.attname for field in Agent._meta.concrete_fields if isinstance(field, DateTimeField)]


class SessionStore(DatabaseSessions):
    """One browser's session; that of an agent comes with who they are, in one round trip."""

    _agent: Agent | None = None  # as they were when the session was loaded

    @contextmanager
    def at_hand(self) -> Iterator[None]:
        """For as long as this lasts, whoever came with the session is not asked for again."""
        self.get(SESSION_KEY)  # loads it
        with knowing(self._agent):
            yield

    def _get_session_from_db(self) -> Session | None:
        key = self.session_key
        found = looking.first(_OF_KEY, key=key, now=clock.now()) if key else None
        if found is None:
            self._session_key = None  # as Django does: it is over, or never was
            return None
        whose: str | None = getattr(found, "agent", None)
        self._agent = _agent(whose) if whose else None
        return found


def _agent(text: str) -> Agent:
    values = {_COLUMNS[column]: value for column, value in json.loads(text).items()}
    values |= {name: datetime.fromisoformat(values[name]) for name in _MOMENTS if values[name]}
    return Agent.from_db("default", list(values), list(values.values()))
