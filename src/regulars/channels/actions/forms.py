"""Forms are made, changed, switched off and put away."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from django.db import transaction

from regulars.channels.actions import setting_up
from regulars.channels.errors import FieldOfFormNotUsable, FormNotUsable, NoSuchForm, SiteNotUsable, SlugTaken
from regulars.channels.models import Channel
from regulars.channels.selectors import forms
from regulars.channels.selectors.forms import Door
from regulars.channels.webform.definitions import ASKED, CHOOSING, KINDS, Field, Form
from regulars.kernel.actors import Actor

MOST_FIELDS, MOST_CHOICES, MOST_SITES = 40, 100, 50
LONGEST_LABEL, LONGEST_HELP, LONGEST_TEXT, LONGEST_KEY = 200, 500, 5_000, 60
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")


@transaction.atomic
def create(form: Form, *, by: Actor, team_id: int | None = None) -> Door:
    """Make a form; its address belongs to it alone."""
    form = _usable(form)
    _refuse_taken(form.slug, but=None)
    made = setting_up.create(Channel.FORM, form.title, by=by, settings=form.as_settings(), team_id=team_id)
    return Door(made, form)


@transaction.atomic
def change(channel_id: int, form: Form, *, by: Actor, team_id: int | None = None) -> Door:
    """Change what a form says; its own questions are changed one by one."""
    known = held(channel_id)
    form = _usable(replace(form, fields=known.form.fields))
    _refuse_taken(form.slug, but=channel_id)
    return _keep(known, form, by=by, team_id=team_id)


@transaction.atomic
def keep_field(channel_id: int, field: Field, *, by: Actor) -> Field:
    """Add a question (one without an id), or change it where it stands."""
    known = held(channel_id)
    field = _usable_field(replace(field, id=field.id or _new_id()), beside=known.form)
    others = known.form.fields
    is_known = any(each.id == field.id for each in others)
    fields = tuple(field if each.id == field.id else each for each in others) if is_known else (*others, field)
    if len(fields) > MOST_FIELDS:
        raise FieldOfFormNotUsable
    _keep(known, replace(known.form, fields=fields), by=by, team_id=known.channel.team_id)
    return field


@transaction.atomic
def ask(channel_id: int, fields: Sequence[Field], *, by: Actor) -> Door:
    """Ask exactly these questions, in this order; one with an id is the one that has it, whatever it says now."""
    known = held(channel_id)
    theirs = [field.id for field in fields if field.id]
    if len(fields) > MOST_FIELDS or len(set(theirs)) < len(theirs) or not all(map(known.form.field, theirs)):
        raise FieldOfFormNotUsable
    asked = replace(known.form, fields=())
    for field in fields:
        named = replace(field, id=field.id or _new_id())
        asked = replace(asked, fields=(*asked.fields, _usable_field(named, beside=asked)))
    return known if asked == known.form else _keep(known, asked, by=by, team_id=known.channel.team_id)


@transaction.atomic
def move_field(channel_id: int, field_id: str, *, by: Actor) -> None:
    """Let a question come one place earlier; the first stays first."""
    known = held(channel_id)
    fields = list(known.form.fields)
    place = next((place for place, each in enumerate(fields) if each.id == field_id), 0)
    if place:
        fields[place - 1], fields[place] = fields[place], fields[place - 1]
        _keep(known, replace(known.form, fields=tuple(fields)), by=by, team_id=known.channel.team_id)


@transaction.atomic
def remove_field(channel_id: int, field_id: str, *, by: Actor) -> None:
    """Ask a question no more; answers that were given stay with their conversations."""
    known = held(channel_id)
    left = tuple(each for each in known.form.fields if each.id != field_id)
    if len(left) < len(known.form.fields):
        _keep(known, replace(known.form, fields=left), by=by, team_id=known.channel.team_id)


def held(channel_id: int) -> Door:
    """Lock a form until the transaction ends."""
    Channel.objects.select_for_update(no_key=True).filter(pk=channel_id).first()
    found = forms.door(channel_id)
    if found is None:
        raise NoSuchForm
    return found


def _keep(known: Door, form: Form, *, by: Actor, team_id: int | None) -> Door:
    kept = setting_up.change(
        known.id, by=by, name=form.title, address="", settings=form.as_settings(), team_id=team_id
    )  # fmt: skip
    return Door(kept, form)


def _new_id() -> str:
    return f"q{secrets.token_hex(4)}"


def _usable(form: Form) -> Form:
    """The form as it can be kept; what cannot is refused with a sentence."""
    texts = (form.intro, form.thanks)
    if not _SLUG.fullmatch(form.slug) or not form.title.strip() or any(len(each) > LONGEST_TEXT for each in texts):
        raise FormNotUsable
    if form.name not in ASKED or form.subject not in ASKED or form.priority not in (1, 2, 3, 4):
        raise FormNotUsable
    if form.mailbox_id is not None and forms.mailbox(form.mailbox_id) is None:
        raise FormNotUsable
    sites = tuple(dict.fromkeys(site(each) for each in form.sites))
    if len(sites) > MOST_SITES:
        raise SiteNotUsable
    return replace(form, sites=sites)


def site(text: str) -> str:
    """A site as a frame policy names it: scheme, host and port, nothing that could end the policy's word."""
    said = text.strip().lower().rstrip("/")
    parts = urlsplit(said if "://" in said else f"https://{said}")
    try:
        port = f":{parts.port}" if parts.port else ""
    except ValueError as bad:
        raise SiteNotUsable from bad
    host = parts.hostname or ""
    is_plain = re.fullmatch(r"(?:\*\.)?[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*", host) and not parts.path
    if parts.scheme not in ("https", "http") or not is_plain or parts.query or parts.username or parts.fragment:
        raise SiteNotUsable
    return f"{parts.scheme}://{host}{port}"


def _usable_field(field: Field, *, beside: Form) -> Field:
    field = replace(
        field, label=" ".join(field.label.split()), key=" ".join(field.key.split()), help=" ".join(field.help.split()),
        choices=tuple(dict.fromkeys(word for each in field.choices if (word := " ".join(each.split())))),
    )  # fmt: skip
    names = {each.kept_as.casefold() for each in beside.fields if each.id != field.id}
    kept_as = field.kept_as[:LONGEST_KEY]
    is_fine = (
        field.kind in KINDS
        and 1 <= len(field.label) <= LONGEST_LABEL
        and len(field.key) <= LONGEST_KEY
        and len(field.help) <= LONGEST_HELP
        and "\x00" not in f"{field.label}{field.key}{field.help}"
        and kept_as.casefold() not in names
        and len(field.choices) <= MOST_CHOICES
        and all(len(each) <= LONGEST_LABEL for each in field.choices)
        and (bool(field.choices) or field.kind not in CHOOSING)
    )
    if not is_fine:
        raise FieldOfFormNotUsable
    return replace(field, choices=field.choices if field.kind in CHOOSING else ())


def _refuse_taken(slug: str, *, but: int | None) -> None:
    other = forms.door_of(slug)
    if other is not None and other.id != but:
        raise SlugTaken
