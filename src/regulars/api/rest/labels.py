"""A label of conversations is called otherwise, coloured otherwise, joined with another, or taken away."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from ninja import Router

from regulars.api.rest import answers
from regulars.api.rest.doors import CallingRequest, insist_on_an_agent
from regulars.api.rest.once import once
from regulars.api.rest.shapes import Id
from regulars.api.rest.shapes import labels as shapes
from regulars.desk.actions import label_changes, label_joining
from regulars.desk.selectors import label_uses

router = Router(tags=["directory"])


@router.get("/{label_id}", response=shapes.Label, operation_id="labels.read")
def label(request: CallingRequest, label_id: Id) -> HttpResponse:
    """One label, and how many conversations bear it."""
    return answers.one(request, _shown(label_uses.label(label_id)))


@router.patch("/{label_id}", response=shapes.Label, operation_id="labels.change")
@transaction.atomic
def change(request: CallingRequest, label_id: Id, new: shapes.ChangedLabel) -> HttpResponse:
    """Call a label otherwise, or colour it otherwise; rules, macros, forms, targets and skills follow its name."""
    answers.insist_on_unchanged(request, _shown(label_uses.label(label_id)))
    insist_on_an_agent(request)
    row = label_changes.change(label_id, name=new.name, hue=new.hue, by=request.actor)
    return answers.one(request, _shown(row))


@router.post("/{label_id}/joining", response=shapes.Label, operation_id="labels.join")
def join(request: CallingRequest, label_id: Id, new: shapes.Joining) -> HttpResponse:
    """Make one label of two; the answer is the one that stays, which the other’s name means from then on.

    Whatever names the other follows; many conversations follow within moments, and are counted at once. It cannot
    be taken back; a second time changes nothing.
    """
    insist_on_an_agent(request)
    pk = once(request, lambda: label_joining.begin(label_id, new.into_id, by=request.actor).pk)
    label_joining.move_few(label_id)
    return answers.one(request, _shown(label_uses.label(pk)))


@router.delete("/{label_id}", response={204: None}, operation_id="labels.remove")
def remove(request: CallingRequest, label_id: Id) -> HttpResponse:
    """Take a label off every conversation and away, for good. One a rule or a form puts on by itself stays."""
    insist_on_an_agent(request)
    label_changes.remove(label_id, by=request.actor)
    return HttpResponse(status=204)


def _shown(row: Any) -> shapes.Label:
    return shapes.Label(id=row.pk, name=row.name, hue=row.hue, conversations=label_uses.borne_by(row.pk))
