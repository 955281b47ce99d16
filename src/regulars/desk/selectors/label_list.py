"""The labels there are, as one text."""

import json
from typing import Final

from regulars.desk.models import Label
from regulars.kernel.looking import Part, Shared

MOST: Final = 500
_KEPT: Final = ("id", "name", "hue")
LABELS: Final = Part(
    "labels",
    f"SELECT coalesce(json_agg(json_build_array({', '.join(_KEPT)}) ORDER BY name), '[]')"
    f" FROM (SELECT * FROM desk_label ORDER BY name LIMIT {MOST}) AS label",
    lambda text: Shared(Label.from_db("default", _KEPT, row) for row in json.loads(text)),
)
