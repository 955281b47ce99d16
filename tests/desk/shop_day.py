"""A morning at the desk for stories: ten customers, two channels, a team, labels, and something in every state."""

from datetime import timedelta
from typing import Any

from regulars.accounts.actions import teams
from regulars.accounts.models import Agent
from regulars.desk.actions import assignments, conversations, drafts, labels, messages, spam, states
from regulars.desk.actions.messages import Written
from regulars.desk.models import Conversation
from regulars.kernel import clock
from regulars.kernel.actors import SYSTEM
from tests.customers.cast import make_customer
from tests.desk.cast import ask, make_agent, make_mailbox

SAID = (
    ("Ada Moreno", "The second box arrived broken too", "I really like your coffee, but this is the second time."),
    ("Musa Traoré", "Can I move my subscription to June?", "We are away for a month and I would rather not."),
    ("Jun Kimura", "Invoice without VAT number", "Our accountant asks for an invoice that shows our number."),
    ("Lea Steiner", "Grinder setting for the new beans?", "One notch finer was too bitter for us."),
    ("Paul Okafor", "Thank you, and a question", "The replacement came in two days, wonderful. Do you also sell cups?"),
    ("Ines Duarte", "Wrong address on my last order", "It went to my old flat, could you call the courier?"),
    ("Kofi Mensah", "Do you ship to Ghana?", "A friend gave me a bag and I would like more of it."),
    ("Marta Nowak", "Pause for the summer", "Please hold everything until September."),
    ("Tom Baker", "Refund for order 20318", "The bank shows nothing yet."),
    ("Best Offers", "You have won", "Click here."),
)


def open_shop(agent: Agent, *, more: int = 0) -> dict[str, Conversation]:
    """The morning, seen by this agent; by the first name of who wrote. `more` adds as many plain ones."""
    mail, form = make_mailbox(), make_mailbox("orders@shop.example")
    told = {name.split()[0]: _asked(name, subject, text, mail) for name, subject, text in SAID}
    bo = make_agent("Bo")
    team = teams.create("Subscriptions", by=SYSTEM, agent_ids=[agent.pk])
    by: Any = {"by": agent.actor}
    for first in ("Ada", "Musa", "Jun", "Marta", "Paul", "Lea"):
        assignments.to_agent(told[first].pk, agent.pk, **by)
    assignments.to_agent(told["Tom"].pk, bo.pk, **by)
    for first in ("Musa", "Marta"):
        assignments.to_team(told[first].pk, team.pk, **by)
    conversations.prioritise(told["Ada"].pk, Conversation.URGENT, **by)
    conversations.prioritise(told["Tom"].pk, Conversation.HIGH, **by)
    for first, word in (("Ada", "torn bag"), ("Ada", "courier B"), ("Jun", "invoice"), ("Kofi", "shipping")):
        labels.put(told[first].pk, word, **by)
    messages.note(told["Kofi"].pk, Written(text="Ines, do we?"), by=bo.actor, mentioned=[agent.pk])
    states.snooze(told["Marta"].pk, until=clock.now() + timedelta(days=9), **by)
    states.wait(told["Lea"].pk, **by)
    states.resolve(told["Paul"].pk, **by)
    spam.mark(told["Best"].pk, **by)
    drafts.save(told["Jun"].pk, text="Dear Jun, here is", **by)
    _set_clock(told["Ada"], hours=-2, due=timedelta(minutes=21))
    _set_clock(told["Musa"], hours=-5, due=timedelta(hours=3))
    _set_clock(told["Jun"], hours=-26, due=timedelta(minutes=-90))
    for number in range(more):
        _asked(f"Customer {number:03}", f"Question {number:03}", "Just a question.", form)
    return told


def _asked(name: str, subject: str, text: str, channel: Any) -> Conversation:
    address = f"{name.replace(' ', '.').casefold()}@example.com"
    return ask(make_customer(name, email=address).pk, channel, text, subject=subject)


def _set_clock(conversation: Conversation, *, hours: float, due: timedelta) -> None:
    now = clock.now()
    at = now + timedelta(hours=hours)
    Conversation.objects.filter(pk=conversation.pk).update(waiting_since=at, last_at=at, due_at=now + due)
