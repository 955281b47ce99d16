"""What all shapes share: an example that a test holds against the shape itself, and how a row becomes one."""

from typing import Annotated, Any, ClassVar, Self

from ninja import Schema
from pydantic import Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

LARGEST_ID = 2**63 - 1

Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
MaybeId = Annotated[int | None, Field(ge=1, le=LARGEST_ID)]


class Shape(Schema):
    """How something looks from outside."""

    example: ClassVar[dict[str, Any]] = {}

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        described = handler(core_schema)
        if "example" in vars(cls):
            handler.resolve_ref_schema(described)["examples"] = [cls.example]
        return described

    @classmethod
    def of(cls, row: object) -> Self:
        """A row whose columns are called the same."""
        return cls.model_validate(row, from_attributes=True)


class Named(Shape):
    """Something that has a number and a name."""

    example = {"id": 3, "name": "Orders"}

    id: int
    name: str


class Problem(Shape):
    """Why a call was refused (RFC 9457). `code` never changes its meaning; `detail` is for people."""

    example = {
        "type": "about:blank",
        "status": 409,
        "code": "unseen-message",
        "detail": "A message or a note came that you have not seen. Nothing was sent: read it, then send yours.",
    }

    type: str
    status: int
    code: str
    detail: str
    errors: list["Wrong"] | None = None


class Wrong(Shape):
    """One part of a call that cannot be used, and why."""

    where: str
    what: str


class Address(Shape):
    """Somebody mail goes to or comes from."""

    example = {"name": "Ada Moreno", "address": "ada@example.com"}

    name: str = Field("", max_length=200)
    address: str = Field(max_length=254, pattern=r"^[^\s@<>,;\"\x00-\x1f]+@[^\s@<>,;\"\x00-\x1f]+$")
