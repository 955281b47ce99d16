"""Two customers who are one person: look at both side by side, join them, take it back."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from regulars.customers.actions import merges
from regulars.customers.errors import CannotMergeWithItself
from regulars.customers.selectors import listed, profiles, searching
from regulars.customers.selectors.profiles import Profile
from regulars.web.access import requires
from regulars.web.customers import words
from regulars.web.middleware import AgentRequest
from regulars.web.templatetags.house import money

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of the comparison; `after` is what the merged customer will show."""

    name: str
    kept: str
    merged: str
    after: str

    @property
    def is_conflict(self) -> bool:
        """Whether the two say different things, of which one will not be shown."""
        return bool(self.kept and self.merged and self.kept != self.merged)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("merge_customers")
def show(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Find the other one, compare, and confirm."""
    if request.method == "POST":
        return _merge(request, pk)
    kept, other_id = profiles.profile(pk), _number(request.GET.get("with", ""))
    if other_id is None:
        text = request.GET.get("q", "").strip()[:200]
        found = [row for row in listed.rows_of(searching.search(text)) if row.id != kept.id] if text else []
        return render(request, "customers/merge.html", {"kept": kept, "text": text, "found": found})
    merged = profiles.profile(other_id)
    if merged.id == kept.id:
        raise CannotMergeWithItself
    context = {"kept": kept, "merged": merged, "differences": differences(kept, merged)}
    return render(request, "customers/merge_confirm.html", context)


def _merge(request: AgentRequest, pk: int) -> HttpResponseBase:
    merged_id = _number(request.POST.get("with", "")) or 0
    merges.merge(pk, merged_id, by=request.actor, why=request.POST.get("why", "").strip()[:LONGEST_REASON])
    messages.success(request, _("The two are one now. You can take it back on this page at any time."))
    return redirect("customers:profile", pk)


@require_POST
@requires("merge_customers")
def undo(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Take a merge back."""
    merge = merges.undo(pk, by=request.actor)
    messages.success(request, _("The merge was taken back. This is the customer that is separate again."))
    return redirect("customers:profile", merge.merged_id)


def differences(kept: Profile, merged: Profile) -> list[Difference]:
    """What the two say, side by side, and what will be shown of both together."""
    one, other = _said(kept), _said(merged)
    names = {**one, **other}
    return [_difference(name, one.get(name, ""), other.get(name, "")) for name in names]


_ADDED = {"identities", "labels", "orders", "spent"}
_NAMES: dict[str, Any] = {
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Phone"),
    "company": gettext_lazy("Company"),
    "identities": gettext_lazy("Ways to recognise them"),
    "labels": gettext_lazy("Labels"),
    "orders": gettext_lazy("Orders"),
    "spent": gettext_lazy("Spent"),
}


def _said(profile: Profile) -> dict[str, str]:
    said = {
        "name": profile.given_name,
        "email": profile.email,
        "phone": profile.phone,
        "company": str(profile.company or ""),
        "identities": ", ".join(way.value for way in profile.identities if way.kind != "anonymous"),
        "labels": ", ".join(label.name for label in profile.labels),
        "orders": str(profile.orders.completed or ""),
        "spent": ", ".join(money(amount) for amount in profile.orders.spent),
    }
    for consent in profile.consents:
        latest = consent.latest
        if latest:
            given = _("agreed") if latest.is_given else _("does not agree")
            said[f"consent:{consent.purpose}"] = f"{given} ({latest.at:%Y-%m-%d})"
    return said | {f"attribute:{one.name}": words.in_words(one.value) for one in profile.attributes}


def _difference(name: str, kept: str, merged: str) -> Difference:
    kind, _colon, rest = name.partition(":")
    if kind == "consent":
        title, after = _("Consent: %(purpose)s") % {"purpose": words.PURPOSES[rest]}, _("whichever was said last")
        after = after if kept and merged and kept != merged else kept or merged
    elif kind == "attribute":
        title, after = rest, kept or merged
    else:
        title = str(_NAMES[name])
        after = _("both together") if name in _ADDED and kept and merged else kept or merged
    return Difference(title, kept, merged, after)


def _number(text: str) -> int | None:
    text = text.strip().removeprefix("#")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
