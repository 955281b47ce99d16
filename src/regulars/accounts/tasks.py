"""Tidying: what has expired is removed, so that it is kept no longer than it is of use."""

from importlib import import_module

from django.conf import settings
from django.db import connection

from regulars.accounts.models import OneTimeLink
from regulars.kernel import clock, jobs

TIDY = "accounts.tidy"


@jobs.task(TIDY, retry=jobs.NEVER, every="17 * * * *", queueing_lock=TIDY)
def tidy(timestamp: int) -> None:
    """Remove expired sessions, one-time links and throttling marks. The next tick mends a failed one."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    OneTimeLink.objects.filter(expires_at__lt=clock.now()).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_cache WHERE expires < now()")
