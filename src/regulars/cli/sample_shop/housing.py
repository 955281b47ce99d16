"""Who works in the sample shop, in which teams, and where its mail comes in."""

from typing import Final

from regulars.accounts import roles
from regulars.accounts import selectors as accounts
from regulars.accounts.actions import agents, teams
from regulars.channels import selectors as channels
from regulars.channels.actions import setting_up
from regulars.cli.sample_shop.service import House
from regulars.kernel.actors import SYSTEM, Actor

OWNER: Final = ("ines@shop.example", "Ines Weber", roles.OWNER)
COLLEAGUES: Final = (
    OWNER,
    ("bo@shop.example", "Bo Lindqvist", roles.AGENT),
    ("mara@shop.example", "Mara Silva", roles.AGENT),
    ("jonas@shop.example", "Jonas Keller", roles.MANAGER),
)
TEAMS: Final = {"Orders": ("ines@shop.example", "bo@shop.example"), "Coffee advice": ("mara@shop.example",)}
ADDRESS: Final = "help@harbour.example"


def open_house() -> House:
    """Colleagues, teams and the mailbox, made once."""
    people = {email: _agent(email, name, role) for email, name, role in COLLEAGUES}
    known = {team.name: team.pk for team in accounts.teams()}
    for name, members in TEAMS.items():
        if name not in known:
            known[name] = teams.create(name, by=SYSTEM, agent_ids=[people[email].id or 0 for email in members]).pk
    return House(channel_id=_mailbox(), teams=known, agents=tuple(people.values()))


def _agent(email: str, name: str, role: str) -> Actor:
    found = accounts.agent_by_email(email) or agents.add(email, role=role, name=name, by=SYSTEM)
    return found.actor


def _mailbox() -> int:
    for channel in channels.channels():
        if channel.address == ADDRESS:
            return channel.pk
    return setting_up.create("email", "Help", by=SYSTEM, address=ADDRESS).pk
