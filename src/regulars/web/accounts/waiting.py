"""What somebody reads who asked too often."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

WAIT_SECONDS = 60


def too_many(request: HttpRequest) -> HttpResponse:
    """Say how long to wait; every limit that answers this way counts by the minute."""
    answer = render(request, "429.html", status=429)
    answer["Retry-After"] = str(WAIT_SECONDS)
    return answer
