"""Labels of conversations, as they look from outside."""

from pydantic import Field

from regulars.api.rest.shapes.base import Id, Shape


class Label(Shape):
    """A word put on conversations, its colour (a hue in degrees), and how many conversations bear it."""

    example = {"id": 3, "name": "Late", "hue": 30, "conversations": 41}

    id: int
    name: str
    hue: int
    conversations: int


class ChangedLabel(Shape):
    """What is to be different about a label."""

    example = {"name": "Too late"}

    name: str | None = Field(None, min_length=1, max_length=60)
    hue: int | None = Field(None, ge=0, lt=360)


class Joining(Shape):
    """Into which label one is joined."""

    example = {"into_id": 4}

    into_id: Id
