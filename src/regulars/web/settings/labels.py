"""Labels of conversations: made, counted, called otherwise, joined, removed, and what names each. Without scripts."""

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
from regulars.desk.actions import label_changes, label_joining
from regulars.desk.errors import LabelJoinsItself
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
    if known.pk != pk:  # it was joined into this one
        return redirect("settings:label", known.pk)
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


@require_http_methods(["GET", "HEAD", "POST"])
@requires("manage_desk")
def joining(request: AgentRequest, pk: int) -> HttpResponse:
    """Make one label of two: what it would mean is said before it is done."""
    said = (request.POST if request.method == "POST" else request.GET).get("into", "")
    into = int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0
    if request.method == "POST":
        other = label_joining.join(pk, into, by=request.actor)
        messages.success(request, _joined(pk, other))
        return redirect("settings:labels")
    known, other = label_uses.label(pk), label_uses.label(into)
    if known.pk == other.pk:
        raise LabelJoinsItself
    context = {
        "tabs": pages(request),
        "label": known,
        "other": other,
        "count": label_uses.borne_by(known.pk),
        "other_count": label_uses.borne_by(other.pk),
        "together": label_uses.borne_by_any(known.pk, other.pk),
        "uses": [_told(use) for use in label_uses.uses(known, by=request.actor)],
    }
    return render(request, "settings/label_joining.html", context)


def _joined(pk: int, other: Any) -> str:
    count = label_uses.borne_by(other.pk)
    told = ngettext("%(n)d conversation bears “%(name)s” now.", "%(n)d conversations bear “%(name)s” now.", count)
    said = told % {"n": count, "name": other.name}
    if label_uses.bearers(pk).exists():
        said = f"{said} {_('Some still show the old word; they follow within moments.')}"
    return said


def _page(request: AgentRequest, known: Any, form: LabelForm) -> HttpResponse:
    uses = label_uses.uses(known, by=request.actor)
    context = {
        "tabs": pages(request),
        "form": form,
        "label": known,
        "count": label_uses.borne_by(known.pk),
        "uses": [_told(use) for use in uses],
        "stays": any(use.would_make_it for use in uses),
        "other_names": label_uses.other_names(known.pk),
        "others": [row for row in reading.labels() if row.pk != known.pk],
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
