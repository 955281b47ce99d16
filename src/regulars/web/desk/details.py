"""The subject, the language and the fields of a conversation, and who watches it, on a page with room for them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from regulars.accounts import colleagues
from regulars.desk.selectors import reading, threads
from regulars.web.access import requires
from regulars.web.desk import language_words, noted
from regulars.web.middleware import AgentRequest


@require_safe
@requires("answer")
def show(request: AgentRequest, pk: int) -> HttpResponse:
    """Forms for the subject, the language, each field and who watches."""
    found = threads.shown(pk, by=request.actor)
    context = {
        "conversation": found,
        "languages": language_words.every_and(found.language),
        **noted.context(found),
        **_watching(request, found),
    }
    return render(request, "desk/details.html", context)


def _watching(request: AgentRequest, found: threads.Conversation) -> dict[str, Any]:
    """Who hears of it though it is not theirs, and who else could; one who has left is still named."""
    names = colleagues.colleagues().names
    ids = list(reading.watches(found).values_list("agent", flat=True))
    others = colleagues.colleagues().answering_before(request.actor.id)
    return {
        "watchers": [(pk, names.get(pk, _("a former colleague"))) for pk in ids],
        "not_watching": [agent for agent in others if agent.pk not in ids],
    }
