"""An agent's own name and language, and the way to everything about their sign-in."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regulars.accounts.actions import agents, looks
from regulars.web import languages
from regulars.web.accounts.forms import refused
from regulars.web.middleware import AgentRequest
from regulars.web.settings.forms import OwnForm
from regulars.web.settings.places import pages


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: AgentRequest) -> HttpResponse:
    """Everybody's own page: no capability is needed to look after oneself."""
    agent: Any = request.user
    form = OwnForm(request.POST or None, initial={"name": agent.name, "language": agent.language})
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent and refused(form, lambda: agents.rename(agent.pk, form.cleaned_data["name"])):
        language = form.cleaned_data["language"]
        looks.speak(language, by=request.actor)
        with translation.override(language or languages.asked_for(request)):
            messages.success(request, _("Kept."))
        return languages.remembered(redirect("settings:security"), language)
    return render(request, "settings/security.html", {"tabs": pages(request), "form": form})
