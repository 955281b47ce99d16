"""What is to be different in how the desk is set up. What a change leaves out stays as it is."""

from typing import Annotated, Any

from pydantic import Field

from regulars.api.rest.shapes.base import Id, Shape
from regulars.api.rest.shapes.setup import Deed, Hours, Policy, Target

Name = Annotated[str, Field(min_length=1, max_length=100)]
Conditions = Annotated[dict[str, Any], Field(description="A tree of `all`, `any`, `not` and single conditions.")]
Deeds = Annotated[list[Deed], Field(max_length=20)]
Ids = Annotated[list[Id], Field(max_length=500)]
Order = Annotated[str, Field(max_length=20, description="newest, oldest, waiting, due, priority, created or stake.")]


class NewView(Shape):
    """A way of looking at the inbox, the agent's own unless it is shared with everybody."""

    example = {
        "name": "Urgent", "conditions": {"field": "priority", "is": "in", "value": [1]}, "sort": "due",
        "is_shared": False,
    }  # fmt: skip

    name: Name
    conditions: Conditions
    sort: Order = "newest"
    is_shared: bool = False


class ChangedView(Shape):
    """A saved view with another name, other conditions, another order, or shared with everybody."""

    example = {"name": "Most urgent"}

    name: Name | None = None
    conditions: Conditions | None = None
    sort: Order | None = None
    is_shared: bool | None = None


class NewMacro(Shape):
    """A text, things to do, or both; everybody's, a team's, or the agent's own."""

    example = {
        "name": "Late parcel", "text": "Dear {{customer.first_name|customer}}, …", "is_note": False,
        "deeds": [{"deed": "label", "value": "Late"}], "team_id": None, "is_shared": True,
    }  # fmt: skip

    name: Name
    text: str = Field("", max_length=20_000)
    is_note: bool = False
    deeds: Deeds = []
    team_id: Id | None = None
    is_shared: bool = True


class ChangedMacro(Shape):
    """A macro that says or does something else."""

    example = {"text": "Hello {{customer.first_name|customer}}, …"}

    name: Name | None = None
    text: str | None = Field(None, max_length=20_000)
    is_note: bool | None = None
    deeds: Deeds | None = None
    team_id: Id | None = None
    is_shared: bool | None = None


class NewRule(Shape):
    """When one of these things happens where the conditions are met, these deeds are done."""

    example = {
        "name": "Late parcels", "triggers": ["started"],
        "conditions": {"all": [{"field": "subject", "is": "contains", "value": "late"}]},
        "deeds": [{"deed": "label", "value": "Late"}], "is_last": False,
    }  # fmt: skip

    name: Name
    triggers: list[str] = Field(min_length=1, max_length=20)
    conditions: Conditions
    deeds: Deeds
    is_last: bool = False


class ChangedRule(Shape):
    """A rule that does something else, or rests."""

    example = {"is_paused": True}

    name: Name | None = None
    triggers: list[str] | None = Field(None, min_length=1, max_length=20)
    conditions: Conditions | None = None
    deeds: Deeds | None = None
    is_last: bool | None = None
    is_paused: bool | None = None


class NewPolicy(Shape):
    """All hours and all targets, as they are to hold from now on.

    `version` is the one they were made from: when somebody kept another since, nothing is changed.
    """

    example = {**{name: said for name, said in Policy.example.items() if name != "since"}, "version": 0}

    version: int = Field(ge=0)
    usual_hours: str = Field("", max_length=100)
    warn_seconds: int = Field(1800, ge=0)
    hours: list[Hours] = Field(max_length=100)
    targets: list[Target] = Field(max_length=100)


class NewChoice(Shape):
    """One value a field may have; one that is left out is offered no more. Its key is made of its label."""

    label: str = Field(min_length=1, max_length=200)
    key: str = Field("", max_length=200)


class NewField(Shape):
    """A field of the company's own.

    `kind`: short text, long text, number, money, date, yes or no, choice, choices or link.
    """

    example = {
        "label": "Reason", "kind": "choice", "choices": [{"label": "Came late"}], "help": "", "is_required": False,
        "team_ids": [],
    }  # fmt: skip

    label: Name
    kind: str = Field(max_length=20)
    help: str = Field("", max_length=1000)
    choices: list[NewChoice] = Field([], max_length=500)
    is_required: bool = False
    team_ids: Ids = []


class ChangedField(Shape):
    """A field that is called or asked for otherwise, or no more. Its key and its kind stay."""

    example = {"is_required": True}

    label: Name | None = None
    help: str | None = Field(None, max_length=1000)
    choices: list[NewChoice] | None = Field(None, max_length=500)
    is_required: bool | None = None
    team_ids: Ids | None = None
    is_retired: bool | None = None
