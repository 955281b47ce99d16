"""Settings, Moved in: the accounts of other desks that are here now, and the files that are still there."""

from typing import Any

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from regulars.desk.actions import fetching_files
from regulars.desk.selectors import about, moved_in
from regulars.web.access import requires
from regulars.web.middleware import AgentRequest
from regulars.web.settings.places import pages

WHY = {
    "file gone": gettext_lazy("It is no longer there."),
    "file closed": gettext_lazy("The server asks for a sign-in, or the address is over."),
    "file trouble": gettext_lazy("The server answered, and not with the file."),
    "file silent": gettext_lazy("Nobody answered, or not in time."),
    "file cut": gettext_lazy("It broke off before it was whole."),
    "file inside": gettext_lazy("It leads into a private network, where nothing is fetched."),
    "file address": gettext_lazy("That is no address a file could be fetched from."),
    "file page": gettext_lazy("A web page came instead, most likely one to sign in."),
    "too large": gettext_lazy("It is larger than what is kept of one message."),
}


@require_safe
@requires("import_files")
def show(request: AgentRequest) -> HttpResponse:
    """Each account with its files, and those that could not be fetched; a page that waits asks again."""
    accounts = moved_in.accounts()
    context = {
        "tabs": pages(request),
        "accounts": accounts,
        "is_moving": any(one.is_being_fetched for one in accounts),
        "failed": _failed(request),
        "failed_count": sum(one.failed for one in accounts),
    }
    return render(request, "settings/moved_in.html#moved" if request.htmx else "settings/moved_in.html", context)


@require_POST
@requires("import_files")
def fetch(request: AgentRequest, pk: int) -> HttpResponse:
    """Have what is still there fetched, what failed before too."""
    count = fetching_files.ask(pk, by=request.actor)
    words = ngettext("%(count)s file is being fetched.", "%(count)s files are being fetched.", count)
    notices.success(request, words % {"count": count})
    return redirect("settings:moved_in")


def _failed(request: AgentRequest) -> list[dict[str, Any]]:
    rows = moved_in.failed_files()
    places = about.conversations([f"message:{row.message_id}" for row in rows], by=request.actor)
    return [
        {
            "file": row,
            "account": moved_in.called(row.origin),
            "why": WHY.get(row.reason, row.reason),
            "conversation": places.get(f"message:{row.message_id}"),
        }
        for row in rows
    ]
