"""Labels of conversations: made, how many bear each, name and colour, what names it. Works without scripts."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from regulars.accounts import selectors as accounts
from regulars.desk.actions import label_changes
from regulars.desk.selectors import label_uses, reading
from regulars.desk.selectors.label_uses import FORM, MACRO, RULE, SEAT, TARGETS, VIEW, Use
from regulars.kernel.errors import DomainError
from regulars.web.access import requires
from regulars.web.middleware import AgentRequest
from regulars.web.settings.places import pages

COLOURS: Final[dict[int, str | Promise]] = {
    30: gettext_lazy("Red"),
    75: gettext_lazy("Amber"),
    120: gettext_lazy("Green"),
    155: gettext_lazy("Sea green"),
    212: gettext_lazy("Blue"),
    260: gettext_lazy("Indigo"),
    300: gettext_lazy("Violet"),
    340: gettext_lazy("Pink"),
}
KINDS: Final[dict[str, str | Promise]] = {
    RULE: gettext_lazy("Rule"),
    VIEW: gettext_lazy("View"),
    MACRO: gettext_lazy("Macro"),
    FORM: gettext_lazy("Form"),
    TARGETS: gettext_lazy("Target"),
    SEAT: gettext_lazy("What a colleague knows"),
}
PLACES: Final = {RULE: "settings:rule", MACRO: "settings:macro", FORM: "settings:form"}


class LabelForm(forms.Form):
    """A label's name and colour."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    hue = forms.TypedChoiceField(label=gettext_lazy("Colour"), coerce=int)

    def __init__(self, *args: Any, hue: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {} if hue in COLOURS else {hue: _("As it is")}
        self.fields["hue"].choices = list((own | COLOURS).items())  # type: ignore[attr-defined]  # a field of choices


@require_http_methods(["GET", "HEAD", "POST"])
@requires("manage_desk")
def show(request: AgentRequest) -> HttpResponse:
    """Every label, and how many conversations bear it; another one is made beside them."""
    rows = list(reading.labels())
    hue = _rarest(rows)
    form = LabelForm(request.POST or None, initial={"hue": hue}, hue=hue)
    if request.method == "POST" and form.is_valid():
        try:
            made = label_changes.make(by=request.actor, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("“%(name)s” is there: put it on conversations.") % {"name": made.name})
            return redirect("settings:labels")
    counts = label_uses.borne()
    lines = [{"label": row, "count": counts.get(row.pk, 0)} for row in rows]
    context = {"tabs": pages(request), "lines": lines, "form": form}
    return render(request, "settings/labels.html", context, status=422 if form.errors else 200)


def _rarest(rows: Sequence[Any]) -> int:
    """The colour fewest labels have, so that they are easy to tell apart."""
    worn = Counter(row.hue for row in rows)
    return min(COLOURS, key=lambda hue: worn[hue])


@require_http_methods(["GET", "HEAD", "POST"])
@requires("manage_desk")
def label(request: AgentRequest, pk: int) -> HttpResponse:
    """One label: called otherwise, coloured otherwise, and whatever names it."""
    known = label_uses.label(pk)
    form = LabelForm(request.POST or None, initial={"name": known.name, "hue": known.hue}, hue=known.hue)
    if request.method == "POST" and form.is_valid():
        try:
            label_changes.change(pk, by=request.actor, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("settings:labels")
    return _page(request, known, form)


@require_POST
@requires("manage_desk")
def remove(request: AgentRequest, pk: int) -> HttpResponse:
    """Take a label off every conversation and away."""
    count = label_changes.remove(pk, by=request.actor)
    told = ngettext(
        "The label is gone; %(n)d conversation bore it.", "The label is gone; %(n)d conversations bore it.", count
    )
    messages.success(request, told % {"n": count})
    return redirect("settings:labels")


def _page(request: AgentRequest, known: Any, form: LabelForm) -> HttpResponse:
    uses = label_uses.uses(known, by=request.actor)
    context = {
        "tabs": pages(request),
        "form": form,
        "label": known,
        "count": label_uses.borne_by(known.pk),
        "uses": [_told(use) for use in uses],
        "stays": any(use.would_make_it for use in uses),
    }
    return render(request, "settings/label.html", context, status=422 if form.errors else 200)


def _told(use: Use) -> dict[str, Any]:
    """What names it, in words, and the way there."""
    name = str(accounts.agent(use.id) or "") if use.kind == SEAT and use.id else use.name
    url = reverse(PLACES[use.kind], args=[use.id]) if use.kind in PLACES and use.id else ""
    return {
        "kind": KINDS[use.kind],
        "name": name or _("a colleague’s own"),
        "url": url,
        "puts_it_on": use.would_make_it,
    }
