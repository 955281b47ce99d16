"""What agents, teams, channels and the like are called, by the text the figures group them by."""

from functools import cached_property
from typing import Any, Final

from django.utils.translation import gettext as _

from regulars.accounts import selectors as accounts
from regulars.channels import selectors as channels
from regulars.customers.selectors import labels as customer_labels
from regulars.desk.field_values import WITH_CHOICES, YES_NO
from regulars.desk.selectors import fields, numbers
from regulars.web.desk import words

FEW_ANSWERS: Final = WITH_CHOICES | {YES_NO}


class Names:
    """Choices and names of every dimension, each read when first needed."""

    def choices(self, by: str) -> list[tuple[str, str]]:
        """Every value with its name, for a select."""
        return list(self._of(by).items())

    def name(self, by: str, value: str) -> str:
        """One value's name; without one, that there is none."""
        if not value:
            return _("nobody") if by == "agent" else _("none")
        return self._of(by).get(value) or (
            value if "label" in by or by.startswith(numbers.FIELD) else _("one that is gone")
        )

    def _of(self, by: str) -> dict[str, str]:
        if by.startswith(numbers.FIELD):
            field = self.fields.get(by.removeprefix(numbers.FIELD))
            return {} if field is None else field.labels or {"true": _("yes"), "false": _("no")}
        return getattr(self, by.replace(" ", "_"), {})

    @cached_property
    def fields(self) -> dict[str, Any]:
        """The company's own fields that conversations can be told apart by: those with few answers."""
        return {field.key: field for field in fields.defined() if field.kind in FEW_ANSWERS}

    def by_fields(self) -> list[tuple[str, str]]:
        """Those fields as the figures ask for them, with their names."""
        return [(f"{numbers.FIELD}{key}", field.label) for key, field in self.fields.items()]

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
