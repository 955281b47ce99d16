"""What insights refuses, and why."""

from regulars.kernel.errors import Invalid


class NotACondition(Invalid):
    """This is not a condition: a property, how it is compared, and a value."""


class NothingYet(Invalid):
    """There are no such facts yet. Import a file or track a few, and ask again."""

    status = 404


class NotAQuestion(Invalid):
    """This cannot be asked; check the choices."""
