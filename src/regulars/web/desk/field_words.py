"""Fields in words: what each kind is called, and what stands in a field as a person reads it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.desk import field_values
from regulars.kernel.money import Money

KINDS: Final[Mapping[str, str | Promise]] = {
    "short text": gettext_lazy("Short text"),
    "long text": gettext_lazy("Long text"),
    "number": gettext_lazy("Number"),
    "money": gettext_lazy("Amount of money"),
    "date": gettext_lazy("Day"),
    "yes or no": gettext_lazy("Yes or no"),
    "choice": gettext_lazy("One of several choices"),
    "choices": gettext_lazy("Several choices"),
    "link": gettext_lazy("Link"),
}
MEANINGS: Final[Mapping[str, str | Promise]] = {
    "short text": gettext_lazy("an order number, a model, a name"),
    "long text": gettext_lazy("more than a line"),
    "number": gettext_lazy("something one counts or measures"),
    "money": gettext_lazy("an amount in a currency"),
    "date": gettext_lazy("when it was bought, or will be back"),
    "yes or no": gettext_lazy("whether something is so"),
    "choice": gettext_lazy("a reason, a product, a cause: good for rules and figures"),
    "choices": gettext_lazy("several at once"),
    "link": gettext_lazy("a page elsewhere"),
}


def shown(definition: Any, value: Any) -> str:
    """What stands in a field, as it is read; what is not of its kind stands as it is. Never raises."""
    if not field_values.is_filled(value):
        return ""
    if not field_values.fits(definition, value):
        return field_values.text_of(value)
    match definition.kind, value:
        case "date", str():
            return date_format(date.fromisoformat(value), "DATE_FORMAT")
        case "yes or no", bool():
            return _("yes") if value else _("no")
        case "number", int() | float():
            return number_format(value, use_l10n=True, force_grouping=True)
        case "money", {"minor": int(minor), "currency": str(currency)}:
            return str(Money(minor, currency))
        case "choice", str():
            return str(definition.labels[value])
        case "choices", [*keys]:
            return ", ".join(str(definition.labels[key]) for key in keys)
    return field_values.text_of(value)
