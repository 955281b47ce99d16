"""How an agent likes the product to look."""

from django.utils.translation import gettext_noop as _

from regulars.accounts.models import Agent
from regulars.kernel.errors import Invalid

CHOICES = {"theme": ("system", "light", "dark"), "density": ("comfortable", "compact")}
_("There is no such look; yours stays as it was.")


class NoSuchLook(Invalid):
    """There is no such look; yours stays as it was."""


def choose(agent_id: int, *, theme: str | None = None, density: str | None = None) -> None:
    """Keep the agent's theme, density or both; what is not given stays."""
    wanted = {name: value for name, value in (("theme", theme), ("density", density)) if value is not None}
    if not all(value in CHOICES[name] for name, value in wanted.items()):
        raise NoSuchLook
    if wanted:
        Agent.objects.filter(pk=agent_id).update(**wanted)
