"""Sessions as Django keeps them in the database; asking for one costs little, as every request does."""

from typing import Final

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session

from regulars.kernel import clock
from regulars.kernel.prepared import Compiled, Given

_OF_KEY: Final = Compiled(lambda: Session.objects.filter(session_key=Given("key"), expire_date__gt=Given("now")))


class SessionStore(DatabaseSessions):
    """One browser's session."""

    def _get_session_from_db(self) -> Session | None:
        key = self.session_key
        found = _OF_KEY.first(key=key, now=clock.now()) if key else None
        if found is None:
            self._session_key = None  # as Django does: it is over, or never was
        return found
