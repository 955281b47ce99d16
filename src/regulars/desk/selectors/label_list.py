"""The labels there are, as one text, and which of them a word means."""

import json
from typing import Final

from django.db.models import F

from regulars.desk.models import Label
from regulars.kernel.looking import Part, Shared

MOST: Final = 500
_KEPT: Final = ("id", "name", "hue")
LABELS: Final = Part(
    "labels",
    f"SELECT coalesce(json_agg(json_build_array({', '.join(_KEPT)}) ORDER BY name), '[]')"
    f" FROM (SELECT * FROM desk_label WHERE joined_into_id IS NULL ORDER BY name LIMIT {MOST}) AS label",
    lambda text: Shared(Label.from_db("default", _KEPT, row) for row in json.loads(text)),
)


def named(word: str) -> Label | None:
    """The label of this name, whatever its case; else the one that the last label of this name was joined into."""
    rows = Label.objects.select_related("joined_into").filter(name__iexact=word)
    found = rows.order_by(F("joined_at").desc(nulls_first=True)).first()
    return (found.joined_into or found) if found else None


def every_name() -> list[Label]:
    """Every label, and once more under each name that was joined into it."""
    rows = Label.objects.order_by("name", "pk")
    return [Label(pk=row.joined_into_id or row.pk, name=row.name, hue=row.hue) for row in rows]
