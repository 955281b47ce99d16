"""The Numbers page: how the desk is doing, in one sentence's worth of choices."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from regulars.desk.selectors import policies
from regulars.web.access import may, requires
from regulars.web.middleware import AgentRequest
from regulars.web.numbers import reports, showing
from regulars.web.numbers.asking import Asking, asked, by_names
from regulars.web.numbers.links import Links, Place


@require_safe
@requires("see_numbers")
def show(request: AgentRequest) -> HttpResponse:
    """The page; with htmx only its answer, when a blank of the sentence was filled anew."""
    form = Asking(request.GET)
    context: dict[str, Any] = {"form": form, "address": request.GET.urlencode(), "manages": may(request, "manage_desk")}
    context |= {"reports": reports.shown(request), "rhythms": reports.RHYTHMS.items()}
    is_valid = form.is_valid()
    if is_valid:
        context |= _answered(form, Links(request.GET))
    part = "#answer" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"numbers/page.html{part}", context, status=200 if is_valid else 422)


def _answered(form: Asking, links: Links) -> dict[str, Any]:
    asking = asked(form)
    found = showing.answer(asking)
    days, volume = sorted(found.backlog), found.volume.whole
    left = found.backlog[days[-1]].left if days else None
    return {
        "asking": asking,
        "volume": volume,
        "is_empty": not volume.began and not any(each.left for each in found.backlog.values()),
        "has_targets": bool(policies.in_force().policy.targets),
        "lines": showing.lines(found, links),
        "steps": showing.step_rows(found, links),
        "groups": showing.group_rows(found, links),
        "by_name": dict(by_names(asking.names))[asking.question.by],
        "workload": showing.workload_rows(found, links),
        "left": left,
        "counts": {
            **{name: links.count(getattr(volume, name), name) for name in ("began", "resolved", "reopened")},
            "left": links.count(left, "backlog", Place(at=days[-1].isoformat() if days else "")),
        },
        "says": showing.sentences(found),
        "since": date_format(asking.question.since),
        "until": date_format(form.cleaned_data["until"] or form.today),
    }
