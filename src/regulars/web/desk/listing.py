"""The inbox: its views, and the list of one of them."""

from typing import Any, Final
from urllib.parse import urlsplit

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from regulars.accounts import colleagues
from regulars.channels.selectors import ways
from regulars.desk.selectors import listing, searching, view_counts, wording
from regulars.desk.selectors.views import Looking, Views, views_of
from regulars.web.access import may, requires
from regulars.web.desk import drawing, operators, sought, standing, words
from regulars.web.desk.asking import Asked, asked
from regulars.web.middleware import AgentRequest

VIEWS: Final[dict[str, str | Promise]] = {
    "mine": _("Mine"),
    "unassigned": _("Unassigned"),
    "following": _("Mentions and watching"),
    "all": _("All open"),
    "waiting": _("Waiting"),
    "snoozed": _("Snoozed"),
    "resolved": _("Resolved"),
    "spam": _("Spam"),
}
VIEW_ICONS: Final = {
    "mine": "person",
    "unassigned": "inbox",
    "following": "bell",
    "all": "chat",
    "waiting": "clock",
    "snoozed": "moon",
    "resolved": "check",
    "spam": "shield",
}
SORTS: Final[dict[str, str | Promise]] = {
    "newest": _("Newest first"),
    "oldest": _("Oldest first"),
    "waiting": _("Longest waiting first"),
    "due": _("Due first"),
    "priority": _("Most urgent first"),
    "created": _("Begun last first"),
    "stake": _("Most at stake first"),
}

HERE: Final = "here"  # among the counts: what is listed now, with its filters
WHOLE_LIST: Final = "inbox-list"  # the element a search puts anew


@require_safe
@requires("answer")
def show(request: AgentRequest) -> HttpResponse:
    """The page without a conversation, what a search changes of it, the list alone, or its next rows."""
    if not wants_part(request):
        return render(request, "desk/inbox.html", context(request))
    if request.htmx.target == WHOLE_LIST:
        return render(request, "desk/searched.html", beside(request))
    part = "desk/list.html#rows" if request.GET.get("after") else "desk/list.html"
    return render(request, part, {"inbox": _listed(request, asked(request.GET, views_of(request.actor)))})


@require_safe
@requires("answer")
def counts(request: AgentRequest) -> HttpResponse:
    """The views with how many each has, the saved ones too: counting those may take longer than a page should."""
    views = views_of(request.actor)
    chosen = asked(_looked_at(request), views)
    found = _counts(request, views, here=chosen, has_saved=True)
    inbox = {"asked": chosen, "groups": _groups(views, chosen, found), "count": found.get(HERE, 0)}
    return render(request, "desk/views.html#counted", {"inbox": inbox})


@require_safe
@requires("answer")
def row(request: AgentRequest, pk: int) -> HttpResponse:
    """One row as it stands now, for a page that heard it changed; nothing where it is in the list no longer."""
    views = views_of(request.actor)
    chosen = asked(request.GET, views)
    found = listing.row(pk, wanted=chosen.wanted, by=request.actor)
    if found is None:
        return HttpResponse("")
    return HttpResponse(drawing.drawn([found], asked=chosen)[0].html)


def context(request: AgentRequest) -> dict[str, Any]:
    """What `desk/inbox.html` needs besides an open conversation; all of it under one name.

    Whoever searches does not wait until the views are counted: their numbers come a moment later.
    """
    views = views_of(request.actor)
    chosen = asked(request.GET, views)
    counts = {} if chosen.text else _counts(request, views, here=chosen)
    inbox = _region(request, chosen, counts)
    inbox |= {"groups": _groups(views, chosen, counts), "is_counted_later": bool(views.saved or chosen.text)}
    return {"inbox": inbox}


def beside(request: AgentRequest) -> dict[str, Any]:
    """The same without the views, for a page that shows them already."""
    views = views_of(request.actor)
    chosen = asked(request.GET, views)
    return {"inbox": _region(request, chosen, {} if chosen.text else _counts(request, views, here=chosen))}


def _region(request: AgentRequest, chosen: Asked, counts: dict[str, int]) -> dict[str, Any]:
    listed = _listed(request, chosen)
    called = _("Found") if chosen.text else name(chosen.view)
    return {"name": called, "count": _how_many(listed, counts), **listed, **_choices()}


def _listed(request: AgentRequest, chosen: Asked) -> dict[str, Any]:
    """The rows alone: of a view, or what was found; words taken for others are said."""
    if chosen.text:
        return _found(request, chosen)
    page = listing.page(chosen.wanted, by=request.actor, sort=chosen.sort, start=chosen.after)
    rows = drawing.drawn(page.rows, asked=chosen)
    lacks = "" if rows else _lacks(request)
    return {"asked": chosen, "rows": rows, "more": _more(chosen, page), "lacks": lacks, "looking": _looking(page)}


