"""The figures by mail: wishing for them, stopping them, writing the mail."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import structlog
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from regulars.accounts import permission
from regulars.insights import reporting
from regulars.kernel import clock, events, page_settings
from regulars.web.access import requires
from regulars.web.middleware import AgentRequest
from regulars.web.numbers import showing
from regulars.web.numbers.asking import LAST, Asking, NotAsked, asked, by_names, from_address
from regulars.web.numbers.links import Links
from regulars.web.numbers.names import Names

log = structlog.get_logger(__name__)

PAGE: Final = "numbers"
RHYTHMS: Final[dict[str, str | Promise]] = {
    "day": gettext_lazy("every morning"),
    "week": gettext_lazy("every Monday"),
    "month": gettext_lazy("on the first of each month"),
}


UNNARROWED: Final = frozenset({"last", "since", "until", "step", "by", "time"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A report in the list of one's own."""

    report: Any
    name: str


@require_POST
@requires("see_numbers")
def create(request: AgentRequest) -> HttpResponse:
    """Have the page as it stands mailed from now on."""
    question = request.POST.get("question", "")
    from_address(QueryDict(question))
    reporting.wish(PAGE, question, every=request.POST.get("every", ""), by=request.actor)
    messages.success(request, _("Kept. The figures come by mail, in the morning."))
    return _back(question)


@require_POST
@requires("see_numbers")
def remove(request: AgentRequest, pk: int) -> HttpResponse:
    """Have it mailed no more."""
    reporting.stop(pk, by=request.actor)
    messages.success(request, _("Stopped. No more mail with these figures."))
    return _back("")


def shown(request: AgentRequest) -> list[Shown]:
    """One's own reports, in words."""
    return [Shown(report, _named(report)) for report in reporting.wished_by(request.actor.id or 0, page=PAGE)]


@transaction.atomic
def mail(report_id: int, *, due: str = "") -> bool:
    """Write and send one report; false when nobody wants it any more, may not see it, or has it for this `due`.

    It ends with yesterday: what comes in the morning is about days that are over.
    """
    if due and not events.once(f"report:{report_id}:{due}", by=reporting.MAIL):
        return False
    report = reporting.one(report_id)
    if report is None or not permission.has("see_numbers", by=report.agent.actor):
        return False
    with translation.override(report.agent.language or settings.LANGUAGE_CODE):
        try:
            letter = _letter(report)
        except NotAsked:
            log.warning("a report by mail asks what cannot be answered any more", report_id=report_id)
            return False
        letter.send()
    return True


def _letter(report: Any) -> EmailMultiAlternatives:
    given = QueryDict(report.question)
    yesterday = clock.today(page_settings.value("time_zone")) - timedelta(days=1)
    found = showing.answer(from_address(given, today=yesterday))
    company = page_settings.value("company_name") or "Regulars"
    question = found.asked.question
    context = {
        "company": company,
        "since": date_format(question.since),
        "until": date_format(found.asked.last_day),
        "lines": showing.lines(found, Links(given)),
        "groups": showing.group_rows(found, Links(given)),
        "volume": found.volume.whole,
        "says": showing.sentences(found),
        "is_business": found.asked.is_business,
        "only": found.asked.only,
        "url": f"{settings.PUBLIC_URL}{reverse('numbers:page')}?{report.question}",
        "stop": f"{settings.PUBLIC_URL}{reverse('numbers:page')}#mail-title",
    }
    subject = _("%(company)s: the figures from %(since)s to %(until)s") % context
    letter = EmailMultiAlternatives(
        " ".join(subject.split()), render_to_string("numbers/mail/report.txt", context), None, [report.agent.email]
    )
    letter.attach_alternative(render_to_string("numbers/mail/report.html", context), "text/html")
    return letter


def _named(report: Any) -> str:
    """What it is about and how often it comes."""
    given = QueryDict(report.question)
    last = str(dict(LAST).get(given.get("last") or "28", _("the days below")))
    by = str(dict(by_names(Names())).get(given.get("by") or "", "")) if given.get("by") else ""
    rhythm = str(RHYTHMS[report.every])
    return ", ".join(part for part in (rhythm, last, _("by %(by)s") % {"by": by} if by else "", *_only(given)) if part)


def _only(given: QueryDict) -> list[str]:
    """What it is narrowed to; an address that narrows nothing asks the database nothing."""
    if not any(given.values()) or set(given) <= UNNARROWED:
        return []
    form = Asking(given)
    return asked(form).only if form.is_valid() else [_("asks for something that is there no more")]


def _back(question: str) -> HttpResponse:
    return redirect(f"{reverse('numbers:page')}{'?' if question else ''}{question}")
