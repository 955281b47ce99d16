"""Fields of the company's own: which there are, what a conversation has in them, and what it lacks.

Every reading is one small query and nothing is kept, so that every process agrees at once.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from regulars.desk import field_values
from regulars.desk.errors import NoSuchField
from regulars.desk.models import Conversation, FieldDefinition
from regulars.kernel.actors import Actor
from regulars.kernel.looking import Part

MOST: Final = 100
_KEPT: Final = ("id", "key", "label", "kind", "help", "choices", "is_required", "team_ids", "position", "retired_at")
DEFINED: Final = Part(
    "fields",
    f"SELECT coalesce(json_agg(json_build_array({', '.join(_KEPT)}) ORDER BY position, id), '[]')"
    f" FROM (SELECT * FROM desk_fielddefinition WHERE retired_at IS NULL ORDER BY position, id LIMIT {MOST}) AS field",
    lambda text: tuple(FieldDefinition.from_db("default", _KEPT, row) for row in json.loads(text)),
)
LOOKED_AT: Final = 2_000  # conversations, for details nobody defined
HELD_TO_IT: Final = frozenset({"agent", "key", "rule"})  # who must fill in what is required before resolving


@dataclass(frozen=True, slots=True)
class Line:
    """A field of one conversation with what is in it; `fits` is false for what is not of its kind."""

    definition: FieldDefinition
    value: Any

    @property
    def is_filled(self) -> bool:
        return field_values.is_filled(self.value)

    @property
    def fits(self) -> bool:
        return not self.is_filled or field_values.fits(self.definition, self.value)

    @property
    def text(self) -> str:
        return field_values.text_of(self.value)


@dataclass(frozen=True, slots=True)
class Noted:
    """All that is noted about a conversation: its fields, and other details under names nobody defined, or any more."""

    lines: tuple[Line, ...]
    others: tuple[tuple[str, Any], ...]


def defined() -> list[FieldDefinition]:
    """The fields there are now, in their order."""
    return list(DEFINED.now())


def every() -> list[FieldDefinition]:
    """Those that were retired too, last."""
    rows = list(FieldDefinition.objects.all()[: 10 * MOST])
    return sorted(rows, key=lambda row: (row.retired_at is not None, row.position, row.pk))


def definition(field_id: int) -> FieldDefinition:
    """One field, retired or not."""
    found = FieldDefinition.objects.filter(pk=field_id).first()
    if found is None:
        raise NoSuchField
    return found


def named(name: str, among: Iterable[FieldDefinition] | None = None) -> FieldDefinition | None:
    """The field somebody means: by its key, else by a name for programs made of its key or its label."""
    wanted = field_values.slug(name)
    rows = list(defined() if among is None else among)
    for meant in (lambda row: row.key == name, lambda row: wanted and wanted in handles(row)):
        found = next((row for row in rows if meant(row)), None)
        if found is not None:
            return found
    return None


def handle(row: FieldDefinition) -> str:
    """What a field is called in a search: a word without spaces."""
    return field_values.slug(row.key) or row.key.casefold().replace(" ", "_")


def handles(row: FieldDefinition) -> set[str]:
    """Whatever it may be called in a search."""
    return {handle(row), field_values.slug(row.label)} - {""}


def noted(conversation: Conversation, definitions: Sequence[FieldDefinition]) -> Noted:
    """What the details show: every field its team has or something is in, and whatever else lies there."""
    kept = conversation.fields
    asked = [row for row in definitions if row.is_asked_in(conversation.team_id) or row.key in kept]
    lines = tuple(Line(row, kept.get(row.key)) for row in asked)
    keys = {row.key for row in asked}
    others = tuple((key, value) for key, value in kept.items() if key not in keys and field_values.is_filled(value))
    return Noted(lines, others)


def missing(conversation: Conversation, *, by: Actor) -> list[FieldDefinition]:
    """What must be filled in before this actor may resolve it; one small query."""
    if by.kind not in HELD_TO_IT:
        return []
    required = FieldDefinition.objects.filter(retired_at=None, is_required=True)
    return [
        row
        for row in required
        if row.is_asked_in(conversation.team_id) and not field_values.is_filled(conversation.fields.get(row.key))
    ]


@dataclass(frozen=True, slots=True)
class Found:
    """A detail that conversations have under a name nobody defined, and what kind of field it looks like."""

    name: str
    kind: str
    examples: tuple[str, ...]

    @property
    def query(self) -> str:
        """What the form for a new field begins with, as an address carries it."""
        choices = self.examples if self.kind == field_values.CHOICE else ()
        label = self.name.replace("_", " ").strip()
        given = [("key", self.name), ("label", label[:1].upper() + label[1:]), ("kind", self.kind)]
        return urlencode([*given, *(("choice", each) for each in choices)])


def undefined(definitions: Iterable[FieldDefinition]) -> list[Found]:
    """Details without a definition among the newest conversations that have any, by name."""
    known = {row.key for row in definitions}
    rows = Conversation.objects.exclude(fields={}).order_by("-pk").values_list("fields", flat=True)[:LOOKED_AT]
    values: dict[str, list[Any]] = {}
    for kept in rows:
        for name, value in kept.items():
            if name not in known and field_values.is_filled(value):
                values.setdefault(name, []).append(value)
    return [_found(name, values[name]) for name in sorted(values)[:MOST]]


def _found(name: str, values: list[Any]) -> Found:
    texts = list(dict.fromkeys(field_values.text_of(value) for value in values))
    return Found(name, _guess(values, texts), tuple(text[:60] for text in texts[:12]))


def _guess(values: list[Any], texts: list[str]) -> str:
    """The narrowest kind that takes every value as it lies there; few words again and again are choices."""
    blank = FieldDefinition(label="", choices=[])
    for kind in (field_values.YES_NO, field_values.NUMBER, field_values.DATE, field_values.MONEY, field_values.LINK):
        blank.kind = kind
        if all(field_values.fits(blank, value) for value in values):
            return kind
    if any("\n" in text for text in texts):
        return field_values.LONG
    slugs = {field_values.slug(text) for text in texts}
    if all(text in slugs for text in texts) and len(texts) <= 12 and len(values) >= 3 * len(texts):
        return field_values.CHOICE
    return field_values.SHORT
