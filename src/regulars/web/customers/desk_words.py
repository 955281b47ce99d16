"""What happened at the desk, in words for the timeline."""

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.kernel import fact_names

Said = dict[str, Any]

# Of each fact: the icon, the sentence, and how it is meant.
SENTENCES: Final[dict[str, tuple[str, str | Promise, str]]] = {
    fact_names.CONVERSATION_STARTED: ("chat", gettext_lazy("A conversation began"), ""),
    fact_names.MESSAGE_RECEIVED: ("mail", gettext_lazy("Wrote to us"), ""),
    fact_names.REPLY_SENT: ("mail", gettext_lazy("Was answered"), "good"),
    fact_names.MESSAGE_NOT_DELIVERED: ("alert", gettext_lazy("An answer did not arrive"), "warn"),
    fact_names.MESSAGE_SENT_AGAIN: ("mail", gettext_lazy("An answer was sent once more"), ""),
    fact_names.NOTE_ADDED: ("edit", gettext_lazy("A colleague noted something"), ""),
    fact_names.CONVERSATION_ASSIGNED: ("person", gettext_lazy("A conversation changed hands"), ""),
    fact_names.CONVERSATION_OPENED: ("inbox", gettext_lazy("It was our turn again"), ""),
    fact_names.CONVERSATION_WAITING: ("clock", gettext_lazy("It was their turn"), ""),
    fact_names.CONVERSATION_SNOOZED: ("clock", gettext_lazy("A conversation was put aside"), ""),
    fact_names.CONVERSATION_WOKE: ("clock", gettext_lazy("A conversation came back"), ""),
    fact_names.CONVERSATION_RESOLVED: ("check", gettext_lazy("The matter was resolved"), "good"),
    fact_names.CONVERSATION_REOPENED: ("redo", gettext_lazy("The matter was taken up again"), "warn"),
    fact_names.PRIORITY_CHANGED: ("arrow-up", gettext_lazy("The priority changed"), ""),
    fact_names.CONVERSATION_LABELLED: ("label", gettext_lazy("A conversation was labelled"), ""),
    fact_names.CONVERSATION_UNLABELLED: ("label", gettext_lazy("A label was taken off a conversation"), ""),
    fact_names.CONVERSATION_CHANGED: ("edit", gettext_lazy("A conversation was filed differently"), ""),
    fact_names.MACRO_USED: ("bolt", gettext_lazy("A colleague used a macro"), ""),
    fact_names.CONVERSATION_MARKED_AS_SPAM: ("shield", gettext_lazy("A conversation was marked as spam"), "warn"),
    fact_names.CONVERSATION_NOT_SPAM: ("shield", gettext_lazy("A conversation was no spam after all"), ""),
    fact_names.CONVERSATIONS_MERGED: ("merge", gettext_lazy("Two conversations were joined"), ""),
    fact_names.CONVERSATION_MERGE_UNDONE: ("undo", gettext_lazy("Two conversations were taken apart"), ""),
    fact_names.CONVERSATION_SPLIT: ("merge", gettext_lazy("A conversation was begun out of another"), ""),
    fact_names.CONVERSATIONS_LINKED: ("link", gettext_lazy("A conversation was linked to another"), ""),
    fact_names.CONVERSATIONS_UNLINKED: ("link", gettext_lazy("A link to another conversation was taken away"), ""),
    fact_names.CONVERSATION_WATCHED: ("eye", gettext_lazy("A colleague watches a conversation"), ""),
    fact_names.CONVERSATION_UNWATCHED: ("eye", gettext_lazy("A colleague watches a conversation no more"), ""),
    fact_names.TARGET_WARNED: ("clock", gettext_lazy("A promise was about to be broken"), "warn"),
    fact_names.TARGET_BREACHED: ("alert", gettext_lazy("A promise was not kept in time"), "bad"),
    fact_names.SIDE_BEGUN: ("mail", gettext_lazy("Somebody else was asked"), ""),
    fact_names.SIDE_MESSAGE_SENT: ("mail", gettext_lazy("Somebody else was written to"), ""),
    fact_names.SIDE_MESSAGE_RECEIVED: ("mail", gettext_lazy("Somebody else answered"), ""),
    fact_names.SIDE_MESSAGE_NOT_DELIVERED: ("alert", gettext_lazy("Mail to somebody else did not arrive"), "warn"),
    fact_names.SIDE_DONE: ("check", gettext_lazy("A side conversation was closed"), ""),
    fact_names.SIDE_REOPENED: ("redo", gettext_lazy("A side conversation went on"), ""),
}
PRIORITIES: Final[dict[int, str | Promise]] = {
    1: gettext_lazy("urgent"),
    2: gettext_lazy("high"),
    3: gettext_lazy("normal"),
    4: gettext_lazy("low"),
}


def note(name: str, said: Said, by: str) -> str:
    """What a line says besides: which conversation, what changed, who did it."""
    number = said.get("conversation_id")
    parts = [
        f"#{number}" if number else "",
        str(said.get("label") or ""),
        str(PRIORITIES.get(said.get("priority", 0), "")) if name == fact_names.PRIORITY_CHANGED else "",
        f"#{said['merged']}" if said.get("merged") else "",
        f"#{said['linked']}" if said.get("linked") else "",
        _("automatic") if said.get("automatic") else "",
        by if said.get("by", "").partition(":")[0] in ("agent", "bot", "rule") else "",
    ]
    return " · ".join(part for part in parts if part)
