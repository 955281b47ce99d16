"""Rules: what the desk does by itself. Written on a form that works without scripts; tried before it is kept."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from regulars.desk.actions import rules
from regulars.desk.actions.rule_faults import CONDITIONS, Fault
from regulars.desk.selectors import sorting_out, trials
from regulars.desk.selectors.trials import Trial
from regulars.kernel import page_settings
from regulars.kernel.errors import DomainError, Invalid
from regulars.kernel.money import exponent
from regulars.web.access import requires
from regulars.web.desk import condition_form, condition_words
from regulars.web.desk.condition_form import Group, Scale
from regulars.web.desk.standing import zone
from regulars.web.middleware import AgentRequest
from regulars.web.settings import deed_form, rule_words
from regulars.web.settings.places import pages

SHOWN: Final = 10  # of the conversations a rule would touch
TRIGGERS: Final[dict[str, str | Promise]] = {
    "started": gettext_lazy("A conversation begins"),
    "received": gettext_lazy("The customer writes"),
    "replied": gettext_lazy("Somebody answers"),
    "assigned": gettext_lazy("It is given to somebody"),
    "changed": gettext_lazy("Its priority, label, subject, kind or a field changes"),
    "resolved": gettext_lazy("It is resolved"),
    "reopened": gettext_lazy("It is opened again"),
    "warned": gettext_lazy("A promise comes due soon"),
    "breached": gettext_lazy("A promise was not kept in time"),
    "not delivered": gettext_lazy("An answer did not arrive"),
    "time": gettext_lazy("Time passes: asked every two minutes"),
}


@require_safe
@requires("manage_desk")
def show(request: AgentRequest) -> HttpResponse:
    """Every rule in the order in which they are asked."""
    known = list(sorting_out.rules())
    faults = rules.faults(known)
    lines = [
        {
            "rule": rule,
            "when": [TRIGGERS[each] for each in rule.triggers if each in TRIGGERS],
            "faults": rule_words.faults(faults.get(rule.pk, [])),
        }
        for rule in known
    ]
    return render(request, "settings/rules.html", {"tabs": pages(request), "rules": lines})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("manage_desk")
def rule(request: AgentRequest, pk: int | None = None) -> HttpResponseBase:
    """One rule, or a new one; a button that only adds or removes a line shows the form again."""
    known = sorting_out.rule(pk) if pk is not None else None
    if request.method == "POST":
        return _edit(request, known)
    found = rules.faults([known]).get(known.pk, []) if known else []
    group = condition_form.drawn(_readable(known, found), _scale())
    return _page(request, known, group, faults=rule_words.faults(found), **_given(known))


@require_POST
@requires("manage_desk")
def pause(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Let a rule rest, or wake it."""
    rules.pause(pk, is_paused=not request.POST.get("wake"), by=request.actor)
    return redirect("settings:rules")


@require_POST
@requires("manage_desk")
def move(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Let a rule be asked earlier or later."""
    rules.move(pk, up=request.POST.get("to") == "up", by=request.actor)
    return redirect("settings:rules")


@require_POST
@requires("manage_desk")
def remove(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Throw a rule away."""
    rules.throw_away(pk, by=request.actor)
    messages.success(request, _("The rule is gone. What it did stays as it is."))
    return redirect("settings:rules")


def _edit(request: AgentRequest, known: Any) -> HttpResponseBase:
    said = request.POST
    offered = deed_form.Offered(deed_form.OF_RULES)
    group, lines = condition_form.read(said), offered.read(said)
    given: dict[str, Any] = {
        "name": said.get("name", ""),
        "triggers": said.getlist("triggers"),
        "lines": lines,
        "is_last": bool(said.get("is_last")),
    }
    if said.get("do") != "save":
        return _page(request, known, group, **given)
    try:
        rules.write(
            given["name"], triggers=given["triggers"], tree=condition_form.tree(group, _scale()),
            done=[line.deed for line in lines],
            is_last=given["is_last"], rule_id=known.pk if known else None, by=request.actor,
        )  # fmt: skip
    except DomainError as refusal:
        return _page(request, known, group, refusal=str(refusal), status=422, **given)
    messages.success(request, _("The rule is kept and obeyed from now on."))
    there = reverse("settings:rules")
    return HttpResponseClientRedirect(there) if request.htmx else redirect(there)


def _readable(known: Any, found: list[Fault]) -> dict[str, Any]:
    """A rule's conditions for the form; none where they cannot be read."""
    if known is None or any(each.what == CONDITIONS for each in found):
        return {"all": []}
    return known.conditions or {"all": []}


def _given(known: Any) -> dict[str, Any]:
    offered = deed_form.Offered(deed_form.OF_RULES)
    label = [{"deed": "label", "value": ""}]
    if known is None:
        return {"name": "", "triggers": ["started"], "lines": offered.drawn(label), "is_last": False}
    lines = offered.drawn(known.deeds)
    return {"name": known.name, "triggers": known.triggers, "lines": lines, "is_last": known.is_last}


def _page(
    request: AgentRequest, known: Any, group: Group, *, refusal: str = "", status: int = 200, **given: Any
) -> HttpResponse:
    context = {
        "tabs": pages(request),
        "rule": known,
        "group": group,
        "asked": condition_words.asked(group),
        "choices": condition_words.choices(),
        "currency": page_settings.value("currency"),
        "refusal": refusal,
        "all_triggers": TRIGGERS,
        "all_deeds": deed_form.Offered(deed_form.OF_RULES).choices,
        **_tried(_trial(request, group)),
        "firings": [] if known is None else sorting_out.firings(known.pk),
        **given,
    }
    part = "#form" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"settings/rule.html{part}", context, status=status)


def _trial(request: AgentRequest, group: Group) -> Trial | None:
    """What meets the conditions now; None while something is not filled in."""
    try:
        return trials.trial(condition_form.tree(group, _scale()), by=request.actor, limit=SHOWN)
    except Invalid:
        return None


def _tried(trial: Trial | None) -> dict[str, Any]:
    """How many, the first of them, and how many more: further on, or of teams the agent does not see."""
    if trial is None:
        return {"count": None}
    rows = trial.page.rows
    return {
        "count": trial.count,
        "fitting": rows,
        "more": max((trial.count or 0) - len(rows), 0),
        "goes_on": bool(trial.page.after),
    }


def _scale() -> Scale:
    currency = page_settings.value("currency")
    return Scale(10 ** exponent(currency), zone(), currency)
