"""A field of the company's own in the search: `reason:damaged`, `weight:>5`, `bought:<2026-03-01`, `gift:yes`."""

from typing import Any, Final

from regulars.desk import field_values
from regulars.desk.errors import FieldValueNotUsable
from regulars.desk.models import FieldDefinition
from regulars.desk.selectors import fields
from regulars.desk.selectors.conditions import Tree
from regulars.desk.words import in_order
from regulars.kernel import page_settings

_NUMBER: Final = {">": "at least", "<": "at most", "": "equals"}
_MONEY: Final = {">": "costs at least", "<": "costs at most"}
_DATE: Final = {">": "after", "<": "before", "": "on"}


def tree(name: str, value: str) -> Tree | None:
    """What somebody asks of a field; None where no field is called so, or nothing of its kind is said."""
    row = fields.named(name)
    if row is None:
        return None
    if row.kind in field_values.WITH_CHOICES:
        keys = [key for key, label in row.labels.items() if key == value or _begins(label, value)]
        return _leaf(row, "in", keys) if keys else None
    if row.kind in (field_values.SHORT, field_values.LONG, field_values.LINK):
        return _leaf(row, "contains", value)
    sign = value[0] if value[:1] in ("<", ">") else ""
    try:
        meant = field_values.read(row, value.removeprefix(sign), currency=page_settings.value("currency"))
    except FieldValueNotUsable:
        return None
    return None if meant is None else _compared(row, sign, meant)


def _compared(row: FieldDefinition, sign: str, meant: Any) -> Tree | None:
    match row.kind:
        case field_values.NUMBER:
            return _leaf(row, _NUMBER[sign], meant)
        case field_values.MONEY if sign:
            return _leaf(row, _MONEY[sign], meant)
        case field_values.MONEY:
            return {"all": [_leaf(row, way, meant) for way in _MONEY.values()]}
        case field_values.DATE:
            return _leaf(row, _DATE[sign], meant)
        case field_values.YES_NO if not sign:
            return _leaf(row, "is so", meant)
    return None


def _leaf(row: FieldDefinition, way: str, value: Any) -> Tree:
    return {"field": f"custom:{row.key}", "is": way, "value": value}


def _begins(label: str, value: str) -> bool:
    folded, wanted = " ".join(in_order(label)), " ".join(in_order(value))
    return bool(wanted) and (folded.startswith(wanted) or f" {wanted}" in f" {folded}")
