"""What imports keep about customers: rows of files, in reports and in what is shown before a start."""

from collections.abc import Sequence
from typing import Any

from regulars.customers.importing import places
from regulars.customers.importing.models import Import
from regulars.kernel import people


def export(ids: Sequence[int]) -> dict[str, Any]:
    """Nothing is kept by customer: what an import brought stands among facts and profiles."""
    return {}


def erase(ids: Sequence[int]) -> int:
    """Reports hold rows as files had them, and nobody can say whose they are: all of them go.

    Files still to be imported stay: their rows about the erased are refused when they run.
    """
    reports = list((places.root() / "reports").glob("*.csv"))
    for path in reports:
        path.unlink(missing_ok=True)
    ended = Import.objects.exclude(state__in=Import.OPEN).filter(found__has_key="guess")
    for imported in ended:
        imported.found.pop("guess")
        imported.save(update_fields=["found"])
    return len(reports) + len(ended)


people.register(people.Keeper("imports", (), export=export, erase=erase))
