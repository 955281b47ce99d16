"""Settling how dates and numbers are written: from the whole column, or by asking."""

from dataclasses import replace

from django.utils.translation import gettext as _

from regulars.customers.importing import fields
from regulars.customers.importing.checking import Progress
from regulars.customers.importing.errors import Unsure
from regulars.customers.importing.plans import Plan
from regulars.customers.importing.reading import Reader
from regulars.customers.importing.values import amounts, moments


def settle(
    reader: Reader,
    plan: Plan,
    *,
    date_order: str | None,
    decimal_mark: str | None,
    progress: Progress = lambda done, rows: None,
) -> Plan:
    """The plan with its date order and decimal mark; raises `Unsure` when the file leaves more than one.

    What a person said counts. A column that speaks for one order and in some rows against it is
    asked about too: those rows would be refused.
    """
    times = [column for name, column in plan.fields.items() if _holds(plan.kind, name) == fields.TIME]
    numbers = [column for name, column in plan.fields.items() if _holds(plan.kind, name) == fields.AMOUNT]
    wants_order, wants_mark = bool(times) and date_order is None, bool(numbers) and decimal_mark is None
    dates, marks = moments.Evidence(), amounts.Evidence()
    if wants_order or wants_mark:
        for batch in reader.batches():
            progress(batch.done, 0)
            for column in times if wants_order else ():
                dates += moments.evidence(batch.columns[column])
            for column in numbers if wants_mark else ():
                marks += amounts.evidence(batch.columns[column])
    order = date_order or dates.order
    if order is None:
        raise Unsure(_dates_sentence(dates), option="date_order", choices=moments.ORDERS[1:])
    mark = decimal_mark or marks.mark
    if mark is None:
        raise Unsure(_marks_sentence(marks), option="decimal_mark", choices=amounts.MARKS)
    return replace(plan, date_order=order, decimal_mark=mark)


def _holds(kind: str, name: str) -> str:
    found = fields.field_of(kind, name)
    return found.holds if found else ""


def _dates_sentence(dates: moments.Evidence) -> str:
    if dates.not_dmy and dates.not_mdy:
        return _(
            "The dates are mixed: some have the day first, some the month. “%(example)s” could be either."
            " Say which to keep; the rows of the other kind are left out, by line."
        ) % {"example": dates.example}
    return _("“%(example)s”: is the day first, or the month? No date in the file settles it.") % {
        "example": dates.example
    }


def _marks_sentence(marks: amounts.Evidence) -> str:
    if marks.point and marks.comma:
        return _("Some numbers are written with a decimal point, some with a comma. Which is right?")
    return _("“%(example)s”: is the mark a decimal mark, or does it set off thousands? No number settles it.") % {
        "example": marks.example
    }
