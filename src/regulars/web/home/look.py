"""The agent's own look of the product: theme and density."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from regulars.accounts.actions import looks
from regulars.web.middleware import AgentRequest


@require_POST
def change(request: AgentRequest) -> HttpResponse:
    """Keep the chosen look; without script, go back to the page it was chosen on."""
    looks.choose(by=request.actor, theme=request.POST.get("theme"), density=request.POST.get("density"))
    if request.htmx:
        return HttpResponse(status=204)
    back = request.POST.get("back", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_ours else "home")
