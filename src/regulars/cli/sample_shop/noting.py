"""What the sample shop notes about its conversations, and the macros it answers with."""

from collections.abc import Mapping
from typing import Final

from regulars.desk.actions import field_definitions, macros
from regulars.desk.selectors import fields, wording
from regulars.kernel.actors import SYSTEM

REASONS: Final = ("Late parcel", "Damaged", "Wrong item", "Question about coffee", "Subscription", "Something else")
REASON_OF: Final = {  # by label
    "Delivery": "late_parcel", "Damaged": "damaged", "Coffee advice": "question_about_coffee", "Plan": "subscription",
}  # fmt: skip

Deed = tuple[str, str]
# Name, text, what it does.
MACROS: Final[tuple[tuple[str, str, tuple[Deed, ...]], ...]] = (
    (
        "Late parcel: on its way",
        "Dear {{customer.first_name|friend}},\n\nI am sorry you are waiting. Your order {{order.number}} is with the "
        "carrier and will be with you in two days. If it is not, write one word back and a new one leaves at once."
        "\n\n{{agent.first_name}}",
        (("label", "Delivery"), ("field", "reason=late_parcel"), ("snooze_for", "3d")),
    ),
    (
        "Damaged: a new one leaves today",
        "Dear {{customer.first_name|friend}},\n\nthat should not have happened. A new parcel leaves today; you need "
        "not send anything back.\n\n{{agent.first_name}}",
        (("label", "Damaged"), ("field", "reason=damaged"), ("resolve", "")),
    ),
    (
        "Which coffee?",
        "Dear {{customer.first_name|friend}},\n\nhow do you brew it, and do you like it bright or round? Then I can "
        "name two that suit you.\n\n{{agent.first_name}}",
        (("field", "reason=question_about_coffee"), ("wait", "")),
    ),
    ("To the coffee people", "", (("team", "Coffee advice"), ("assign", ""))),
    ("Thanks, and done", "", (("field", "reason=something_else"), ("resolve", ""))),
)


def note(teams: Mapping[str, int]) -> None:
    """Fields and macros, made once."""
    if fields.every() or wording.found("", by=SYSTEM):
        return
    choices = [{"label": label} for label in REASONS]
    field_definitions.define("Reason", "choice", choices=choices, help="What it was about in the end.", by=SYSTEM)
    field_definitions.define("Order", "short text", help="If it is about one.", by=SYSTEM)
    field_definitions.define("Goodwill given", "money", by=SYSTEM)
    for name, text, done in MACROS:
        macros.write(name, text, done=[_deed(deed, value, teams) for deed, value in done], by=SYSTEM)


def fields_of(labels: tuple[str, ...], order: str) -> dict[str, str]:
    """What an agent would have noted about a conversation with these labels."""
    return {"reason": REASON_OF.get(labels[0], "something_else"), "order": order}


def _deed(deed: str, value: str, teams: Mapping[str, int]) -> dict[str, str]:
    return {"deed": deed, "value": str(teams[value]) if deed == "team" and value else value}
