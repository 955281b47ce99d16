"""Our own people and teams as another desk names them: by address, by name."""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass

from regulars.accounts import selectors as accounts
from regulars.channels.selectors import addresses


@dataclass(frozen=True, slots=True)
class Colleagues:
    """Each colleague's number and name by address, each team's number by name, and our channels; in lower case."""

    agents: MutableMapping[str, tuple[int, str]]  # grows when a move makes some
    teams: Mapping[str, int]
    own: Mapping[str, int]

    def is_own(self, address: str) -> bool:
        """Whether it is the address of one of our channels."""
        return addresses.is_own(address, dict(self.own))

    def is_ours(self, address: str) -> bool:
        """Whether it is a channel's or a colleague's."""
        return address.lower() in self.agents or self.is_own(address)


def colleagues() -> Colleagues:
    """Everybody there is or was, and the teams that take conversations."""
    agents = {email.lower(): (pk, name) for email, pk, name in accounts.agents().values_list("email", "pk", "name")}
    teams = {name.lower(): pk for name, pk in accounts.teams().values_list("name", "pk")}
    return Colleagues(agents, teams, addresses.own())
