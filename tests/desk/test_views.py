"""Saved views: one's own and shared ones, and who may change them."""

from typing import Any

import pytest

from regulars.accounts.models import Agent
from regulars.desk.actions import views
from regulars.desk.errors import (
    ConditionNotUsable,
    NoSuchSort,
    NoSuchView,
    TooManyConditions,
    TooManyViews,
    ViewNameNotUsable,
)
from regulars.desk.models import View
from regulars.desk.selectors.views import saved, views_of
from regulars.kernel.errors import NotAllowed
from tests.desk.cast import make_agent

pytestmark = pytest.mark.django_db

URGENT = {"field": "priority", "is": "in", "value": [1]}


@pytest.fixture
def head() -> Agent:
    """Lea leads the desk."""
    return make_agent("Lea", role="manager")


def test_ones_own_view_is_nobody_elses(ines: Agent, bo: Agent) -> None:
    view = views.create("  Urgent \n mine ", tree=URGENT, sort="waiting", by=ines.actor)
    assert (view.name, view.conditions, view.sort, view.agent_id) == ("Urgent mine", URGENT, "waiting", ines.pk)
    assert [each.name for each in saved(ines.actor)] == ["Urgent mine"]
    assert list(saved(bo.actor)) == []
    assert views_of(ines.actor).find(f"view-{view.pk}").wanted().conditions == URGENT
    for refused in (
        lambda: views.change(view.pk, name="Mine now", tree={}, sort="newest", by=bo.actor),
        lambda: views.delete(view.pk, by=bo.actor),
        lambda: views_of(bo.actor).find(f"view-{view.pk}"),
    ):
        with pytest.raises(NoSuchView):
            refused()
    view.refresh_from_db()
    assert view.name == "Urgent mine"


def test_only_who_sets_up_the_desk_shares(ines: Agent, bo: Agent, head: Agent) -> None:
    with pytest.raises(NotAllowed):
        views.create("Urgent", tree=URGENT, is_shared=True, by=ines.actor)
    assert not View.objects.exists()
    shared = views.create("Urgent", tree=URGENT, is_shared=True, by=head.actor)
    assert [each.pk for each in saved(bo.actor)] == [shared.pk]
    with pytest.raises(NotAllowed):
        views.delete(shared.pk, by=ines.actor)
    own = views.create("Late", tree={}, by=head.actor)
    views.share(own.pk, is_shared=True, by=head.actor)
    assert [each.name for each in saved(ines.actor)] == ["Urgent", "Late"]
    views.share(own.pk, is_shared=False, by=head.actor)
    assert [each.name for each in saved(ines.actor)] == ["Urgent"]


def test_an_analyst_saves_nothing() -> None:
    with pytest.raises(NotAllowed):
        views.create("Mine", tree={}, by=make_agent("Kim", role="analyst").actor)


def test_views_are_put_in_order_renamed_and_thrown_away(ines: Agent) -> None:
    one, two, three = (views.create(name, tree={}, by=ines.actor) for name in ("One", "Two", "Three"))
    views.order([three.pk, one.pk, two.pk], by=ines.actor)
    assert [each.name for each in saved(ines.actor)] == ["Three", "One", "Two"]
    views.change(one.pk, name="First", tree=URGENT, sort="due", by=ines.actor)
    assert views.delete(two.pk, by=ines.actor) == "Two"
    assert [(each.name, each.sort) for each in saved(ines.actor)] == [("Three", "newest"), ("First", "due")]


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"name": " "}, ViewNameNotUsable),
        ({"name": "x" * 61}, ViewNameNotUsable),
        ({"sort": "sideways"}, NoSuchSort),
        ({"tree": {"field": "colour", "is": "in", "value": ["red"]}}, ConditionNotUsable),
        ({"tree": {"all": [{}] * 200}}, TooManyConditions),
    ],
)
def test_what_cannot_be_used_is_not_kept(ines: Agent, given: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        views.create(**{"name": "View", "tree": {}, "by": ines.actor} | given)
    assert not View.objects.exists()


def test_there_can_be_fifty(ines: Agent) -> None:
    for number in range(50):
        views.create(f"View {number}", tree={}, by=ines.actor)
    with pytest.raises(TooManyViews):
        views.create("One more", tree={}, by=ines.actor)
    assert View.objects.count() == 50
