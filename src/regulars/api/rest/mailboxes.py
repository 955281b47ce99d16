"""Mailboxes over the API: made, changed, tried, begun, put away. Secrets go in and never come out.

A mailbox that is signed in to by tokens has to be allowed once by a person in a browser, on its page.
"""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router

from regulars.accounts import selectors as accounts
from regulars.accounts.errors import NoSuchTeam
from regulars.api.rest import answers
from regulars.api.rest.answers import Cursor, Limit, Page
from regulars.api.rest.doors import CallingRequest, insist_on_an_agent
from regulars.api.rest.once import keep_told, made_before, once, told_before
from regulars.api.rest.shapes import Id
from regulars.api.rest.shapes import channels as shapes
from regulars.channels.actions import mailboxes, pausing, setting_up, signing_in
from regulars.channels.email import round_trip
from regulars.channels.email.out import dkim_keys
from regulars.channels.email.providers import PROVIDERS, doors
from regulars.channels.errors import MailboxNotReadable, NoSuchMailbox
from regulars.channels.selectors import standing

router = Router(tags=["channels"])
SETTINGS = tuple(shapes.Settings.model_fields)
SECRETS = tuple(shapes.Given.model_fields.keys() - shapes.Settings.model_fields.keys())
# Left out, these are the usual number; days alone mean all.
_NUMBERS = ("imap_port", "smtp_port", "open_days", "reopen_days", "automatic_per_day", "automatic_a_day")


@router.get("", response=Page[shapes.Mailbox], operation_id="mailboxes.list")
def index(request: CallingRequest, limit: Limit = 50, cursor: Cursor = "") -> HttpResponse:
    """Every mailbox by name."""
    rows = [one.channel for one in standing.standings()]
    return answers.one(request, answers.listed(rows, _shown, limit=limit, after=cursor))


@router.post("", response={201: shapes.Mailbox}, operation_id="mailboxes.create")
def create(request: CallingRequest, new: shapes.NewMailbox) -> HttpResponse:
    """Make a mailbox once its server let us in. One that is fetched rests until it is begun: test it first."""
    insist_on_an_agent(request)
    _insist_on_team(new.team_id)
    said, secret = _settings({}, new), _secret(new)
    pk = made_before(request)
    if pk is None:
        mailboxes.reach(None, settings=said, secret=secret)
        pk = once(request, lambda: mailboxes.write_down(
            None, by=request.actor, name=new.name, address=new.address, settings=said, secret=secret,
            team_id=new.team_id,
        ).pk)  # fmt: skip
    return answers.one(request, _shown(_held(pk)), status=201, location=f"/api/v1/mailboxes/{pk}")


@router.get("/{mailbox_id}", response=shapes.Mailbox, operation_id="mailboxes.read")
def read(request: CallingRequest, mailbox_id: Id) -> HttpResponse:
    """One mailbox, without its secrets."""
    return answers.one(request, _shown(_held(mailbox_id)))


@router.patch("/{mailbox_id}", response=shapes.Mailbox, operation_id="mailboxes.change")
def change(request: CallingRequest, mailbox_id: Id, new: shapes.ChangedMailbox) -> HttpResponse:
    """Change a mailbox once its server let us in, begin it, or let it rest. What could not leave is tried anew."""
    before = _held(mailbox_id)
    answers.insist_on_unchanged(request, _shown(before))
    insist_on_an_agent(request)
    if is_told := bool(new.model_fields_set - {"is_paused"}):
        _insist_on_team(new.team_id)
        mailboxes.reach(before, settings=_settings(before.settings, new), secret=_secret(new))
    with transaction.atomic():
        held = setting_up.held(mailbox_id)
        answers.insist_on_unchanged(request, _shown(held))
        if is_told:
            _write(held, new, by=request)
        if new.is_paused is not None:
            (pausing.pause if new.is_paused else pausing.resume)(mailbox_id, by=request.actor)
    return answers.one(request, _shown(_held(mailbox_id)))


@router.delete("/{mailbox_id}", response={204: None}, operation_id="mailboxes.archive")
def archive(request: CallingRequest, mailbox_id: Id) -> HttpResponse:
    """Put a mailbox away; its conversations stay."""
    insist_on_an_agent(request)
    setting_up.archive(_held(mailbox_id).pk, by=request.actor)
    return HttpResponse(status=204)


