"""Mailboxes: whether they work, what is set, and what came in that nobody could make sense of."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.channels.actions import fetching, incoming, mailboxes, pausing, setting_up, signing_in
from regulars.channels.actions.fetching import Foreseen
from regulars.channels.email.out import dkim_keys
from regulars.channels.email.providers import PROVIDERS, doors
from regulars.channels.selectors import incoming as stored
from regulars.channels.selectors import standing
from regulars.channels.selectors.standing import Standing
from regulars.kernel.errors import DomainError
from regulars.web.access import requires
from regulars.web.accounts.forms import refused
from regulars.web.middleware import AgentRequest
from regulars.web.settings import connections
from regulars.web.settings.channel_forms import ChannelForm
from regulars.web.settings.places import pages

MOST_DEAD = 200


@require_safe
@requires("manage_desk")
def show(request: AgentRequest) -> HttpResponse:
    """Every mailbox, and how it stands."""
    context = {"tabs": pages(request), "standings": standing.standings(), "dead": standing.dead_count()}
    return render(request, "settings/channels.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("manage_desk")
def channel(request: AgentRequest, pk: int | None = None) -> HttpResponse:
    """One mailbox, or a new one. It is kept once its server was reached and let us in."""
    known = _known(pk) if pk is not None else None
    form = ChannelForm(request.POST or None, initial=_as_typed(known))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        before = known.channel.settings if known else {}
        kept = refused(
            form,
            lambda: mailboxes.keep(
                known.channel if known else None,
                by=request.actor,
                name=said["name"],
                address=said["address"],
                settings=form.settings(before),
                secret=form.secret(),
                team_id=said["team"],
            ),
        )
        if kept is not None:
            messages.success(request, _("The mailbox “%(name)s” was kept.") % {"name": kept.name})
            return redirect("settings:channel", pk=kept.pk)
    foreseen, trouble = _foreseen(known) if known and request.method != "POST" else (None, "")
    context = {"tabs": pages(request), "form": form, "known": known, "foreseen": foreseen, "trouble": trouble}
    context |= {"way_back": connections.way_back(), **(_calls(known) if known else {})}
    return render(request, "settings/channel.html", context)


@require_POST
@requires("manage_desk")
def pause(request: AgentRequest, pk: int) -> HttpResponse:
    """Let nothing come or go."""
    kept = pausing.pause(pk, by=request.actor)
    messages.success(request, _("“%(name)s” is paused. What is sent to it waits.") % {"name": kept.name})
    return redirect("settings:channel", pk=pk)


@require_POST
@requires("manage_desk")
def resume(request: AgentRequest, pk: int) -> HttpResponse:
    """Begin, or go on."""
    kept = pausing.resume(pk, by=request.actor)
    messages.success(request, _("“%(name)s” works. Its mail comes in within a minute.") % {"name": kept.name})
    return redirect("settings:channel", pk=pk)


@require_POST
@requires("manage_desk")
def new_door(request: AgentRequest, pk: int) -> HttpResponse:
    """Give a mailbox another address for its mail service; the old one works no more."""
    setting_up.renew_door(pk, by=request.actor)
    messages.success(request, _("There is a new address. Enter it with the mail service; the old one works no more."))
    return redirect("settings:channel", pk=pk)


@require_POST
@requires("manage_desk")
def look(request: AgentRequest, pk: int) -> HttpResponse:
    """Look for mail now, whatever pause there is."""
    fetching.forget_pause(_known(pk).channel.pk)
    fetching.soon(pk)
    messages.success(request, _("Mail is looked for now."))
    return redirect("settings:channels")


@require_POST
@requires("manage_desk")
def archive(request: AgentRequest, pk: int) -> HttpResponse:
    """Put a mailbox away; its conversations stay."""
    setting_up.archive(pk, by=request.actor)
    messages.success(request, _("The mailbox was put away. Its conversations stay."))
    return redirect("settings:channels")


@require_safe
@requires("manage_desk")
def dead_letters(request: AgentRequest) -> HttpResponse:
    """What could not be understood or placed, and why."""
    context = {"tabs": pages(request), "letters": stored.dead_letters(MOST_DEAD), "count": standing.dead_count()}
    return render(request, "settings/dead_letters.html", context)


@require_POST
@requires("manage_desk")
def run_again(request: AgentRequest, pk: int) -> HttpResponse:
    """Try to understand and place one again."""
    incoming.run_again(pk, by=request.actor)
    messages.success(request, _("It is tried again now. What cannot be placed comes back to this list."))
    return redirect("settings:dead_letters")


@require_safe
@requires("manage_desk")
def raw(request: AgentRequest, pk: int) -> HttpResponse:
    """The bytes as they came; a file, whatever is in it."""
    content = stored.raw_of_dead(pk)
    if content is None:
        raise Http404
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="mail-{pk}.eml"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _known(pk: int) -> Standing:
    found = standing.standing(pk)
    if found is None:
        raise Http404
    return found


def _calls(known: Standing) -> dict[str, object]:
    """The addresses its mail services call, how it stands with being allowed, and what to publish where it signs."""
    kept = known.channel
    token = doors.token(kept.pk, kept.settings)
    comes = PROVIDERS.get(kept.settings.get("in_provider", ""))
    goes = next((each for each in PROVIDERS.values() if each.tells_of(kept.settings)), None)
    ending = ["mime"] if comes and comes.call_ending else []
    name = "mail_in:whole_mail" if ending else "mail_in:mail"
    secret = setting_up.secrets_of(kept)
    return {
        "signs": dkim_keys.record(kept.settings, secret, sender=kept.address),
        "comes": comes,
        "goes": goes,
        "mail_address": settings.PUBLIC_URL + reverse(name, args=[token, comes.name]) if comes else "",
        "events_address": settings.PUBLIC_URL + reverse("mail_in:events", args=[token, goes.name]) if goes else "",
        "is_by_token": signing_in.is_by_token(kept),
        "lacks_permission": signing_in.lacks_permission(kept.settings, secret),
    }


def _as_typed(known: Standing | None) -> dict[str, object]:
    if known is None:
        return {}
    kept = known.channel
    said = kept.settings
    comes_by = "imap" if said.get("imap_host") else "provider" if said.get("in_provider") else "receiver"
    goes_by = "provider" if said.get("out_provider") else "smtp" if said.get("smtp_host") else "installation"
    own = {"name": kept.name, "address": kept.address, "team": kept.team_id, "comes_by": comes_by, "goes_by": goes_by}
    return {"imap_since_days": None, **said, **own}


def _foreseen(known: Standing) -> tuple[Foreseen | None, str]:
    """Before it is begun: what would come in, or why it cannot be said."""
    if not known.is_new:
        return None, ""
    try:
        return mailboxes.foresee_of(known.channel.pk), ""
    except DomainError as refusal:
        return None, str(refusal)
