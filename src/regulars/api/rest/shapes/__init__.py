"""How things look from outside."""

from regulars.api.rest.shapes.base import Address, Id, MaybeId, Named, Problem, Shape

__all__ = ["Address", "Id", "MaybeId", "Named", "Problem", "Shape"]
