"""The words a desk has: labels to put on, macros to write with."""

from regulars.desk.models import Label

MOST = 500


def labels() -> list[Label]:
    """Every label there is, by name."""
    return list(Label.objects.order_by("name")[:MOST])
