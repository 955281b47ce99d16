"""Web forms over the API, and the mailbox that lets customers into the portal.

A form is read and changed whole, its questions with it; who changes it is an agent who may set up the desk.
"""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.text import slugify
from ninja import Router

from regulars.accounts import selectors as accounts
from regulars.accounts.actions import company
from regulars.accounts.errors import NoSuchTeam
from regulars.api.rest import answers
from regulars.api.rest.answers import Cursor, Limit, Page
from regulars.api.rest.doors import CallingRequest, Door, insist_on_an_agent
from regulars.api.rest.once import once
from regulars.api.rest.shapes import Id
from regulars.api.rest.shapes import channels as shapes
from regulars.api.rest.shapes.conversations import PRIORITIES, PRIORITY_NAMES
from regulars.channels.actions import forms as doing
from regulars.channels.actions import pausing, setting_up
from regulars.channels.errors import NoSuchForm, NoSuchMailbox
from regulars.channels.selectors import forms as doors
from regulars.channels.webform.definitions import Field, Form
from regulars.desk.actions import portal_links

router = Router(tags=["channels"])
portal = Router(tags=["channels"])
COMPANY = Door("manage_settings")
# What is called otherwise from outside.
_NAMES = {"asks_name": "name", "asks_subject": "subject"}


@router.get("", response=Page[shapes.Form], operation_id="forms.list")
def index(request: CallingRequest, limit: Limit = 50, cursor: Cursor = "") -> HttpResponse:
    """Every form by name."""
    return answers.one(request, answers.listed(doors.doors(), _shown, limit=limit, after=cursor))


@router.post("", response={201: shapes.Form}, operation_id="forms.create")
def create(request: CallingRequest, new: shapes.NewForm) -> HttpResponse:
    """Make a form with its questions; it can be filled in at once."""
    insist_on_an_agent(request)

    def make() -> int:
        _insist_on_team(new.team_id)
        slug = new.slug.strip().lower() or slugify(new.title)[:60].strip("-")
        form = _with(Form(slug=slug, title=new.title), new, set(shapes.NewForm.model_fields) - {"slug"})
        made = doing.create(form, by=request.actor, team_id=new.team_id)
        return doing.ask(made.id, _fields(new.fields), by=request.actor).id

    pk = once(request, make)
    return answers.one(request, _shown(_door(pk)), status=201, location=f"/api/v1/forms/{pk}")


@router.get("/{form_id}", response=shapes.Form, operation_id="forms.read")
def read(request: CallingRequest, form_id: Id) -> HttpResponse:
    """One form."""
    return answers.one(request, _shown(_door(form_id)))


@router.patch("/{form_id}", response=shapes.Form, operation_id="forms.change")
@transaction.atomic
def change(request: CallingRequest, form_id: Id, new: shapes.ChangedForm) -> HttpResponse:
    """Change what a form says, asks and leads to; switch it off or on. What was answered before stays."""
    held = doing.held(form_id)
    answers.insist_on_unchanged(request, _shown(held))
    insist_on_an_agent(request)
    said = {name for name in new.model_fields_set if getattr(new, name) is not None or name == "mailbox_id"}
    team_id = new.team_id if "team_id" in new.model_fields_set else held.channel.team_id
    _insist_on_team(team_id)
    form = _with(held.form, new, said)
    if (form, team_id) != (held.form, held.channel.team_id):
        doing.change(form_id, form, by=request.actor, team_id=team_id)
    if new.fields is not None:
        doing.ask(form_id, _fields(new.fields), by=request.actor)
    if new.is_paused is not None:
        (pausing.pause if new.is_paused else pausing.resume)(form_id, by=request.actor)
    return answers.one(request, _shown(_door(form_id)))


@router.delete("/{form_id}", response={204: None}, operation_id="forms.archive")
def archive(request: CallingRequest, form_id: Id) -> HttpResponse:
    """Put a form away; its conversations stay."""
    insist_on_an_agent(request)
    setting_up.archive(_door(form_id).id, by=request.actor)
    return HttpResponse(status=204)


@portal.get("/portal", response=shapes.Portal, auth=COMPANY, operation_id="portal.read")
def entrance(request: CallingRequest) -> HttpResponse:
    """Where customers sign in, and which mailbox lets them."""
    box = portal_links.mailbox()
    url = settings.PUBLIC_URL + reverse("portal:sign_in")
    return answers.one(request, shapes.Portal(url=url, mailbox_id=box.pk if box else None))


@portal.put("/portal", response=shapes.Portal, auth=COMPANY, operation_id="portal.set_mailbox")
def choose(request: CallingRequest, new: shapes.NewPortal) -> HttpResponse:
    """Choose the mailbox that mails customers the link that lets them in, or none."""
    insist_on_an_agent(request)
    if new.mailbox_id is not None and doors.mailbox(new.mailbox_id) is None:
        raise NoSuchMailbox
    company.change({"portal_mailbox": str(new.mailbox_id or "")}, by=request.actor)
    return entrance(request)


def _with(form: Form, new: Any, said: set[str]) -> Form:
    """The form with what was said, but for its own questions."""
    given = {_NAMES.get(name, name): getattr(new, name) for name in said}
    own = {name: given[name] for name in given.keys() & Form.__dataclass_fields__.keys() - {"fields", "priority"}}
    if "priority" in given:
        own["priority"] = PRIORITIES[given["priority"]]
    if "sites" in own:
        own["sites"] = tuple(own["sites"])
    for name in own.keys() & {"title", "label"}:
        own[name] = " ".join(own[name].split())
    return Form(**{**{name: getattr(form, name) for name in Form.__dataclass_fields__}, **own})


def _fields(given: list[shapes.NewFormField]) -> list[Field]:
    return [Field(**{**one.model_dump(), "choices": tuple(one.choices)}) for one in given]


def _insist_on_team(team_id: int | None) -> None:
    if team_id is not None and not accounts.teams().filter(pk=team_id).exists():
        raise NoSuchTeam


def _door(form_id: int) -> doors.Door:
    found = doors.door(form_id)
    if found is None:
        raise NoSuchForm
    return found


def _shown(door: doors.Door) -> shapes.Form:
    form, row = door.form, door.channel
    said: dict[str, Any] = {
        "asks_name": form.name, "asks_subject": form.subject,
        "fields": [shapes.FormField.of(one) for one in form.fields],
        "priority": PRIORITY_NAMES[form.priority], "sites": list(form.sites),
    }  # fmt: skip
    return shapes.Form(
        id=door.id, slug=form.slug, url=settings.PUBLIC_URL + reverse("forms:show", args=[form.slug]),
        title=form.title, intro=form.intro, thanks=form.thanks, takes_files=form.takes_files,
        mailbox_id=form.mailbox_id, team_id=row.team_id, label=form.label, is_paused=door.is_off,
        created_at=row.created_at, **said,
    )  # fmt: skip
