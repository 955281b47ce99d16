"""Fields of the company's own are defined, changed, put in order and retired."""

from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction

from regulars.accounts import permission
from regulars.accounts import selectors as accounts
from regulars.desk import field_values
from regulars.desk.actions.conversations import one_line
from regulars.desk.errors import FieldKeyTaken, FieldNotUsable, NoSuchField, TooManyFields
from regulars.desk.models import FieldDefinition
from regulars.desk.selectors import fields
from regulars.kernel import clock
from regulars.kernel.actors import Actor

LONGEST_LABEL, LONGEST_KEY, LONGEST_HELP, MOST_CHOICES = 60, 60, 500, 200
NEVER_IN_A_KEY: Final = frozenset('=:"\\')  # they mean something where a key stands in a condition or a deed


@transaction.atomic
def define(
    label: str,
    kind: str,
    *,
    by: Actor,
    key: str = "",
    help: str = "",  # noqa: A002 - as the form calls it
    choices: Sequence[dict[str, Any]] = (),
    is_required: bool = False,
    team_ids: Sequence[int] = (),
) -> FieldDefinition:
    """Define a field. Without a key it gets one from its name; with that of an old detail it takes that up."""
    permission.require("manage_desk", by=by)
    if kind not in field_values.KINDS:
        raise FieldNotUsable
    rows = list(FieldDefinition.objects.select_for_update())
    if len(rows) >= fields.MOST:
        raise TooManyFields
    key = one_line(key) or _free_key(field_values.slug(label) or "field", rows)
    _refuse_key(key, rows)
    row = FieldDefinition(key=key, kind=kind, position=len(rows))
    _fill(row, label, help, choices, is_required, team_ids, by=by)
    row.save()
    return row


@transaction.atomic
def change(
    field_id: int,
    *,
    label: str,
    help: str,  # noqa: A002 - as the form calls it
    choices: Sequence[dict[str, Any]],
    is_required: bool,
    team_ids: Sequence[int],
    by: Actor,
) -> FieldDefinition:
    """Change all of a field but its key and its kind, by which the values are kept."""
    row = _held(field_id, by=by)
    _fill(row, label, help, choices, is_required, team_ids, by=by)
    row.save()
    return row


@transaction.atomic
def move(field_id: int, *, up: bool, by: Actor) -> None:
    """Put a field one place earlier or later; at the end nothing changes."""
    _held(field_id, by=by)
    rows = list(FieldDefinition.objects.select_for_update().filter(retired_at=None).order_by("position", "pk"))
    place = next((place for place, row in enumerate(rows) if row.pk == field_id), None)
    other = (place or 0) + (-1 if up else 1)
    if place is not None and 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    for position, row in enumerate(rows):
        row.position = position
    FieldDefinition.objects.bulk_update(rows, ["position"])


@transaction.atomic
def put_at(field_id: int, place: int, *, by: Actor) -> None:
    """Put a field at this place of those that are asked for, counted from 0; past the end it is the last."""
    held = _held(field_id, by=by)
    rows = list(FieldDefinition.objects.select_for_update().filter(retired_at=None).order_by("position", "pk"))
    if held not in rows:
        raise NoSuchField
    rows.remove(held)
    rows.insert(place, held)
    for position, row in enumerate(rows):
        row.position = position
    FieldDefinition.objects.bulk_update(rows, ["position"])


@transaction.atomic
def retire(field_id: int, *, is_retired: bool, by: Actor) -> FieldDefinition:
    """Ask for a field no more, or again; its values stay where they are."""
    row = _held(field_id, by=by)
    row.retired_at = clock.now() if is_retired else None
    row.changed_at, row.changed_by = clock.now(), str(by)
    row.save(update_fields=["retired_at", "changed_at", "changed_by"])
    return row


def _fill(
    row: FieldDefinition,
    label: str,
    help_text: str,
    choices: Sequence[dict[str, Any]],
    is_required: bool,
    team_ids: Sequence[int],
    *,
    by: Actor,
) -> None:
    row.label, row.help = one_line(label), help_text.replace("\x00", "").strip()
    if not 1 <= len(row.label) <= LONGEST_LABEL or len(row.help) > LONGEST_HELP:
        raise FieldNotUsable
    row.choices = _choices(choices, before=row.labels) if row.kind in field_values.WITH_CHOICES else []
    row.is_required = is_required
    row.team_ids = sorted({team_id for team_id in team_ids if accounts.is_team(team_id)})
    row.changed_at, row.changed_by = clock.now(), str(by)


def _choices(given: Sequence[dict[str, Any]], *, before: dict[str, str]) -> list[dict[str, Any]]:
    """In the order given. Those that were there keep their keys; one left out is retired, never forgotten."""
    kept: list[dict[str, Any]] = []
    for each in given:
        label = one_line(str(each.get("label", "")))
        if not label:
            continue
        key = each.get("key")
        if key not in before:
            key = _free(field_values.slug(label) or "choice", before, kept)
        kept.append({"key": key, "label": label, "is_retired": bool(each.get("is_retired"))})
    gone = [key for key in before if key not in {each["key"] for each in kept}]
    kept += [{"key": key, "label": before[key], "is_retired": True} for key in gone]
    labels = [each["label"].casefold() for each in kept if not each["is_retired"]]
    is_long = any(len(label) > LONGEST_LABEL for label in labels)
    if not labels or is_long or len(labels) != len(set(labels)) or len(kept) > MOST_CHOICES:
        raise FieldNotUsable
    return kept


def _free(word: str, before: dict[str, str], kept: Sequence[dict[str, Any]]) -> str:
    taken = {*before, *(each["key"] for each in kept)}
    return word if word not in taken else next(key for n in range(2, 10_000) if (key := f"{word}_{n}") not in taken)


def _free_key(word: str, rows: Sequence[FieldDefinition]) -> str:
    taken = {name for row in rows for name in (row.key, fields.handle(row))}
    return word if word not in taken else next(key for n in range(2, 10_000) if (key := f"{word}_{n}") not in taken)


def _refuse_key(key: str, rows: Sequence[FieldDefinition]) -> None:
    if not 1 <= len(key) <= LONGEST_KEY or NEVER_IN_A_KEY & set(key):
        raise FieldNotUsable
    if any(key == row.key or field_values.slug(key) == fields.handle(row) for row in rows):
        raise FieldKeyTaken


def _held(field_id: int, *, by: Actor) -> FieldDefinition:
    permission.require("manage_desk", by=by)
    row = FieldDefinition.objects.select_for_update().filter(pk=field_id).first()
    if row is None:
        raise NoSuchField
    return row
