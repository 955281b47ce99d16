"""Reading imports."""

from regulars.customers.importing.errors import NoSuchImport
from regulars.customers.importing.models import Import

MOST_SHOWN = 50


def history(*, limit: int = MOST_SHOWN) -> list[Import]:
    """The latest imports first."""
    return list(Import.objects.order_by("-created_at", "-id")[:limit])


def imported(import_id: int) -> Import:
    """One import."""
    found = Import.objects.filter(pk=import_id).first()
    if found is None:
        raise NoSuchImport
    return found


def of_the_same_file(imported: Import, *, limit: int = 3) -> list[Import]:
    """Other imports of the very same file that brought something in or still do, the latest first."""
    same = Import.objects.filter(digest=imported.digest, kind=imported.kind, started_at__isnull=False)
    return list(same.exclude(pk=imported.pk).order_by("-created_at", "-id")[:limit])


def rejected_counts(imported: Import) -> dict[str, int]:
    """How many rows were refused for each reason: while checking, and while running."""
    counts: dict[str, int] = {}
    for found in (imported.counts.get("checked") or {}, imported.counts.get("rejected") or {}):
        for reason, count in found.items():
            counts[reason] = counts.get(reason, 0) + count
    return counts
