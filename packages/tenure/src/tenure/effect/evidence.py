"""How strong the evidence is, in three named levels that are never mixed."""

from __future__ import annotations

from typing import Final, Literal

Evidence = Literal["described", "adjusted", "randomised"]
EVIDENCE: Final[dict[Evidence, str]] = {
    "described": "the groups differ; why is not known",
    "adjusted": "like was compared with like as far as was recorded; something unrecorded may still explain it",
    "randomised": "chance decided who was treated, so the difference is the treatment's doing",
}
