"""How an agent likes the product to look, and in which language."""

from django.conf import settings

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


class NoSuchLanguage(Invalid):
    """Regulars does not speak this language yet; yours stays as it was."""


def speak(language: str, *, by: Actor) -> None:
    """Keep the agent's language; an empty one is whichever their browser asks for."""
    if language and language not in dict(settings.LANGUAGES):
        raise NoSuchLanguage
    Agent.objects.filter(pk=by.id).update(language=language)