def _looking(page: listing.Page) -> str | Promise:
    """What to say where a list takes long to look for."""
    if page.is_cut:
        return _(
            "This takes long, so only the latest conversations were looked at. Narrow it by a status, a team or a"
            " time, or choose “Newest first”."
        )
    if page.takes_long and page.after:
        return _("This takes long and is looked for step by step. Narrow it by a status, a team or a time.")
    return ""


def _lacks(request: AgentRequest) -> str:
    """Where nothing can come in yet: who is to connect a mailbox, `you` or `others`."""
    if ways.ways().present:
        return ""
    return "you" if may(request, "manage_desk") else "others"


def _found(request: AgentRequest, chosen: Asked) -> dict[str, Any]:
    """What was searched for; the next page begins at a number, for what is best has no other place."""
    start = min(int(chosen.after[:6]), 2 * searching.CANDIDATES) if chosen.after.isdecimal() else 0
    found = searching.search(chosen.text, by=request.actor, start=start, limit=searching.PAGE)
    sought.mark(found.rows, found.sought)
    rows = drawing.drawn(found.rows, asked=chosen)
    more = f"{reverse('desk:inbox')}?{chosen.query}&after={start + searching.PAGE}" if found.is_more else ""
    return {"asked": chosen, "rows": rows, "more": more, "found": found}


def _how_many(listed: dict[str, Any], counts: dict[str, int]) -> int:
    """How many there are; of what was found only where that is all of it."""
    if (found := listed.get("found")) is None:
        return counts.get(HERE, 0)
    return 0 if found.is_more or found.is_cut else len(listed["rows"])


def _counts(request: AgentRequest, views: Views, *, here: Asked, has_saved: bool = False) -> dict[str, int]:
    """How many each view has, and the list that is looked at; of the saved ones only where nothing else is asked."""
    usual = {each.key: each.wanted() for each in views if each.is_counted and not each.saved}
    rest = {each.key: each.wanted() for each in views if each.is_counted and each.saved} if has_saved else {}
    same = next((key for key, wanted in (usual | rest).items() if wanted == here.wanted), None)
    if not here.text and same is None:
        rest[HERE] = here.wanted
    counts = view_counts.usual_counts(usual.items(), by=request.actor) | view_counts.counts(
        rest.items(), by=request.actor
    )
    return counts | {HERE: counts[same]} if same in counts else counts


def _looked_at(request: AgentRequest) -> QueryDict:
    """What the page shows that asks: a search changes its address, and not the one it asks for its views by."""
    shown = urlsplit(request.htmx.current_url_abs_path or "")
    return QueryDict(shown.query) if shown.path.startswith(reverse("desk:inbox")) else request.GET


def name(view: Looking) -> str | Promise:
    """What a view is called: its own name, or the word for a built-in one."""
    return view.name or VIEWS.get(view.key, view.key)


def wants_part(request: AgentRequest) -> bool:
    """Whether htmx asks for a part of a page it has, and not for the whole one to go back to."""
    return bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request


def _groups(views: Views, chosen: Asked, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The views as the page shows them, group by group; empty groups are left out."""
    groups = {"": views.own, _("Teams"): views.teams, _("Everything"): views.everything, _("Saved"): views.saved}
    return [
        {"name": title, "views": [_link(view, chosen, counts) for view in group]}
        for title, group in groups.items()
        if group
    ]


def _link(view: Looking, chosen: Asked, counts: dict[str, int]) -> dict[str, Any]:
    return {
        "key": view.key,
        "name": name(view),
        "icon": VIEW_ICONS.get(view.key, "customers" if view.key.startswith("team-") else "filter"),
        "count": counts.get(view.key, 0),
        "is_current": view.key == chosen.view.key and not chosen.text,
        "is_shared": view.saved is not None and view.saved.agent_id is None,
    }


def _more(chosen: Asked, page: listing.Page) -> str:
    """The whole address: beside an open conversation a query alone would ask for that conversation."""
    query = f"{chosen.query}&after={page.after}".lstrip("&")
    return f"{reverse('desk:inbox')}?{query}" if page.after else ""


def _choices() -> dict[str, Any]:
    """What the filters and the search offer."""
    found = _offered()
    return found | {"operators": operators.offered(found)}


def _offered() -> dict[str, Any]:
    return {
        "statuses": words.STATUSES,
        "priorities": words.PRIORITIES,
        "sorts": SORTS,
        "channels": ways.ways().present,
        "labels": wording.labels(),
        "agents": colleagues.colleagues().answering,
        "teams": colleagues.teams().present,
        "later": standing.later(),
    }
