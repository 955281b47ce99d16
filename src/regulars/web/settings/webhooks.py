"""Webhooks: addresses of one's own that are told what happens, and the log of what each was told."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from regulars.api.webhooks import setting_up, telling_again
from regulars.kernel import clock, settings_table
from regulars.kernel.fact_names import DESK_FACTS
from regulars.web.access import freshly_proven, requires
from regulars.web.accounts.forms import refused
from regulars.web.desk.standing import zone
from regulars.web.middleware import AgentRequest
from regulars.web.settings import told_of
from regulars.web.settings.places import pages

STATES: Final = ("queued", "sent", "failed")
A_PAGE: Final = 50


class WebhookForm(forms.Form):
    """Where to, and of what."""

    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=2000,
        widget=forms.URLInput({"autocomplete": "off", "placeholder": "https://"}),
        help_text=gettext_lazy("It must be on the internet and begin with https://, so that no call leads into the"
                               " house. Whoever runs Regulars may open hosts inside: REGULARS_REACHABLE_INSIDE."),
    )  # fmt: skip
    description = forms.CharField(
        label=gettext_lazy("What it is for"), required=False, max_length=setting_up.LONGEST_DESCRIPTION,
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    which = forms.ChoiceField(
        label=gettext_lazy("Told of"), required=False, widget=forms.RadioSelect,
        choices=[
            ("all", gettext_lazy("everything that happens at the desk")),
            ("some", gettext_lazy("only what is ticked")),
        ],
    )  # fmt: skip
    events = forms.MultipleChoiceField(required=False, choices=[(name, name) for name in sorted(DESK_FACTS)])

    def groups(self) -> list[tuple[str, list[told_of.Offered]]]:
        """What can be ticked."""
        return told_of.groups(self["events"].value() or ())

    def is_some(self) -> bool:
        """Whether it is told of what is ticked alone."""
        return self["which"].value() == "some" if self.is_bound else bool(self["events"].value())

    def clean(self) -> dict[str, Any]:
        """No ticks mean everything, so whoever wants only some has to tick one."""
        said = super().clean() or {}
        if said.get("which") == "all":
            said["events"] = []
        if said.get("which") == "some" and not said.get("events") and not self.errors:
            self.add_error("events", _("Tick at least one, or choose everything."))
        return said


class SpanForm(forms.Form):
    """Which notices to send again."""

    since = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=gettext_lazy("To"), widget=forms.DateInput({"type": "date"}))
    states = forms.ChoiceField(
        label=gettext_lazy("Which"),
        choices=[("failed", gettext_lazy("what failed")), ("failed sent", gettext_lazy("everything"))],
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires("manage_keys")
def show(request: AgentRequest) -> HttpResponse:
    """Every webhook; POST makes one and shows its secret, this once."""
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = refused(form, lambda: setting_up.create(
            said["url"].strip(), events=said["events"], description=said["description"], by=request.actor
        ))  # fmt: skip
        if made is not None:
            return _all(request, WebhookForm(), webhook=made[0], secret=made[1])
    return _all(request, form, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires("manage_keys")
def webhook(request: AgentRequest, pk: int) -> HttpResponseBase:
    """One webhook and what it was told; POST changes where it goes and what of."""
    found = setting_up.webhook(pk)
    if request.method != "POST":
        given = {"url": found.url, "description": found.description, "events": found.events}
        return _one(request, found, WebhookForm(initial=given))
    form = WebhookForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        changed = refused(form, lambda: setting_up.change(
            pk, url=said["url"].strip(), events=said["events"], description=said["description"], by=request.actor
        ))  # fmt: skip
        if changed is not None:
            messages.success(request, _("Kept. What happens from now on goes there."))
            return redirect("settings:webhook", pk)
    return _one(request, found, form, status=422)


@never_cache
@require_POST
@requires("manage_keys")
@freshly_proven
def rotate(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Another secret, shown this once."""
    secret = setting_up.rotate(pk, by=request.actor)
    return _all(request, WebhookForm(), webhook=setting_up.webhook(pk), secret=secret)


@require_POST
@requires("manage_keys")
def pause(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Switch it off, or on again."""
    is_paused = not request.POST.get("wake")
    setting_up.change(pk, is_paused=is_paused, by=request.actor)
    messages.success(request, _("It is told nothing until you switch it on.") if is_paused else _("It is on again."))
    return redirect("settings:webhook", pk)


@require_POST
@requires("manage_keys")
def remove(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Tell it nothing more."""
    setting_up.end(pk, by=request.actor)
    messages.success(request, _("The webhook is gone. Nothing more is sent there."))
    return redirect("settings:webhooks")


@require_POST
@requires("manage_keys")
def test(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Send something that did not happen."""
    telling_again.test(pk)
    messages.success(request, _("A test is on its way. What comes back stands in the log in a moment."))
    return redirect("settings:webhook", pk)


@require_POST
@requires("manage_keys")
def again(request: AgentRequest, pk: int, notice: int) -> HttpResponseBase:
    """Send one notice again."""
    telling_again.replay(pk, notice)
    messages.success(request, _("It is on its way again, with the same id."))
    return redirect("settings:webhook", pk)


@require_POST
@requires("manage_keys")
def span(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Send again what was told, or failed, in some days."""
    found, form = setting_up.webhook(pk), SpanForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        count = refused(form, lambda: telling_again.replay_span(
            pk, since=_begins(said["since"]), until=_begins(said["until"]) + timedelta(days=1),
            states=said["states"].split(),
        ))  # fmt: skip
        if count is not None:
            messages.success(request, _told(count))
            return redirect("settings:webhook", pk)
    given = {"url": found.url, "description": found.description, "events": found.events}
    return _one(request, found, WebhookForm(initial=given), span_form=form, status=422)


def _told(count: int) -> str:
    if count == telling_again.MOST_AT_ONCE:
        return _("The oldest %(n)d are on their way again. Send the rest once they have left.") % {"n": count}
    if not count:
        return _("There was nothing of that in these days.")
    return ngettext("%(n)d notice is on its way again.", "%(n)d notices are on their way again.", count) % {"n": count}


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), zone()).astimezone(UTC)


def _all(
    request: AgentRequest, form: WebhookForm, *, webhook: Any = None, secret: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "tabs": pages(request),
        "webhooks": setting_up.webhooks(),
        "form": form,
        "made": webhook,
        "secret": secret,
    }
    return render(request, "settings/webhooks.html", context, status=status)


def _one(
    request: AgentRequest, found: Any, form: WebhookForm, *, span_form: SpanForm | None = None, status: int = 200
) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    before = request.GET.get("before", "")
    rows = telling_again.notices(
        found.pk, before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
        most=A_PAGE + 1, state=state,
    )  # fmt: skip
    today = clock.now().astimezone(zone()).date()
    context = {
        "tabs": pages(request),
        "webhook": found,
        "form": form,
        "span_form": span_form or SpanForm(initial={"since": today, "until": today, "states": "failed"}),
        "notices": rows[:A_PAGE],
        "more": rows[A_PAGE - 1].pk if len(rows) > A_PAGE else None,
        "state": state,
        "states": {"": _("all"), "failed": _("failed"), "queued": _("on their way"), "sent": _("taken")},
        "days": settings_table.number("webhook_log_days"),
    }
    return render(request, "settings/webhook.html", context, status=status)
