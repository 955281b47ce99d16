"""The company's own settings."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regulars.accounts.actions import company
from regulars.insights import reporting
from regulars.kernel import page_settings, settings_table
from regulars.kernel.errors import Invalid
from regulars.web.access import requires
from regulars.web.middleware import AgentRequest
from regulars.web.settings.forms import CompanyForm
from regulars.web.settings.places import pages


@require_http_methods(["GET", "HEAD", "POST"])
@requires("manage_settings")
def show(request: AgentRequest) -> HttpResponse:
    """The values now; POST keeps all of the new ones or none."""
    now = page_settings.values(*CompanyForm.base_fields)
    form = CompanyForm(request.POST or None, initial=now)
    fixed = _say_what_is_fixed(form)
    if request.method == "POST" and form.is_valid() and _keep(request, form):
        return redirect("settings:company")
    return render(request, "settings/company.html", {"tabs": pages(request), "form": form, "fixed": fixed})


def _say_what_is_fixed(form: CompanyForm) -> list[str]:
    """Values that whoever runs Regulars has fixed are shown, and cannot be typed over."""
    fixed = [name for name in form.fields if page_settings.is_fixed(name)]
    for name in fixed:
        form.fields[name].disabled = True
    return [settings_table.TABLE[name].variable for name in fixed]


def _keep(request: AgentRequest, form: CompanyForm) -> bool:
    new = {name: value for name, value in form.cleaned_data.items() if not form.fields[name].disabled}
    wrong = _wrong(new)
    for name, reason in wrong.items():
        form.add_error(name, reason)
    if wrong:
        return False
    changed = company.change(new, by=request.actor)
    if "time_zone" in changed:
        reporting.keep_mornings()
    messages.success(request, _("Kept.") if changed else _("Nothing had changed."))
    return True


def _wrong(new: dict[str, str]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for name, value in new.items():
        try:
            page_settings.check(name, value)
        except Invalid as error:
            wrong[name] = str(error)
    return wrong
