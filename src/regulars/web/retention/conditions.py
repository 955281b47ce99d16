"""Up to four conditions on the facts of one side of the question: on what begins, and on what counts as coming back."""

from collections.abc import Iterator
from typing import Any, Final, Literal, get_args

from django import forms
from django.utils.translation import gettext_lazy as _

from regulars.insights.definitions import OPERATORS, Condition, Several
from regulars.insights.errors import NotACondition

Side = Literal["begin", "back"]
SIDES: tuple[Side, ...] = get_args(Side)
MORE: Final = (2, 3, 4)  # conditions there is room for beside the first
OPERATOR_NAMES: Final = {"is": _("is"), "is not": _("is not"), "at least": _("is at least"), "at most": _("is at most")}

_ENDS: Final = ("", *(f"_{number}" for number in MORE))
_PARTS: Final = ("property", "operator", "value")
# The address of a shared link says `joined` for what begins, which was there first.
_JOINED: Final[dict[Side, str]] = {"begin": "joined", "back": "back_joined"}
_LABELS: Final = {"begin": _("What begins, only where"), "back": _("Coming back, only where")}


def blanks() -> dict[str, forms.Field]:
    """The fields of both sides, by their names in the address."""
    named: dict[str, forms.Field] = {}
    for side in SIDES:
        named[_JOINED[side]] = forms.ChoiceField(
            label=_("Conditions"), required=False, choices=[("and", _("and")), ("or", _("or"))]
        )
        for end in _ENDS:
            named[f"{side}_property{end}"] = forms.CharField(label=_LABELS[side], required=False, max_length=200)
            named[f"{side}_operator{end}"] = forms.ChoiceField(
                label=_("How compared"), required=False, choices=[(each, OPERATOR_NAMES[each]) for each in OPERATORS]
            )
            named[f"{side}_value{end}"] = forms.CharField(label=_("Value"), required=False, max_length=200)
    return named


class Shown:
    """One side's blanks, as the page draws them."""

    def __init__(self, form: forms.Form, side: Side) -> None:
        self._rows = [[form[f"{side}_{part}{end}"] for part in _PARTS] for end in _ENDS]
        self.joined = form[_JOINED[side]]

    @property
    def first(self) -> list[forms.BoundField]:
        return self._rows[0]

    @property
    def further(self) -> list[list[forms.BoundField]]:
        """The blanks of each condition beside the first."""
        return self._rows[1:]

    @property
    def are_filled(self) -> bool:
        return bool(self.first[0].value()) or self.are_further_filled

    @property
    def are_further_filled(self) -> bool:
        return any(row[0].value() for row in self.further)


def read(form: forms.Form, said: dict[str, Any], side: Side) -> Condition | Several | None:
    """What the side is narrowed to; a blank that cannot be read is said on the form."""
    found = tuple(_read_all(form, said, side))
    if len(found) < 2:
        return found[0] if found else None
    return Several(said.get(_JOINED[side]) or "and", found)


def _read_all(form: forms.Form, said: dict[str, Any], side: Side) -> Iterator[Condition]:
    for end in _ENDS:
        name, operator, value = (said.get(f"{side}_{part}{end}") or "" for part in _PARTS)
        if not name.strip():
            continue
        try:
            yield Condition(name.strip(), operator or "is", value.strip())  # type: ignore[arg-type]  # checked by the condition
        except NotACondition as refused:
            form.add_error(f"{side}_value{end}", str(refused))
