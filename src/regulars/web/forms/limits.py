"""How often somebody who is nobody yet may ask: counted like attempts to sign in, by address and by what they typed."""

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse

# Every limit of these pages counts by ten minutes (ACCOUNT_RATE_LIMITS).
WAIT_SECONDS = 600


def is_too_often(request: HttpRequest, action: str, *, key: str = "") -> bool:
    """Count one attempt; true when it is one too many."""
    return not ratelimit.consume(request, action=action, key=key)


def slowed(answer: HttpResponse) -> HttpResponse:
    """Say to programs how long to wait; the page says it to people."""
    answer["Retry-After"] = str(WAIT_SECONDS)
    return answer
