"""What agents, teams, channels and the like are called, by the text the figures group them by."""

from functools import cached_property

from django.utils.translation import gettext as _

from regulars.accounts import selectors as accounts
from regulars.channels import selectors as channels
from regulars.customers.selectors import labels as customer_labels
from regulars.desk.selectors import numbers
from regulars.web.desk import words


class Names:
    """Choices and names of every dimension, each read when first needed."""

    def choices(self, by: str) -> list[tuple[str, str]]:
        """Every value with its name, for a select."""
        return list(self._of(by).items())

    def name(self, by: str, value: str) -> str:
        """One value's name; without one, that there is none."""
        if not value:
            return _("nobody") if by == "agent" else _("none")
        return self._of(by).get(value) or (value if "label" in by else _("one that is gone"))

    def _of(self, by: str) -> dict[str, str]:
        return getattr(self, by.replace(" ", "_"), {})

    @cached_property
    def agent(self) -> dict[str, str]:
        return {str(agent.pk): str(agent) for agent in accounts.agents()}

    @cached_property
    def team(self) -> dict[str, str]:
        return {str(team.pk): team.name for team in accounts.teams()}

    @cached_property
    def channel(self) -> dict[str, str]:
        return {str(channel.pk): channel.name for channel in channels.channels()}

    @cached_property
    def priority(self) -> dict[str, str]:
        return {str(priority): str(name) for priority, name in words.PRIORITIES.items()}

    @cached_property
    def kind(self) -> dict[str, str]:
        return {kind: str(name) for kind, name in words.KINDS.items()}

    @cached_property
    def label(self) -> dict[str, str]:
        return {name: name for name in numbers.label_names()}

    @cached_property
    def customer_label(self) -> dict[str, str]:
        return {name: name for name in customer_labels.names()}
