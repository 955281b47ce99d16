"""How an agent likes the product to look."""

from regulars.accounts.models import Agent
from regulars.kernel.actors import Actor
from regulars.kernel.errors import Invalid

CHOICES = {"theme": ("system", "light", "dark"), "density": ("comfortable", "compact")}


class NoSuchLook(Invalid):
    """There is no such look; yours stays as it was."""


def choose(*, by: Actor, theme: str | None = None, density: str | None = None) -> None:
    """Keep the agent's theme, density or both; what is not given stays."""
    wanted = {name: value for name, value in (("theme", theme), ("density", density)) if value is not None}
    if not all(value in CHOICES[name] for name, value in wanted.items()):
        raise NoSuchLook
    if wanted:
        Agent.objects.filter(pk=by.id).update(**wanted)
