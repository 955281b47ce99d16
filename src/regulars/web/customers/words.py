"""What is said about customers, in words."""

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.accounts import selectors as accounts

PURPOSES: Final[dict[str, str | Promise]] = {
    "service": gettext_lazy("Service"),
    "goodwill": gettext_lazy("Goodwill"),
    "news": gettext_lazy("News"),
    "sales": gettext_lazy("Sales"),
}
PURPOSE_NOTES: Final[dict[str, str | Promise]] = {
    "service": gettext_lazy("about an order or a question"),
    "goodwill": gettext_lazy("thank-yous and how it went"),
    "news": gettext_lazy("newsletters"),
    "sales": gettext_lazy("offers"),
}
IDENTITIES: Final[dict[str, str | Promise]] = {
    "external": gettext_lazy("Id in your shop"),
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Phone"),
    "anonymous": gettext_lazy("Browser"),
    "handle": gettext_lazy("Handle"),
}
IDENTITY_ICONS: Final = {"external": "key", "email": "mail", "phone": "phone", "anonymous": "eye", "handle": "chat"}


def in_words(value: Any) -> str:
    """A value of JSON as one reads it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return ", ".join(in_words(each) for each in value) if isinstance(value, list) else str(value)


class ActorNames:
    """Who did it, by name; colleagues are asked for once, and only when somebody is named."""

    def __init__(self) -> None:
        self._agents: dict[str, str] | None = None

    def __call__(self, actor: str) -> str:
        """The name behind `agent:5`; what the product did by itself is Regulars."""
        kind, _colon, number = actor.partition(":")
        if kind == "agent" and number:
            if self._agents is None:
                self._agents = {str(agent.pk): str(agent) for agent in accounts.agents()}
            return self._agents.get(number, _("a former colleague"))
        return {
            "system": _("Regulars"),
            "customer": _("the customer"),
            "key": _("a program"),
            "rule": _("a rule"),
            "bot": _("the bot"),
        }.get(kind, actor)
