"""What every page's shell needs to know. No query beyond the signed-in agent."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from regulars.accounts import selectors
from regulars.accounts.colleagues import Colleague
from regulars.web.access import may


@dataclass(frozen=True, slots=True)
class Place:
    """One page the rail leads to; a place whose address does not exist is left out."""

    name: str | Promise
    icon: str
    address_name: str
    capability: str = ""
    key: str = ""
    in_rail: str | Promise = ""  # where a language's word needs a place to break


PLACES = (
    Place(gettext_lazy("Home"), "home", "home", key="h"),
    Place(gettext_lazy("Inbox"), "inbox", "desk:inbox", "answer", "i"),
    Place(gettext_lazy("Numbers"), "chart", "numbers:page", "see_numbers", "n"),
    Place(gettext_lazy("Customers"), "customers", "customers:list", "see_customers", "c"),
    Place(
        gettext_lazy("Retention"), "retention", "retention:page", "see_numbers", "r", pgettext_lazy("rail", "Retention")
    ),
    Place(gettext_lazy("Import"), "import", "imports:list", "import_files", "m"),
    Place(gettext_lazy("Settings"), "settings", "settings:index", key="s", in_rail=pgettext_lazy("rail", "Settings")),
)

ROLES = {
    "owner": gettext_lazy("Owner"),
    "manager": gettext_lazy("Manager"),
    "agent": gettext_lazy("Agent"),
    "analyst": gettext_lazy("Analyst"),
}


def shell(request: HttpRequest) -> dict[str, Any]:
    """The rail, the palette, the agent's own look, the words scripts say, the nonce of the page."""
    agent = getattr(request, "user", None)
    common = {"csp_nonce": getattr(request, "csp_nonce", ""), "words": words}
    if not agent or not agent.is_authenticated:
        nobody = {"agent": None, "theme": "system", "density": "comfortable"}
        return {**common, **nobody, "has_owner": selectors.has_owner}  # asked by the sign-in page alone
    sees_customers = may(request, "see_customers")
    return {
        **common,
        "agent": agent,
        "agent_role": ROLES.get(agent.role, agent.role),
        "theme": agent.theme,
        "density": agent.density,
        "whoami": Colleague(agent.pk, agent.name, agent.email, agent.role, is_active=True),
        "sees_customers": sees_customers,
        # Worked out where they are shown: a part of a page has neither rail nor palette.
        "own_keys": lambda: json.dumps(agent.keys),
        "own_url": own_url,
        "rail": SimpleLazyObject(lambda: rail(request)),  # once, in several places
        "customer_search": lambda: address("customers:search") if sees_customers else None,
    }


def rail(request: HttpRequest) -> list[dict[str, Any]]:
    """The places this agent may go, the present one marked."""
    allowed = [place for place in PLACES if not place.capability or may(request, place.capability)]
    found = [(place, url) for place in allowed if (url := address(place.address_name))]
    return [{"place": place, "url": url, "is_current": _is_current(request.path, url)} for place, url in found]


def palette(places: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the palette offers besides customers: where to go, how it looks, the way out."""
    go = [
        {"name": item["place"].name, "icon": item["place"].icon, "url": item["url"], "key": item["place"].key}
        for item in places
    ]
    own = [
        {"name": _("Your sign-in"), "icon": "shield", "url": own_url(), "words": _("passkey security")},
        {"name": _("Your sessions"), "icon": "eye", "url": reverse("usersessions_list")},
    ]
    return [{"name": _("Go to"), "entries": go + own}, {"name": _("Do"), "entries": _deeds()}]


def _deeds() -> list[dict[str, str]]:
    look = _("theme look")
    return [
        {"name": _("Light theme"), "icon": "sun", "clicks": "#theme-light", "words": look},
        {"name": _("Dark theme"), "icon": "moon", "clicks": "#theme-dark", "words": look},
        {"name": _("Theme of the system"), "icon": "theme", "clicks": "#theme-system", "words": look},
        {"name": _("Comfortable rows"), "icon": "minus", "clicks": "#density-comfortable", "words": _("density")},
        {"name": _("Compact rows"), "icon": "dense", "clicks": "#density-compact", "words": _("density")},
        {"name": _("Show the keys"), "icon": "help", "clicks": "#you [data-opens=keys]", "words": _("help shortcuts")},
        {"name": _("Sign out"), "icon": "sign-out", "clicks": "#sign-out", "words": _("log out leave")},
    ]


def words() -> dict[str, str]:
    """What the scripts of the shell may have to say, in the reader's language."""
    return {
        "failed": _("That did not work. Nothing was changed; try again in a moment."),
        "forbidden": _("Your role does not allow this, or the page is too old: load it again. Nothing was changed."),
        "gone": _("This is not there any more. Nothing was changed; load the page again to see how things are now."),
        "often": _("That was asked too often in a short time. Nothing was changed; wait a minute, then try again."),
        "broke": _(
            "Something broke on our side, and it was noted. What you typed is still here; try again in a moment. "
            "If it happens again, tell whoever runs Regulars."
        ),
        "unreachable": _(
            "Regulars cannot be reached. What you typed is still here; try again when you are back online."
        ),
        "late": _(
            "No answer came in time. What you typed is still here, but it may have been done: "
            "load the page in another tab to see, before you repeat it."
        ),
        "close": _("Close"),
        "cancel": _("Cancel"),
        "yes": _("Yes, do it"),
        "sure": _("Are you sure?"),
        "copied": _("Copied."),
        "not_copied": _("The browser did not allow copying. Select the text and copy it by hand."),
        "no_passkey": _("No passkey was used. Try again, or choose another way to sign in."),
        "no_chart": _("The picture could not be drawn. The table below has the same numbers."),
    }


def own_url() -> str:
    """Where an agent looks after how they sign in."""
    return address("settings:security") or reverse("mfa_index")


def address(name: str, *arguments: object) -> str | None:
    """The address of a page, or none where there is no such page."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return None


def _is_current(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
