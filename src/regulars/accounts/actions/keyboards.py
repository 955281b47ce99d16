"""How an agent uses the keyboard; kept with them, so that another machine knows it too."""

from collections.abc import Mapping
from typing import Final

from regulars.accounts.models import Agent
from regulars.kernel.actors import Actor
from regulars.kernel.errors import Invalid

DEEDS: Final = frozenset("rnmesapl")  # the usual letters of what may have another
TAKEN: Final = frozenset("jkxg/?")  # letters that walk, tick, go and search for everybody


class NoSuchKeys(Invalid):
    """These letters cannot be used together; your keys stay as they were."""


def choose(
    *, by: Actor, own: Mapping[str, str] | None = None, is_single: bool | None = None, opens: bool | None = None
) -> None:
    """Keep letters of their own for deeds, whether single keys count, and whether J and K open, as far as given.

    `own` says by usual letter which one is wanted instead, and replaces what there was.
    """
    agent = Agent.objects.only("keys").get(pk=by.id)
    given = {"own": _usable(own) if own is not None else None, "single": is_single, "opens": opens}
    agent.keys = {**agent.keys, **{name: value for name, value in given.items() if value is not None}}
    agent.save(update_fields=["keys"])


def _usable(own: Mapping[str, str]) -> dict[str, str]:
    """Each deed of ours, each letter once, none that means something already."""
    if not set(own) <= DEEDS or not all(_is_letter(wanted) for wanted in own.values()):
        raise NoSuchKeys
    letters = {own.get(usual, usual) for usual in DEEDS}
    if len(letters) < len(DEEDS) or letters & TAKEN:
        raise NoSuchKeys
    return dict(own)


def _is_letter(wanted: object) -> bool:
    return isinstance(wanted, str) and len(wanted) == 1 and wanted == wanted.lower() and not wanted.isspace()
