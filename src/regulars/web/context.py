"""What every page's shell needs to know."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Place:
    """One page the rail leads to; a place whose address does not exist is left out."""

    name: str | Promise
    icon: str
    address_name: str
    capability: str = ""
    key: str = ""


PLACES = (
    Place(_("Home"), "home", "home", key="h"),
    Place(_("Customers"), "customers", "customers:list", "see_customers", "c"),
    Place(_("Retention"), "retention", "retention:page", "see_numbers", "r"),
    Place(_("Import"), "import", "imports:list", "import_files", "i"),
    Place(_("Settings"), "settings", "settings:index", key="s"),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """The rail, the agent's own settings, the nonce of the page."""
    agent = getattr(request, "user", None)
    is_signed_in = bool(agent and agent.is_authenticated)
    return {
        "agent": agent if is_signed_in else None,
        "theme": getattr(agent, "theme", "system"),
        "density": getattr(agent, "density", "comfortable"),
        "rail": rail(request) if is_signed_in else [],
        "csp_nonce": getattr(request, "csp_nonce", ""),
    }


def rail(request: HttpRequest) -> list[dict[str, Any]]:
    """The places this agent may go, the present one marked."""
    shown = [(place, url) for place in PLACES if (url := _address(place)) and _may(request, place.capability)]
    return [{"place": place, "url": url, "is_current": _is_current(request.path, url)} for place, url in shown]


def _address(place: Place) -> str | None:
    try:
        return reverse(place.address_name)
    except NoReverseMatch:
        return None


def _is_current(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)


def _may(request: HttpRequest, capability: str) -> bool:
    return True