@router.post("/{mailbox_id}/test", response=shapes.Tested, operation_id="mailboxes.test")
def test(request: CallingRequest, mailbox_id: Id, wanted: shapes.NewTest) -> HttpResponse:
    """Look into it without bringing anything, and, if asked to, send a mail from it to itself and see it come.

    Repeated with its key it looks again, sends no second mail, and tells again what became of the first.
    """
    insist_on_an_agent(request)
    held = _held(mailbox_id)
    found, trouble = None, ""
    try:
        found = mailboxes.foresee_of(held.pk)
    except MailboxNotReadable as refusal:
        trouble = str(refusal)
    findings = _round_trip(request, held, wait_seconds=wanted.wait_seconds) if wanted.sends else ()
    return answers.one(request, shapes.Tested(
        trouble=trouble,
        folder=found.folder if found else None,
        folders=found.folders if found else [],
        there=found.there if found else None,
        brought=found.brought if found else None,
        since=found.since if found else None,
        findings=[shapes.Finding.of(one) for one in findings],
    ))  # fmt: skip


def _round_trip(request: CallingRequest, held: Any, *, wait_seconds: float) -> Iterable[round_trip.Finding]:
    """The call is put down before the mail leaves: whoever dies between the two has sent one less, never one more.

    Whoever repeats it is told what the first one found, or that it still waits for its mail.
    """
    first: list[int] = []

    def begin() -> int:
        first.append(held.pk)
        return held.pk

    once(request, begin)
    if not first:
        told = told_before(request)
        return [_under_way()] if told is None else [round_trip.Finding(**each) for each in told]
    found = list(round_trip.run(held, wait_seconds=wait_seconds))
    keep_told(request, [asdict(one) for one in found])
    return found


def _under_way() -> round_trip.Finding:
    words = _(
        "This call sent its mail before, and what became of it is not known yet. Repeat it in a minute to be told; to "
        "send another mail, use a new key."
    )
    return round_trip.Finding(None, words)


@router.post("/{mailbox_id}/doors", response=shapes.Doors, operation_id="mailboxes.renew_doors")
def renew(request: CallingRequest, mailbox_id: Id) -> HttpResponse:
    """Have its mail service call other addresses from now on; those before work no more."""
    insist_on_an_agent(request)

    def turn() -> int:
        return setting_up.renew_door(_held(mailbox_id).pk, by=request.actor).pk

    return answers.one(request, _doors(_held(once(request, turn))))


def _write(held: Any, new: shapes.ChangedMailbox, *, by: CallingRequest) -> None:
    mailboxes.write_down(
        held, by=by.actor, name=new.name or held.name, address=new.address or held.address,
        settings=_settings(held.settings, new), secret=_secret(new),
        team_id=new.team_id if "team_id" in new.model_fields_set else held.team_id,
    )  # fmt: skip


def _settings(before: dict[str, Any], new: shapes.Given) -> dict[str, Any]:
    """What was said over what was set before."""
    said = {name: getattr(new, name) for name in SETTINGS if name in new.model_fields_set}
    usual = [name for name in _NUMBERS if name in said and said[name] is None]
    return {name: value for name, value in {**before, **said}.items() if name not in usual}


def _secret(new: shapes.Given) -> dict[str, str]:
    return {name: getattr(new, name) for name in SECRETS if getattr(new, name)}


def _insist_on_team(team_id: int | None) -> None:
    if team_id is not None and not accounts.teams().filter(pk=team_id).exists():
        raise NoSuchTeam


def _held(mailbox_id: int) -> Any:
    found = standing.standing(mailbox_id)
    if found is None:
        raise NoSuchMailbox
    return found.channel


def _shown(row: Any) -> shapes.Mailbox:
    said, secret = row.settings, setting_up.secrets_of(row)
    signs = dkim_keys.record(said, secret, sender=row.address)
    return shapes.Mailbox(
        id=row.pk, name=row.name, address=row.address, team_id=row.team_id, is_paused=row.paused_at is not None,
        created_at=row.created_at,
        comes_by="imap" if said.get("imap_host") else "provider" if said.get("in_provider") else "receiver",
        goes_by="provider" if said.get("out_provider") else "smtp" if said.get("smtp_host") else "installation",
        needs_permission=signing_in.lacks_permission(said, secret),
        secrets=sorted(name for name in SECRETS if secret.get(name)),
        dkim_record=shapes.DnsRecord(name=signs.name, value=signs.value) if signs else None,
        **{name: said[name] for name in SETTINGS if name in said},
    )  # fmt: skip


def _doors(row: Any) -> shapes.Doors:
    token = doors.token(row.pk, row.settings)
    comes = PROVIDERS.get(row.settings.get("in_provider", ""))
    goes = next((each for each in PROVIDERS.values() if each.tells_of(row.settings)), None)
    name = "mail_in:whole_mail" if comes and comes.call_ending else "mail_in:mail"
    return shapes.Doors(
        mail_address=settings.PUBLIC_URL + reverse(name, args=[token, comes.name]) if comes else None,
        events_address=settings.PUBLIC_URL + reverse("mail_in:events", args=[token, goes.name]) if goes else None,
    )
