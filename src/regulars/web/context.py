"""What every page's shell needs to know."""

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """The rail, the agent's own settings, the company's name."""
    return {}
