"""The part of the Retention page that says how many bought again."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regulars.insights.errors import NothingYet
from regulars.insights.selectors import repeat
from regulars.kernel import page_settings
from regulars.web.access import requires
from regulars.web.middleware import AgentRequest
from regulars.web.retention.asking import Asking, asked


@require_safe
@requires("see_numbers")
def show(request: AgentRequest) -> HttpResponse:
    """Two rates, by orders and by days; nothing where there is nothing to count."""
    form = Asking(request.GET, zone=page_settings.value("time_zone"))
    if not form.is_valid():
        return HttpResponse(status=422)
    question = asked(form).question
    try:
        by_orders, by_days = repeat.repeat_rates(question.begin, zone=question.zone)
    except NothingYet:
        return HttpResponse("")
    context = {"by_orders": by_orders, "by_days": by_days, "zone": question.zone, "meant": question.begin}
    return render(request, "retention/again.html", context)
