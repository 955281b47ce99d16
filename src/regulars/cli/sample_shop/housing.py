"""Who works in the sample shop, in which teams, and where its mail comes in."""

from dataclasses import replace
from typing import Final

from regulars.accounts import roles
from regulars.accounts import selectors as accounts
from regulars.accounts.actions import agents, teams
from regulars.channels import selectors as channels
from regulars.channels.actions import forms, setting_up
from regulars.channels.selectors.forms import door_of
from regulars.channels.webform.definitions import CHOICE, TEXT, Field, Form
from regulars.cli.sample_shop.service import House
from regulars.kernel import page_settings
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
CONTACT: Final = Form(
    slug="contact",
    title="Contact us",
    intro="Write to us about an order, or about coffee. We answer every day, mostly within a few hours.",
    fields=(
        Field(id="topic", kind=CHOICE, label="What is it about?", choices=("My order", "A return", "Coffee advice")),
        Field(id="order", kind=TEXT, label="Order number", help="It stands in the mail that confirmed the order."),
    ),
)


def open_house() -> House:
    """Colleagues, teams and the mailbox, made once."""
    people = {email: _agent(email, name, role) for email, name, role in COLLEAGUES}
    known = {team.name: team.pk for team in accounts.teams()}
    for name, members in TEAMS.items():
        if name not in known:
            known[name] = teams.create(name, by=SYSTEM, agent_ids=[people[email].id or 0 for email in members]).pk
    mailbox_id = _mailbox()
    _open_doors(mailbox_id, team_id=known["Orders"])
    return House(channel_id=mailbox_id, teams=known, agents=tuple(people.values()))


def _agent(email: str, name: str, role: str) -> Actor:
    found = accounts.agent_by_email(email) or agents.add(email, role=role, name=name, by=SYSTEM)
    return found.actor


def _mailbox() -> int:
    for channel in channels.channels():
        if channel.address == ADDRESS:
            return channel.pk
    return setting_up.create("email", "Help", by=SYSTEM, address=ADDRESS).pk


def _open_doors(mailbox_id: int, *, team_id: int) -> None:
    """A form on the web, and the mailbox that lets customers into the portal."""
    if door_of("contact") is None:
        forms.create(replace(CONTACT, mailbox_id=mailbox_id), by=SYSTEM, team_id=team_id)
        page_settings.change("portal_mailbox", str(mailbox_id), by=SYSTEM)
