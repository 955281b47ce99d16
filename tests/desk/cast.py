"""The cast at the desk: customers Ada and Musa, agents Ines and Bo, one mailbox."""

from regulars.accounts.models import Agent
from regulars.channels.actions import setting_up
from regulars.channels.models import Channel
from regulars.desk.actions import conversations, messages
from regulars.desk.actions.messages import Written
from regulars.desk.models import Conversation
from regulars.kernel.actors import SYSTEM, Actor


def make_agent(name: str, *, role: str = "agent") -> Agent:
    """A colleague with this name."""
    return Agent.objects.create_user(f"{name.casefold()}@shop.example", name=name, role=role)


def make_mailbox(address: str = "help@shop.example") -> Channel:
    """A channel for mail."""
    return setting_up.create("email", f"Mail to {address}", by=SYSTEM, address=address)


def ask(customer_id: int, channel: Channel, text: str = "Where is my order?", *, subject: str = "") -> Conversation:
    """A customer begins a conversation."""
    by = Actor("customer", customer_id)
    held = conversations.start(customer_id, channel_id=channel.pk, by=by, subject=subject or text)
    messages.receive(held.pk, Written(text=text), by=by)
    return Conversation.objects.get(pk=held.pk)
