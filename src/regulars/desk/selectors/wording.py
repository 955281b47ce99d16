"""The words a desk has: labels to put on, macros to write with."""

from django.db.models import Q

from regulars.desk.models import Label, Macro
from regulars.desk.selectors.label_list import LABELS
from regulars.kernel.actors import Actor

MOST = 500


def labels() -> list[Label]:
    """Every label there is, by name."""
    return list(LABELS.now())


def macros(*, by: Actor) -> list[Macro]:
    """The macros this agent may use, by name: everybody's and their own."""
    return list(Macro.objects.filter(Q(agent=None) | Q(agent=by.id)).order_by("name", "pk")[:MOST])
