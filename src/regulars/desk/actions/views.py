"""Saved views: one's own, and those shared with everybody."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max

from regulars.accounts import permission
from regulars.desk.errors import NoSuchSort, NoSuchView, TooManyViews, ViewNameNotUsable
from regulars.desk.models import View
from regulars.desk.selectors import conditions
from regulars.desk.selectors.conditions import Tree
from regulars.desk.selectors.sorting import SORTS
from regulars.desk.selectors.views import MOST_SAVED
from regulars.kernel import clock
from regulars.kernel.actors import Actor

LONGEST_NAME = 60


@transaction.atomic
def create(name: str, *, tree: Tree, by: Actor, sort: str = "newest", is_shared: bool = False) -> View:
    """Save a way of looking; for everybody only by whoever may set up the desk."""
    permission.require("manage_desk" if is_shared else "answer", by=by)
    agent_id = None if is_shared else by.id
    siblings = View.objects.filter(agent=agent_id)
    if siblings.count() >= MOST_SAVED // 2:
        raise TooManyViews
    view = View(agent_id=agent_id, created_at=clock.now(), created_by=str(by))
    view.position = (siblings.aggregate(last=Max("position"))["last"] or 0) + 1
    _fill(view, name=name, tree=tree, sort=sort)
    view.save()
    return view


@transaction.atomic
def change(view_id: int, *, name: str, tree: Tree, sort: str, by: Actor) -> View:
    """Give a view another name, other conditions, another order."""
    view = _held(view_id, by=by)
    _fill(view, name=name, tree=tree, sort=sort)
    view.save()
    return view


@transaction.atomic
def share(view_id: int, *, is_shared: bool, by: Actor) -> View:
    """Let everybody have it, or keep it to oneself again."""
    permission.require("manage_desk", by=by)
    view = _held(view_id, by=by)
    view.agent_id = None if is_shared else by.id
    view.save(update_fields=["agent"])
    return view


@transaction.atomic
def order(view_ids: Sequence[int], *, by: Actor) -> None:
    """Put views in this order; those that are not named keep their place behind."""
    for position, view_id in enumerate(view_ids, start=1):
        view = _held(view_id, by=by)
        view.position = position
        view.save(update_fields=["position"])


@transaction.atomic
def delete(view_id: int, *, by: Actor) -> str:
    """Throw a view away; the conversations in it stay as they are. Its name is told."""
    view = _held(view_id, by=by)
    view.delete()
    return view.name


def _fill(view: View, *, name: str, tree: Tree, sort: str) -> None:
    word = " ".join(name.replace("\x00", " ").split())
    if not 1 <= len(word) <= LONGEST_NAME:
        raise ViewNameNotUsable
    if sort not in SORTS:
        raise NoSuchSort
    conditions.check(tree)
    view.name, view.conditions, view.sort = word, tree, sort


def _held(view_id: int, *, by: Actor) -> View:
    """A colleague's own view is not there; a shared one is changed by whoever may set up the desk."""
    view = View.objects.select_for_update().filter(pk=view_id).first()
    if view is None or view.agent_id not in (None, by.id):
        raise NoSuchView
    permission.require("manage_desk" if view.agent_id is None else "answer", by=by)
    return view
