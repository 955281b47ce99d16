"""One customer: who they are, what holds, what happened."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from regulars.customers.selectors import choices, families, naming, profiles, timelines
from regulars.customers.selectors import duplicates as suspicions
from regulars.customers.selectors.profiles import Profile, PurposeConsent
from regulars.kernel import page_settings
from regulars.web.access import may, requires
from regulars.web.context import address
from regulars.web.customers import fact_words, words
from regulars.web.customers.outlook import outlook
from regulars.web.desk import card
from regulars.web.middleware import AgentRequest

LONGEST_KIND = 20


@require_safe
@requires("see_customers")
def show(request: AgentRequest, pk: int) -> HttpResponseBase:
    """The profile; whoever was merged is shown as the one they were merged into."""
    profile = profiles.profile(pk)
    if profile.id != pk:
        return redirect("customers:profile", profile.id)
    return render(
        request, "customers/profile.html", page_context(request, profile) | _happened(request, profile.ids, pk)
    )


@require_safe
@requires("see_customers")
def timeline(request: AgentRequest, pk: int) -> HttpResponse:
    """The timeline alone: another kind, or what came before. Without htmx, a page of its own."""
    family = families.family(pk)
    context = _happened(request, family.ids, family.head.pk)
    if request.htmx:
        part = "#lines" if request.GET.get("after") else ""
        return render(request, f"customers/timeline_part.html{part}", context)
    return render(request, "customers/timeline.html", context | {"name": naming.name(family.members)})


@require_safe
@requires("see_customers")
def duplicates(request: AgentRequest, pk: int) -> HttpResponse:
    """Who may be the same person. Asked for after the page stands, because it searches."""
    context = {"pk": pk, "suspected": suspicions.suspected(pk)}
    template = "customers/duplicates.html"
    return render(request, f"{template}#suspected" if request.htmx else template, context)


def page_context(request: AgentRequest, profile: Profile) -> dict[str, Any]:
    """What the regions of the profile need, all or one of them."""
    names = words.ActorNames()
    return {
        "profile": profile,
        "pk": profile.id,
        "labels": choices.labels(),
        "attributes": [(one.name, words.in_words(one.value)) for one in profile.attributes],
        "ways": [(way, words.IDENTITIES[way.kind], words.IDENTITY_ICONS[way.kind]) for way in profile.identities],
        "outlook": outlook(profile.traits),
        "card_url": address("retention:model_card") if may(request, "see_numbers") else None,
        "consents": [_said(one, names) for one in profile.consents],
        "may_edit": may(request, "edit_customers"),
        "may_merge": may(request, "merge_customers"),
        "may_export": may(request, "export_customer"),
        "may_erase": may(request, "erase_customers"),
        "merges": [(merge, names(merge.actor)) for merge in profile.merges],
        "others": card.others(request, profile.ids) if may(request, "answer") else None,
    }


def _said(one: PurposeConsent, names: words.ActorNames) -> dict[str, Any]:
    by = names(one.latest.actor) if one.latest else ""
    return {"of": one, "name": words.PURPOSES[one.purpose], "note": words.PURPOSE_NOTES[one.purpose], "by": by}


def _happened(request: AgentRequest, ids: list[int], pk: int) -> dict[str, Any]:
    kind = request.GET.get("kind", "")
    kind = kind if kind in fact_words.KINDS else ""
    found = timelines.timeline(ids, kind=kind, after=request.GET.get("after", ""))
    reader = fact_words.Reader(words.ActorNames(), page_settings.value("currency"))
    older = reverse("customers:timeline", args=[pk])
    return {
        "pk": pk,
        "kind": kind,
        "kinds": fact_words.KINDS,
        "lines": [fact_words.line(fact, reader) for fact in found.facts],
        "more": f"{older}?{urlencode({'kind': kind, 'after': found.after})}" if found.after else "",
    }
