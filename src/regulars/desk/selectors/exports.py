"""Exports that were asked for."""

from regulars.desk.models import Export

SHOWN = 20


def exports() -> list[Export]:
    """The latest first."""
    return list(Export.objects.order_by("-pk")[:SHOWN])


def export(export_id: int) -> Export | None:
    """One of them."""
    return Export.objects.filter(pk=export_id).first()
