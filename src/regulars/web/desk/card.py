"""The customer card beside a conversation: who this is, what to expect, what else there is."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from regulars.customers.selectors import cards as cards_of_customers
from regulars.desk.selectors import cards
from regulars.desk.selectors.threads import Conversation
from regulars.kernel import page_settings
from regulars.web.access import may
from regulars.web.customers import desk_words, fact_words
from regulars.web.customers import words as customer_words
from regulars.web.customers.outlook import outlook
from regulars.web.desk import words
from regulars.web.middleware import AgentRequest
from regulars.web.templatetags import house, kept

LINES = 6
LONGEST_TITLE = 80
_AT_THE_DESK = tuple(desk_words.SENTENCES)


def context(request: AgentRequest, found: Conversation) -> dict[str, Any]:
    """What the card needs."""
    profile = cards_of_customers.card(found.customer, but=_AT_THE_DESK, most=LINES)
    reader = fact_words.Reader(customer_words.ActorNames(), page_settings.value("currency"))
    return {
        "profile": profile,
        "ways": [
            (way, customer_words.IDENTITIES[way.kind], customer_words.IDENTITY_ICONS[way.kind])
            for way in profile.identities
            if way.kind != "anonymous"
        ],
        "outlook": outlook(profile.traits),
        "happened": [fact_words.line(fact, reader) for fact in profile.lately],
        "others": others(request, profile.ids, without=found.pk),
        "related": [(one, words.LINKS.get(one.why, one.why)) for one in cards.related(found, by=request.actor)],
        "sees_customer": may(request, "see_customers"),
    }


def others(request: AgentRequest, customer_ids: list[int], *, without: int | None = None) -> dict[str, Any]:
    """The customer's conversations with how each stands."""
    found = cards.of_customer(customer_ids, by=request.actor, without=without)
    rows = [_row(row) for row in found.rows]
    return {"rows": rows, "count": found.count, "more": found.count - len(rows)}


def _row(row: Conversation) -> SafeString:
    tone = words.STATUS_TONES[row.status]
    said = {"pk": row.pk, "title": _title(row), "status": words.STATUSES[row.status], "tone": tone}
    return kept.put_together("desk/others_row.html", **said, moment=house.when(row.last_at))


def _title(row: Conversation) -> str:
    text = row.subject or row.preview or _("Without a subject")
    return text if len(text) <= LONGEST_TITLE else Truncator(text).chars(LONGEST_TITLE)  # which takes long
