"""Macros: picked while one writes, and looked after on a page of their own."""

from django.contrib import messages as notices
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.customers.selectors import families, timelines
from regulars.desk import variables
from regulars.desk.actions import macros
from regulars.desk.selectors import threads, wording
from regulars.desk.selectors.threads import Conversation
from regulars.kernel import fact_names
from regulars.web.access import requires
from regulars.web.desk import properties
from regulars.web.middleware import AgentRequest


@require_safe
@requires("answer")
def choose(request: AgentRequest, pk: int) -> HttpResponse:
    """The macros as they would read in this conversation."""
    found = threads.shown(pk, by=request.actor)
    known = values(request, found)
    choices = [(macro, variables.fill(macro.text, known)) for macro in wording.macros(by=request.actor)]
    return render(request, "desk/macro_choices.html", {"choices": choices})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("answer")
def show(request: AgentRequest) -> HttpResponseBase:
    """Every macro with a form to change it, and one for a new one."""
    if request.method == "POST":
        macros.write(
            request.POST.get("name", ""),
            request.POST.get("text", ""),
            by=request.actor,
            is_shared=request.POST.get("for") != "me",
            macro_id=properties.number(request, "macro"),
        )
        notices.success(request, _("Kept."))
        return redirect("desk:macro_list")
    listed = wording.macros(by=request.actor)
    return render(request, "desk/macro_list.html", {"macros": listed, "variables": variables.NAMES})


@require_POST
@requires("answer")
def removal(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Throw one away."""
    macros.throw_away(pk, by=request.actor)
    notices.success(request, _("Thrown away. What was written with it stays."))
    return redirect("desk:macro_list")


def values(request: AgentRequest, found: Conversation) -> dict[str, str]:
    """What the variables say in this conversation."""
    family = families.family(found.customer_id)
    head, agent = family.head, str(request.actor.name)
    called = next((member.name for member in family.members if member.name), "")
    orders = timelines.timeline(family.ids, kind="orders", limit=1).facts
    last = next((fact for fact in orders if fact.name == fact_names.ORDER_COMPLETED), None)
    return {
        "customer.name": called,
        "customer.first_name": called.split()[0] if called else "",
        "customer.email": head.email,
        "customer.company": str(head.company or ""),
        "order.number": str(last.properties.get("order_id", "")) if last else "",
        "agent.name": agent,
        "agent.first_name": agent.split()[0] if agent.split() else agent,
        "conversation.number": str(found.pk),
        "conversation.subject": found.subject,
    }
